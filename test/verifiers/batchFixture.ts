// Batches as verifiers make them, with OpenZeppelin's own trees.
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { attestBatch, LEAF_ENCODING, type Batch, type BatchLeaf } from "@ftns/sdk/signing.ts";
import { DAY } from "../helpers/time.ts";
import { FTNS, KIND, WAD, type Verifiers } from "./fixture.ts";

export type Tree = ReturnType<typeof treeOf>;

export function treeOf(leaves: readonly BatchLeaf[]) {
  const rows = leaves.map(({ account, kind, value, quality, digest }) => [account, kind, value, quality, digest]);
  return StandardMerkleTree.of(rows, [...LEAF_ENCODING]);
}

/** A leaf of `account`: COMPUTE worth 100 FTNS at quality 0.9, or with some fields changed. */
export function leafOf(account: string, changes: Partial<BatchLeaf> = {}): BatchLeaf {
  return { account, kind: 1n, value: 100n * FTNS, quality: (9n * WAD) / 10n, digest: `0x${"11".repeat(32)}`, ...changes };
}

/** So many leaves of accounts that nobody is. */
export function crowd(count: number, seed = 0): BatchLeaf[] {
  return Array.from({ length: count }, (_, i) =>
    leafOf(`0x${(BigInt(seed) * 10n ** 9n + BigInt(i) + 1n).toString(16).padStart(40, "a")}`),
  );
}

/** A statement about the last week that is over. */
export async function batchOf(d: Verifiers, tree: Tree, changes: Partial<Batch> = {}): Promise<Batch> {
  return {
    root: tree.root,
    total: 7_000n * FTNS,
    week: (await d.clock.today()) / 7n - 1n,
    leaves: BigInt(tree.length),
    expiresAt: (await d.clock.now()) + DAY,
    evidenceURI: "ipfs://leaves",
    ...changes,
  };
}

export async function placeOf(d: Verifiers) {
  return { chainId: d.place.chainId, verifyingContract: d.addresses.batchRewards };
}

/** Has `signers` sign `batch`, and a stranger hand it in. Tells its number. */
export async function accept(d: Verifiers, batch: Batch, signers = d.verifiers.slice(0, 2)): Promise<bigint> {
  await d.batchRewards.connect(d.eve).accept(batch, await attestBatch(signers, await placeOf(d), batch));
  return d.batchRewards.batches();
}

/** What `claim` takes for leaf `index` of `tree`. */
export function claimOf(number: bigint, tree: Tree, leaves: readonly BatchLeaf[], index: number) {
  const { kind, value, quality, digest } = leaves[index]!;
  return { number, kind, value, quality, digest, path: tree.getProof(index) };
}

/** `account` claims for itself, also where it is a made-up one. */
export async function claimAs(d: Verifiers, account: string, claims: readonly ReturnType<typeof claimOf>[]) {
  const { ethers, networkHelpers } = d.connection;
  await networkHelpers.setBalance(account, 10n ** 18n);
  return d.batchRewards.connect(await ethers.getImpersonatedSigner(account)).claim([...claims]);
}

/** Alice has two kinds, Bob one; a crowd stands around them. */
export function amongOthers({ alice, bob }: Verifiers): BatchLeaf[] {
  return [
    leafOf(alice.address),
    leafOf(alice.address, { kind: KIND.STORAGE, value: 50n * FTNS }),
    leafOf(bob.address, { value: 20n * FTNS, quality: WAD / 2n }),
    ...crowd(20),
  ];
}

/** What a test of batches begins with: a tree of `amongOthers`, and Eve, who hands in. */
export async function someBatches(fresh: () => Promise<Verifiers>) {
  const d = await fresh();
  const leaves = amongOthers(d);
  return { d, batches: d.batchRewards.connect(d.eve), leaves, tree: treeOf(leaves) };
}

/** The account of the first of these leaves claims them all. */
export function claimOwn(d: Verifiers, tree: Tree, leaves: readonly BatchLeaf[], number: bigint, indices: readonly number[]) {
  return claimAs(
    d,
    leaves[indices[0]!]!.account,
    indices.map((i) => claimOf(number, tree, leaves, i)),
  );
}
