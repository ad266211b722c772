// An economy whose registry is ready for proofs, and the shorthands that the tests of contributions and rewards share.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionResponse, Result, Signer } from "ethers";
import { economyFixture, FTNS, type TestEconomy } from "../helpers/economy.ts";
import { contracts } from "@ftns/sdk/contracts.ts";
import { compareAddresses, type SigningPlace } from "@ftns/sdk/signing.ts";
import { attest, signConsent, signReview, type Consent, type Contribution, type Review } from "../helpers/sign.ts";
import { DAY, type Connection } from "../helpers/time.ts";

export { FTNS };
export const WAD = 10n ** 18n;
export const KIND = {
  STORAGE: 0n,
  COMPUTE: 1n,
  DATA: 2n,
  GOVERNANCE: 3n,
  DOCUMENTATION: 4n,
  MODEL: 5n,
  RESEARCH: 6n,
  TEACHING: 7n,
} as const;
export const TIER = { NONE: 0n, BASIC: 1n, ACTIVE: 2n, POWER: 3n } as const;
export const NEVER = { basicThrough: 0n, activeThrough: 0n, powerThrough: 0n };

/** A number of whole and decimal FTNS (or any WAD) as it is stored: `wad("0.8")`. */
export function wad(text: string): bigint {
  const [whole, fraction = ""] = text.split(".");
  return BigInt(`${whole}${fraction.padEnd(18, "0")}`);
}

/** A struct that a call returned, as one that a call takes. */
export function fieldsOf<T extends readonly unknown[]>(struct: T) {
  return (struct as unknown as Result).toObject() as Pick<T, Exclude<keyof T, keyof unknown[] | number | `${number}`>>;
}

export type Attestations = Awaited<ReturnType<typeof attest>>;
export interface SignedReview {
  review: Review;
  signature: string;
}

/** A chain for one test file. `fresh()` gives the economy an hour into its second day, each time anew. */
export async function registryFixture() {
  const { connection, fresh: freshEconomy } = await economyFixture();
  const { ethers, networkHelpers } = connection;
  const { chainId } = await ethers.provider.getNetwork();

  async function ready() {
    const economy = await freshEconomy();
    await economy.clock.toDaysAhead(1n, 3_600n);
    const { people, registry, pool } = economy;
    const place: SigningPlace = { chainId, verifyingContract: await registry.getAddress() };
    const source = await ethers.deployContract("MultiplierSwitch");
    await pool.connect(people.governor).setMultiplierSource(source);
    const verifiers = [...people.verifiers].sort((a, b) => compareAddresses(a.address, b.address));
    const [alice, bob, carol, dave, eve] = people.users as [
      HardhatEthersSigner,
      HardhatEthersSigner,
      HardhatEthersSigner,
      HardhatEthersSigner,
      HardhatEthersSigner,
    ];
    return { ...economy, place, source, verifiers, alice, bob, carol, dave, eve, connection };
  }

  return { connection, fresh: () => networkHelpers.loadFixture(ready) };
}

export type Registry = TestEconomy & Awaited<ReturnType<Awaited<ReturnType<typeof registryFixture>>["fresh"]>>;

/** What it takes to make and land proofs. */
export type Proving = Pick<Registry, "clock" | "alice" | "verifiers" | "place" | "registry"> & { connection: Connection };

let proofs = 0n;

/** A contribution that counts (COMPUTE worth 10 FTNS, quality 0.9), with some fields changed. */
export async function proof(d: Proving, changes: Partial<Contribution> = {}): Promise<Contribution> {
  const now = await d.clock.now();
  return {
    contributor: d.alice.address,
    kind: KIND.COMPUTE,
    proofHash: d.connection.ethers.toBeHex(++proofs, 32),
    units: 200n * WAD,
    quality: wad("0.9"),
    confidence: wad("0.95"),
    impact: WAD,
    observedAt: now - 60n,
    expiresAt: now + DAY,
    evidenceRoot: d.connection.ethers.id("manifest"),
    evidenceURI: "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
    ...changes,
  };
}

