import { TIERS } from "./tiers.ts";
import type { Economy } from "./economy.ts";
import { ONE_WFTNS, type Ledger } from "./ledger.ts";
import type { TierName } from "../report/types.ts";

/** One account just after a day boundary, as the token's `accountOf` tells it. */
export interface Sample {
  readonly balance: bigint;
  /** Demurrage since launch, settled or not. */
  readonly fees: bigint;
  readonly activity: bigint;
  /** WAD; the largest uint256 when the balance is zero. */
  readonly velocity: bigint;
  readonly band: number;
  readonly tier: TierName;
  readonly monthlyRate: bigint;
  /** The boundary took the balance not below this, because of grace; 0 = no grace ran. */
  readonly allowance: bigint;
  /** Days since launch; the first day without it, when a grace runs. */
  readonly graceUntil: number | undefined;
  /** The boundary charged nothing because transfers were halted. */
  readonly frozen: boolean;
  /** In the staking vault, earning or on its way out. */
  readonly staked: bigint;
}

/** What one wFTNS is worth just after a day boundary (FTNS, WAD). Shares have 24 decimals. */
export interface ShareSample {
  readonly price: bigint;
  readonly shares: ReadonlyMap<string, bigint>;
}

/** Keeps a sample of every account of interest at launch and just after each boundary; index = days since launch. */
export class History {
  readonly samples = new Map<string, Sample[]>();
  readonly shares: ShareSample[] = [];
  readonly #economy: Economy;
  readonly #ledger: Ledger;

  constructor(economy: Economy, ledger: Ledger, addresses: readonly string[]) {
    this.#economy = economy;
    this.#ledger = ledger;
    for (const address of addresses) this.samples.set(address, []);
  }

  of(address: string): readonly Sample[] {
    const samples = this.samples.get(address);
    if (samples === undefined) throw new Error(`No history is kept of ${address}`);
    return samples;
  }

  /** FTNS for one wFTNS now (WAD); 1 while nobody has wrapped. */
  async sharePrice(): Promise<bigint> {
    return this.#economy.wrapped.convertToAssets(ONE_WFTNS);
  }

  /** Takes one sample of everyone. `day` is the days since launch; the ledger must be read up to here. */
  async take(day: number): Promise<void> {
    const views = await Promise.all([...this.samples.keys()].map((address) => this.#sample(address, day)));
    [...this.samples.values()].forEach((samples, i) => samples.push(views[i]!));
    const shares = new Map([...this.#ledger.wrapped].map(([address, account]) => [address, account.shares]));
    this.shares.push({ price: await this.sharePrice(), shares });
  }

  async #sample(address: string, day: number): Promise<Sample> {
    const view = await this.#economy.token.accountOf(address);
    const graceDay = Number(view.graceUntil) - this.#economy.launchDay;
    const hasGrace = view.graceUntil > 0n && graceDay > 0;
    return {
      balance: view.balance,
      fees: this.#ledger.account(address).fees + view.dueFee,
      activity: view.activity,
      velocity: view.velocity,
      band: Number(view.band),
      tier: TIERS[Number(view.tier)]!,
      monthlyRate: view.monthlyRate,
      allowance: hasGrace && graceDay > day ? this.#economy.graceAllowance : 0n,
      graceUntil: hasGrace ? graceDay : undefined,
      frozen: this.#ledger.frozenDays.has(day),
      staked: this.#ledger.account(address).staked,
    };
  }
}
