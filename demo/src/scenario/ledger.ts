import { ZeroAddress, type Interface, type Log } from "ethers";
import type { Economy } from "./economy.ts";

/** What went in and out of one address since launch, by Transfer events. */
export interface Account {
  received: bigint;
  rewards: bigint;
  sent: bigint;
  /** Demurrage that has been settled. */
  fees: bigint;
  proofs: number;
  transfersOut: number;
}

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
}

const WAD = 10n ** 18n;

/** Reads every event of the economy once, in order, and adds it up. It asks no contract for totals: it is the other side of
 * the checks. */
export class Ledger {
  readonly accounts = new Map<string, Account>();
  readonly wrapped = new Map<string, WrappedAccount>();
  readonly adjustments: AdjustmentEvent[] = [];
  minted = 0n;
  burned = 0n;
  /** Demurrage that reached the reward pool. */
  feesSettled = 0n;
  rewardsFromFunds = 0n;
  rewardsMinted = 0n;
  rewardsDeferred = 0n;
  claimsPaid = 0n;
  priceRecords = 0;
  priceRounds = 0;
  readonly #economy: Economy;
  #nextBlock: number;

  constructor(economy: Economy, fromBlock: number) {
    this.#economy = economy;
    this.#nextBlock = fromBlock;
  }

  account(address: string): Account {
    let account = this.accounts.get(address);
    if (account === undefined) {
      account = { received: 0n, rewards: 0n, sent: 0n, fees: 0n, proofs: 0, transfersOut: 0 };
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

  /** Reads on to the latest block. `sharePrice` (FTNS for one wFTNS, WAD) is that of the day just past. */
  async readOn(sharePrice: bigint): Promise<void> {
    const { provider, token, wrapped, rewardPool, registry, controller, history, feed } = this.#economy;
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
    ]);
    const logs = await provider.getLogs({ address: [...byAddress.keys()], fromBlock: this.#nextBlock, toBlock: latest });
    this.#nextBlock = latest + 1;
    for (const log of logs) {
      const parsed = byAddress.get(log.address)?.parseLog(log);
      if (parsed != null) this.#count(log, parsed.name, parsed.args, sharePrice);
    }
  }

  #count(log: Log, name: string, args: Record<string, unknown>, sharePrice: bigint): void {
    const { addresses } = this.#economy;
    if (name === "Transfer" && log.address === addresses.token) {
      this.#countTransfer(args["from"] as string, args["to"] as string, args["value"] as bigint);
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
      });
    } else if (name === "PriceRecorded") this.priceRecords += 1;
    else if (name === "RoundUpdated") this.priceRounds += 1;
  }

  /** Nobody in the demo pays the pool of their own will, so what an account sends there is demurrage. */
  #countTransfer(from: string, to: string, value: bigint): void {
    const { rewardPool } = this.#economy.addresses;
    const reward = from === rewardPool || from === ZeroAddress;
    if (from === ZeroAddress) this.minted += value;
    if (to === ZeroAddress) this.burned += value;
    if (to === rewardPool && !reward) {
      this.feesSettled += value;
      this.account(from).fees += value;
      return;
    }
    if (from !== ZeroAddress) {
      this.account(from).sent += value;
      this.account(from).transfersOut += 1;
    }
    if (to !== ZeroAddress) this.account(to)[reward ? "rewards" : "received"] += value;
  }

  #countShares(from: string, to: string, shares: bigint, sharePrice: bigint): void {
    const value = (shares * sharePrice) / WAD;
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
