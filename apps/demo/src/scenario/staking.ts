import { ZeroAddress } from "ethers";
import { exact, wadToNumber } from "../report/numbers.ts";
import type { StakeReport } from "../report/types.ts";
import type { Actor } from "../chain/actor.ts";
import { dayOf } from "../chain/clock.ts";
import type { Economy } from "./economy.ts";
import type { Ledger } from "./ledger.ts";
import type { Stage } from "./stage.ts";

/** The day after the pool got the treasury's demurrage. */
const CLAIM_EVERY_DAYS = 30;
/** As the contracts number the tiers. */
const NONE = 0n;

export async function stake({ economy }: Stage, who: Actor, amount: bigint): Promise<void> {
  const { token, vault, addresses } = economy;
  await who.send(token.approve.populateTransaction(addresses.vault, amount));
  await who.send(vault.stake.populateTransaction(amount));
}

/** Once a month, and on day `also`. */
export async function claimYield({ economy }: Stage, who: Actor, day: number, also?: number): Promise<void> {
  if (day === also || (day > 0 && day % CLAIM_EVERY_DAYS === 0)) await who.send(economy.vault.claim.populateTransaction());
}

/** The stake of `addresses` together; the rate is the first one's. Null when none of them ever staked. */
export async function stakeReport(
  { vault, controller, token, registry, provider }: Economy,
  ledger: Ledger,
  addresses: readonly string[],
): Promise<StakeReport | null> {
  const accounts = addresses.flatMap((address) => ledger.stakes.get(address) ?? []);
  if (accounts.length === 0) return null;
  const [views, terms, multiplier, rules, latest] = await Promise.all([
    Promise.all(addresses.map((address) => vault.stakeOf(address))),
    vault.terms(),
    controller.multiplier(),
    registry.proofRules(),
    provider.getBlock("latest"),
  ]);
  const view = views[0]!;
  const followsMultiplier = terms.multiplierSource !== ZeroAddress;
  const [total, uncovered] = await Promise.all([
    vault.rateOf(view.tier, view.commitments, multiplier),
    vault.rateOf(NONE, 0n, multiplier),
  ]);
  // What leaves was last charged on a day that the vault names; the token says what is due since.
  const today = dayOf(latest!.timestamp);
  const due = await Promise.all(
    addresses.map(async (address, i) => {
      const { chargedThrough } = views[i]!;
      const pending = ledger.stakes.get(address)?.pending ?? 0n;
      return pending === 0n ? 0n : token.demurrageOf(pending, chargedThrough, today);
    }),
  );
  const sum = (values: readonly bigint[]) => exact(values.reduce((a, b) => a + b, 0n));
  const sumOf = (key: "fromFunds" | "minted" | "recycled") => sum(accounts.map((account) => account[key]));
  return {
    staked: sum(views.map((one) => one.staked)),
    pending: sum(views.map((one) => one.pending)),
    exitFees: sum([...accounts.map((account) => account.exitFees), ...due]),
    covered: sum(views.map((one) => (one.cover < one.staked ? one.cover : one.staked))),
    coverFactor: Number(rules.stakeCover),
    claims: accounts.reduce((count, account) => count + account.claims, 0),
    fromFees: sumOf("fromFunds"),
    minted: sumOf("minted"),
    recycled: sumOf("recycled"),
    waiting: sum(views.map((one) => one.earned)),
    waitingRecycled: sum(views.map((one) => one.recycled)),
    rate: {
      base: wadToNumber(terms.baseRate),
      commitments: Number(view.commitments),
      perCommitment: wadToNumber(terms.commitmentRate),
      tierMultiplier: wadToNumber(terms.tierMultiplier[Number(view.tier)]!),
      multiplier: followsMultiplier ? wadToNumber(multiplier) : null,
      max: wadToNumber(terms.maxRate),
      total: wadToNumber(total),
      uncovered: wadToNumber(uncovered),
    },
  };
}
