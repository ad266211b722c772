/** Everything that an account holds, owes and may expect, read at one block. */
import type { EconomyContracts } from "../contracts.ts";
import { readStoredAccount, type StoredAccount } from "./stored.ts";

/** The block at which something was read. */
export interface At {
  readonly number: number;
  /** Its time (seconds). */
  readonly timestamp: bigint;
}

export interface AccountReport {
  readonly address: string;
  readonly at: At;
  /** Balance, dues, activity, tier and the next fee (units: AccountView in IFTNSToken.sol). */
  readonly holds: Awaited<ReturnType<EconomyContracts["token"]["accountOf"]>>;
  /** What it may move today (wei): less than it holds in a halt and in recovery mode. */
  readonly movable: bigint;
  /** Until when transfers are halted, and recovery mode holds (seconds; in the past or 0 when they are not). */
  readonly haltedUntil: bigint;
  readonly recoveryUntil: bigint;
  /** Score, quality, tiers and what is missing (units: ContributorStatus). */
  readonly contributes: Awaited<ReturnType<EconomyContracts["registry"]["statusOf"]>>;
  /** Since which protocol day it is BASIC without interruption; 0 = it is not. */
  readonly basicSince: bigint;
  /** Stake, exits and yield (units: StakeView in IStakingVault.sol). */
  readonly stakes: Awaited<ReturnType<EconomyContracts["vault"]["stakeOf"]>>;
  /** Votes that it casts, its own and delegated ones (wei), and to whom its own go. */
  readonly votes: bigint;
  readonly delegate: string;
  /** Earned and not paid yet, and what of it can be drawn today if the day's share reaches (wei). */
  readonly claimable: bigint;
  readonly drawableToday: bigint;
  /** wFTNS, and the FTNS that they are worth now (wei). */
  readonly wrapped: bigint;
  readonly wrappedWorth: bigint;
  /** What the token stores of it: what a projection starts from. */
  readonly stored: StoredAccount;
}

/** Reads all of it at one block, the latest unless another is named. */
export async function readAccount(economy: EconomyContracts, address: string, block?: number): Promise<AccountReport> {
  const { token, registry, vault, pool, wrapper } = economy;
  const provider = token.runner?.provider;
  if (!provider) throw new TypeError("connect the economy to a provider first: connectEconomy(addresses, provider)");
  const head = await provider.getBlock(block ?? "latest");
  if (head === null) throw new TypeError(`the node knows no block ${block ?? "latest"}`);
  const at = { blockTag: head.number };
  const [holds, movable, haltedUntil, recoveryUntil, contributes, basicSince, stakes, votes, delegate, wrapped, claims, stored] =
    await Promise.all([
      token.accountOf(address, at),
      token.movable(address, at),
      token.haltedUntil(at),
      token.recoveryUntil(at),
      registry.statusOf(address, at),
      registry.basicSince(address, at),
      vault.stakeOf(address, at),
      vault.getVotes(address, at),
      vault.delegates(address, at),
      wrapper.balanceOf(address, at),
      Promise.all([pool.claimable(address, at), pool.drawableToday(address, at)]),
      readStoredAccount(provider, String(token.target), address, { pool: String(pool.target), blockTag: head.number }),
    ]);
  return {
    address,
    at: { number: head.number, timestamp: BigInt(head.timestamp) },
    holds,
    movable,
    haltedUntil,
    recoveryUntil,
    contributes,
    basicSince,
    stakes,
    votes,
    delegate,
    claimable: claims[0],
    drawableToday: claims[1],
    wrapped,
    wrappedWorth: wrapped === 0n ? 0n : await wrapper.convertToAssets(wrapped, at),
    stored,
  };
}