/** Signatures of the first two verifiers, unless others are named. */
export async function attestations(d: Proving, contribution: Contribution, signers?: readonly Signer[]): Promise<Attestations> {
  return attest(signers ?? d.verifiers.slice(0, 2), contribution, d.place);
}

/** A review by `reviewer`, signed by it (or, with `signer`, by another key). */
export async function review(
  d: Registry,
  reviewer: Signer,
  contribution: Contribution,
  changes: Partial<Review> = {},
  signer = reviewer,
): Promise<SignedReview> {
  const content: Review = {
    proofHash: contribution.proofHash,
    reviewer: await reviewer.getAddress(),
    rating: 4n,
    reviewedAt: (await d.clock.now()) - 30n,
    ...changes,
  };
  return { review: content, signature: await signReview(signer, content, d.place) };
}

export function byReviewer(reviews: readonly SignedReview[]): SignedReview[] {
  return [...reviews].sort((a, b) => compareAddresses(a.review.reviewer, b.review.reviewer));
}

/** Sends `contribution` with the default signatures, from the contributor's own account. */
export async function submit(
  d: Proving,
  contribution: Contribution,
  { signed, reviews = [] }: { signed?: Attestations; reviews?: SignedReview[] } = {},
) {
  const sender = await d.connection.ethers.getSigner(contribution.contributor);
  return d.registry.connect(sender).submit(contribution, signed ?? (await attestations(d, contribution)), reviews);
}

/** A proof worth `value` FTNS (COMPUTE) of `who`, landed now. */
export async function contribute(d: Proving, who: HardhatEthersSigner, value: bigint, changes: Partial<Contribution> = {}) {
  return submit(d, await proof(d, { contributor: who.address, units: value * 20n * WAD, ...changes }));
}

/** The contributor's consent to `contribution`, good for a day and for `submitter` alone (the zero address: for anyone). */
export async function consentTo(
  d: Registry,
  contributor: Signer,
  contribution: Contribution,
  submitter: string,
  changes: Partial<Consent> = {},
) {
  const consent: Consent = {
    contributionHash: await d.registry.hashContribution(contribution),
    submitter,
    deadline: (await d.clock.now()) + DAY,
    ...changes,
  };
  return { consent, signature: await signConsent(contributor, consent, d.place) };
}

/**
 * A registry whose token, vault and pool only write down what they were told: what it says and stores can be seen apart from
 * what they make of it. Its governor is `people.admin`.
 */
export async function bareRegistry(d: Registry) {
  const { ethers } = d.connection;
  const counterparts = await ethers.deployContract("Counterparts");
  const verifiers = d.verifiers.map(({ address }) => address);
  const made = await ethers.deployContract("ContributorRegistry", [d.manager, counterparts, counterparts, verifiers, 2n]);
  const registry = contracts.registry(await made.getAddress(), made.runner);
  await registry.connect(d.people.admin).setStakingVault(counterparts);
  const place: SigningPlace = { ...d.place, verifyingContract: await registry.getAddress() };
  return { ...d, registry, place, counterparts };
}

export type BareRegistry = Awaited<ReturnType<typeof bareRegistry>>;

/** What the counterparts were told in a transaction: the arguments by event, `undefined` where nothing was said. */
export async function toldIn(d: BareRegistry, sent: Promise<ContractTransactionResponse>) {
  const receipt = await (await sent).wait();
  const told = (receipt?.logs ?? [])
    .map((log) => d.counterparts.interface.parseLog(log))
    .filter((event) => event !== null)
    .map(({ name, args }) => [name, args.toArray()] as const);
  return Object.fromEntries(told) as Partial<Record<"TokenTold" | "VaultTold" | "PoolTold", unknown[]>>;
}

/** The outcome that the one ContributionAccepted of a transaction tells. */
export async function outcomeOf(d: Pick<Registry, "registry">, sent: ReturnType<typeof submit>) {
  const receipt = await (await sent).wait();
  const events = await d.registry.queryFilter(
    d.registry.filters.ContributionAccepted(),
    receipt!.blockNumber,
    receipt!.blockNumber,
  );
  if (events.length !== 1) throw new Error(`${events.length} contributions accepted, not 1`);
  return events[0]!.args.outcome;
}
