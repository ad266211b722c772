// Proofs and the records that their events give.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionResponse } from "ethers";
import { proofRecordOf, type AcceptedProof, type ProofRecord } from "@ftns/sdk/records.ts";
import { signContribution, type Contribution } from "../helpers/sign.ts";
import { fieldsOf } from "../contributors/fixture.ts";
import { FTNS, handIn, lockStake, worth, type Verifiers } from "./fixture.ts";

export const BOND = 500n * FTNS;
export type { ProofRecord };

/** The record of the proof that a transaction brought. */
export async function recordIn(d: Verifiers, sent: ContractTransactionResponse): Promise<ProofRecord> {
  const receipt = (await sent.wait())!;
  const block = (await d.connection.ethers.provider.getBlock(receipt.blockNumber))!;
  for (const log of receipt.logs) {
    const parsed = d.registry.interface.parseLog(log);
    if (parsed?.name !== "ContributionAccepted") continue;
    return proofRecordOf(parsed.args as unknown as AcceptedProof, BigInt(block.timestamp));
  }
  throw new Error("no proof was accepted");
}

/** A proof of `who` counts, worth `value` wei; its record. */
export async function counted(
  d: Verifiers,
  who: HardhatEthersSigner,
  value: bigint,
  changes: Partial<Contribution> = {},
  signers = d.verifiers.slice(0, 2),
): Promise<ProofRecord> {
  return recordIn(d, await handIn(d, await worth(d, who, value, changes), signers));
}

/** Gives `who` a stake of its own, `amount` of it locked towards RewardVesting. */
export async function bondOf(d: Verifiers, who: HardhatEthersSigner, amount = BOND) {
  await lockStake({ ...d, verifierStakes: d.rewardVesting as never }, who, amount);
}

/** `liar` is slashed for two statements that contradict each other. */
export async function condemned(d: Verifiers, liar: HardhatEthersSigner) {
  const statement = await worth(d, d.bob, FTNS);
  const sign = async (contribution: Contribution) => ({
    contribution,
    signature: await signContribution(liar, contribution, d.place),
  });
  return d.stakes.connect(d.eve).presentEquivocation(liar, [await sign(statement), await sign({ ...statement, units: 1n })]);
}

/** What the registry, the token and the pool say of `who`, to compare. */
export async function standingOf(d: Verifiers, who: HardhatEthersSigner) {
  const { score, supportedTier, tier } = fieldsOf(await d.registry.statusOf(who));
  const { capacity } = fieldsOf(await d.token.accountOf(who));
  const [, , cover] = await d.registry.standingOf(who);
  return { score, supportedTier, tier, capacity, cover, claimable: await d.pool.claimable(who) };
}
