import { ZeroAddress, type Interface, type Log } from "ethers";
import type { MarketWindow } from "@ftns/model";
import type { Economy } from "./economy.ts";
import { actingContracts, actOf, type Act } from "./keeperActs.ts";

/** What went in and out of one address since launch, by Transfer events. */
export interface Account {
  received: bigint;
  /** For contributions. */
  rewards: bigint;
  /** For a stake. */
  yield: bigint;
  /** For a keeper's work. */
  pay: bigint;
  /** Principal that went to the staking vault, less what came back and what was charged on its way out. */
  staked: bigint;
  sent: bigint;
  /** Demurrage that has been settled. */
  fees: bigint;
  /** The same of what was on its way out of the vault. */
  exitFees: bigint;
  proofs: number;
  transfersOut: number;
}

/** Units of one wFTNS, which has 24 decimals. */
export const ONE_WFTNS = 10n ** 24n;

/** Like Account, for wFTNS, valued in FTNS at the share price of the day. */
export interface WrappedAccount {
  shares: bigint;
  received: bigint;
  sent: bigint;
}

export interface AdjustmentEvent {
  readonly day: number;
  readonly factor: bigint;
  readonly velocity: bigint;
  readonly volatility: bigint;
  readonly damping: bigint;
  readonly multiplier: bigint;
  /** What the policies looked at. */
  readonly window: MarketWindow;
}

/** What the events of the staking vault and of the pool say about one staker. */
export interface StakeAccount {
  /** Put in, and taken out again. */
  staked: bigint;
  withdrawn: bigint;
  /** Asked for and not withdrawn, less the demurrage that was written down. */
  pending: bigint;
  /** Demurrage written down of what was on its way out. */
  exitFees: bigint;
  /** Paid for the part that contribution covers, out of the pool's funds, and newly minted. */
  fromFunds: bigint;
  minted: bigint;
  /** Paid for the rest: out of the pool's funds alone. */
  recycled: bigint;
  claims: number;
  /** When a withdrawal was first asked for (block); undefined = never. */
  requestedInBlock: number | undefined;
}

/** Demurrage rules as one `ParametersChanged` event sets them (WAD). */
export interface RulesEvent {
  /** Days since launch. */
  readonly fromDay: number;
  readonly monthlyRate: readonly bigint[];
  readonly tierModifier: readonly bigint[];
  readonly monthlyCap: bigint;
}

/** An event's window in the model's form. */
const windowOf = ({ day, daysSinceLaunch, multiplier, averageMonthBefore, dailyAverages }: MarketWindow): MarketWindow => ({
  day,
  daysSinceLaunch,
  multiplier,
  averageMonthBefore,
  dailyAverages: [...dailyAverages],
});

/** What the pool pays for. */
type Income = "rewards" | "yield" | "pay";

/** Reads every event of the economy once, in order, and adds it up. It asks no contract for totals: it is the other side of
 * the checks. */
export class Ledger {
  readonly accounts = new Map<string, Account>();
  readonly wrapped = new Map<string, WrappedAccount>();
  readonly adjustments: AdjustmentEvent[] = [];
  readonly stakes = new Map<string, StakeAccount>();
  readonly rules: RulesEvent[] = [];
  /** Days since launch whose boundary charges nothing because transfers were halted then. */
  readonly frozenDays = new Set<number>();
  /** Transactions that ended a halt before its time. */
  haltsEnded = 0;
  minted = 0n;
  burned = 0n;
  /** Demurrage that reached the reward pool. */
  feesSettled = 0n;
  /** Part of it that came from the vault: of what was on its way out. */
  exitFees = 0n;
  rewardsFromFunds = 0n;
  rewardsMinted = 0n;
  /** Claimable: rewards that did not fit on their day. */
  rewardsDeferred = 0n;
  yieldFromFunds = 0n;
  yieldMinted = 0n;
  /** Out of the pool's funds, to keepers. */
  keeperPay = 0n;
  claimsPaid = 0n;
  /** What the staking vault holds, by Transfer events. */
  vaultBalance = 0n;
  priceRecords = 0;
  priceRounds = 0;
  /** Transactions that pulled a trigger, carried out a motion, or queued or executed a proposal. */
  readonly acts: { readonly act: Act; readonly transaction: string }[] = [];
  readonly #economy: Economy;
  #nextBlock: number;

  constructor(economy: Economy, fromBlock: number) {
    this.#economy = economy;
    this.#nextBlock = fromBlock;
  }

  account(address: string): Account {
    let account = this.accounts.get(address);
    if (account === undefined) {
      account = {
        received: 0n,
        rewards: 0n,
        yield: 0n,
        pay: 0n,
        staked: 0n,
        sent: 0n,
        fees: 0n,
        exitFees: 0n,
        proofs: 0,
        transfersOut: 0,
      };
      this.accounts.set(address, account);
    }
    return account;
  }

  wrappedAccount(address: string): WrappedAccount {
    let account = this.wrapped.get(address);
    if (account === undefined) {
      account = { shares: 0n, received: 0n, sent: 0n };
      this.wrapped.set(address, account);
    }
    return account;
  }

  stakeAccount(address: string): StakeAccount {
    let account = this.stakes.get(address);
    if (account === undefined) {
      account = {
        staked: 0n,
        withdrawn: 0n,
        pending: 0n,
        exitFees: 0n,
        fromFunds: 0n,
        minted: 0n,
        recycled: 0n,
        claims: 0,
        requestedInBlock: undefined,
      };
      this.stakes.set(address, account);
    }
    return account;
  }

  /** Reads on to the latest block. `sharePrice` (FTNS for one wFTNS, WAD) is that of the day just past. */
  async readOn(sharePrice: bigint): Promise<void> {
    const { provider, token, wrapped, rewardPool, registry, controller, history, feed, vault } = this.#economy;
    const latest = Number(await provider.send("eth_blockNumber", []));
    if (latest < this.#nextBlock) return;
    const { addresses: at } = this.#economy;
    const byAddress = new Map<string, Interface>([
      [at.token, token.interface],
      [at.wrapped, wrapped.interface],
      [at.rewardPool, rewardPool.interface],
      [at.registry, registry.interface],
      [at.controller, controller.interface],
      [at.history, history.interface],
      [at.feed, feed.interface],
      [at.vault, vault.interface],
      ...actingContracts(this.#economy),
    ]);
    const logs = await provider.getLogs({ address: [...byAddress.keys()], fromBlock: this.#nextBlock, toBlock: latest });
    this.#nextBlock = latest + 1;
    const parsed = logs.map((log) => byAddress.get(log.address)?.parseLog(log));
    // What the pool pays in a transaction that pays yield is yield, whatever the event says of its amount; and so on.
    const paying = new Map<string, Income>();
    logs.forEach((log, i) => {
      if (parsed[i]?.name === "YieldPaid") paying.set(log.transactionHash, "yield");
      if (parsed[i]?.name === "KeeperPaid") paying.set(log.transactionHash, "pay");
    });
    logs.forEach((log, i) => {
      const event = parsed[i];
      if (event == null) return;
      const act = actOf(event);
      if (act !== undefined) this.acts.push({ act, transaction: log.transactionHash });
      else this.#count(log, event.name, event.args, sharePrice, paying.get(log.transactionHash) ?? "rewards");
    });
  }

  #count(log: Log, name: string, args: Record<string, unknown>, sharePrice: bigint, income: Income): void {
    const { addresses, launchDay } = this.#economy;
    if (name === "Transfer" && log.address === addresses.token) {
      this.#countTransfer(args["from"] as string, args["to"] as string, args["value"] as bigint, income);
    } else if (name === "Transfer" && log.address === addresses.wrapped) {
      this.#countShares(args["from"] as string, args["to"] as string, args["value"] as bigint, sharePrice);
    } else if (name === "RewardPaid") {
      this.rewardsFromFunds += args["fromFunds"] as bigint;
      this.rewardsMinted += args["minted"] as bigint;
      this.rewardsDeferred += args["deferred"] as bigint;
    } else if (name === "Claimed") {
      this.claimsPaid += (args["fromFunds"] as bigint) + (args["minted"] as bigint);
      this.rewardsFromFunds += args["fromFunds"] as bigint;
      this.rewardsMinted += args["minted"] as bigint;
      this.rewardsDeferred -= (args["fromFunds"] as bigint) + (args["minted"] as bigint);
    } else if (name === "Vested") {
      this.rewardsDeferred += args["amount"] as bigint;
    } else if (name === "ClaimableCancelled") {
      this.rewardsDeferred -= args["cancelled"] as bigint;
    } else if (name === "YieldPaid") {
      const account = this.stakeAccount(args["account"] as string);
      const [fromFunds, minted, recycled] = [args["fromFunds"], args["minted"], args["recycled"]] as [bigint, bigint, bigint];
      account.fromFunds += fromFunds;
      account.minted += minted;
      account.recycled += recycled;
      account.claims += 1;
      this.yieldFromFunds += fromFunds + recycled;
      this.yieldMinted += minted;
    } else if (name === "KeeperPaid") {
      this.keeperPay += args["paid"] as bigint;
    } else if (name === "Staked") {
      this.stakeAccount(args["account"] as string).staked += args["amount"] as bigint;
    } else if (name === "Withdrawn") {
      const account = this.stakeAccount(args["account"] as string);
      account.withdrawn += args["amount"] as bigint;
      account.pending -= args["amount"] as bigint;
    } else if (name === "UnstakeRequested") {
      const account = this.stakeAccount(args["account"] as string);
      account.pending += args["amount"] as bigint;
      account.requestedInBlock ??= log.blockNumber;
    } else if (name === "UnstakeCancelled") {
      this.stakeAccount(args["account"] as string).pending -= args["amount"] as bigint;
    } else if (name === "ExitCharged") {
      const [who, fee] = [args["account"] as string, args["fee"] as bigint];
      this.stakeAccount(who).exitFees += fee;
      this.stakeAccount(who).pending -= fee;
      this.account(who).exitFees += fee;
      this.account(who).staked -= fee;
    } else if (name === "Halted") {
      for (let day = Number(args["fromDay"]); day <= Number(args["throughDay"]); day++) this.frozenDays.add(day - launchDay);
    } else if (name === "HaltEnded") {
      this.haltsEnded += 1;
    } else if (name === "ParametersChanged") {
      const { monthlyRate, tierModifier, monthlyCap } = args["parameters"] as Omit<RulesEvent, "fromDay">;
      const fromDay = Number(args["fromDay"]) - launchDay;
      this.rules.push({ fromDay, monthlyRate: [...monthlyRate], tierModifier: [...tierModifier], monthlyCap });
    } else if (name === "ContributionAccepted") {
      this.account(args["contributor"] as string).proofs += 1;
    } else if (name === "Adjusted") {
      const decision = args["decision"] as { velocity: bigint; volatility: bigint; damping: bigint };
      this.adjustments.push({
        day: Number(args["day"]) - this.#economy.launchDay,
        factor: args["factor"] as bigint,
        velocity: decision.velocity,
        volatility: decision.volatility,
        damping: decision.damping,
        multiplier: args["newMultiplier"] as bigint,
        window: windowOf(args["window"] as MarketWindow),
      });
    } else if (name === "PriceRecorded") this.priceRecords += 1;
    else if (name === "RoundUpdated") this.priceRounds += 1;
  }

  /** Nobody in the demo pays the pool of their own will, so what an account sends there is demurrage. */
  #countTransfer(from: string, to: string, value: bigint, income: Income): void {
    const { rewardPool, vault } = this.#economy.addresses;
    const reward = from === rewardPool || from === ZeroAddress;
    if (from === ZeroAddress) this.minted += value;
    if (to === ZeroAddress) this.burned += value;
    if (to === rewardPool && !reward) {
      this.feesSettled += value;
      if (from === vault) {
        this.exitFees += value;
        this.vaultBalance -= value;
      } else this.account(from).fees += value;
      return;
    }
    if (to === vault) this.account(from).staked += value;
    else if (from === vault) this.account(to).staked -= value;
    if (to === vault || from === vault) {
      this.account(vault);
      this.vaultBalance += to === vault ? value : -value;
      return;
    }
    if (from !== ZeroAddress) {
      this.account(from).sent += value;
      this.account(from).transfersOut += 1;
    }
    if (to !== ZeroAddress) this.account(to)[reward ? income : "received"] += value;
  }

  #countShares(from: string, to: string, shares: bigint, sharePrice: bigint): void {
    const value = (shares * sharePrice) / ONE_WFTNS;
    if (from !== ZeroAddress) {
      const account = this.wrappedAccount(from);
      account.shares -= shares;
      account.sent += value;
    }
    if (to !== ZeroAddress) {
      const account = this.wrappedAccount(to);
      account.shares += shares;
      account.received += value;
    }
  }
}
