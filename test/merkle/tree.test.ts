// P330: trees are OpenZeppelin's, hash for hash, and what is not in a tree has no proof.
import { buildTree, MerkleTree, verifyProof } from "@ftns/merkle";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { AbiCoder, getBytes, toBeHex } from "ethers";
import { FUZZ_SEED, forCases, fuzzCases, Random } from "../helpers/random.ts";

/** What a batch of rewards could name: any list of types does. */
const TYPES = ["address", "uint8", "uint256", "uint256", "bytes32"];
type Values = [string, bigint, bigint, bigint, string];

describe("merkle tree", () => {
  it("P330: is OpenZeppelin's for every number of leaves from 1 to 40", async () => {
    for (let count = 1; count <= 40; count++) await compare(leavesOf(new Random(FUZZ_SEED, count), count));
  });

  it("P330: is OpenZeppelin's for random numbers of leaves, equal ones among them", async () => {
    await forCases(fuzzCases(4), async (random) => {
      const leaves = leavesOf(random, random.int(41, 400));
      await compare([...leaves, leaves[0]!, leaves[3]!]);
    });
  });

  it("P330: refuses a proof of another leaf, of another tree, a shortened one and one of a node", async () => {
    const leaves = leavesOf(new Random(), 33);
    const tree = await buildTree(leaves.length, (index) => encode(leaves[index]!));
    const other = await buildTree(32, (index) => encode(leaves[index]!));
    const proof = tree.proof(4);
    expect(await verifyProof(tree.root, encode(leaves[4]!), proof)).to.equal(true);
    expect(await verifyProof(tree.root, encode(leaves[5]!), proof)).to.equal(false);
    expect(await verifyProof(other.root, encode(leaves[4]!), proof)).to.equal(false);
    expect(await verifyProof(tree.root, encode(leaves[4]!), proof.slice(1))).to.equal(false);
    expect(await verifyProof(tree.root, encode(leaves[4]!), ["0x12"])).to.equal(false);
    // The two children of the root, presented as if they were a leaf's 64 bytes.
    expect(await verifyProof(tree.root, tree.nodes.slice(32, 96), [])).to.equal(false);
  });

  it("lives on from its two arrays, and refuses arrays that do not fit", async () => {
    const leaves = leavesOf(new Random(), 9);
    const tree = await buildTree(9, (index) => encode(leaves[index]!));
    const again = new MerkleTree(tree.nodes.slice(), tree.places.slice());
    expect([again.root, again.proof(8)]).to.deep.equal([tree.root, tree.proof(8)]);
    expect(() => new MerkleTree(tree.nodes.subarray(32), tree.places)).to.throw("no tree of 9 leaves");
    expect(() => new MerkleTree(new Uint8Array(0), new Uint32Array(0))).to.throw("no tree of 0 leaves");
    expect(() => tree.proof(9)).to.throw("leaf 9 of a tree of 9");
    for (const count of [0, -1, 1.5, 2 ** 26, Number.NaN]) {
      const error = await buildTree(count, () => new Uint8Array(32)).catch((caught: unknown) => caught);
      expect(error, String(count)).to.be.instanceOf(RangeError);
    }
  });
});

async function compare(leaves: Values[]): Promise<void> {
  const oracle = StandardMerkleTree.of(leaves, TYPES);
  // One array for all leaves, as a large batch has it.
  const shared = new Uint8Array(TYPES.length * 32);
  const tree = await buildTree(leaves.length, (index) => (shared.set(encode(leaves[index]!)), shared));
  expect(tree.root).to.equal(oracle.root);
  for (let index = 0; index < leaves.length; index++) {
    const proof = tree.proof(index);
    expect(StandardMerkleTree.verify(oracle.root, TYPES, leaves[index]!, proof), `leaf ${index} of ${leaves.length}`).to.equal(
      true,
    );
    // Equal leaves have two places, and either proof is right.
    if (index < leaves.length - 2 && index !== 0 && index !== 3) expect(proof).to.deep.equal(oracle.getProof(index));
  }
}

const encode = (values: Values): Uint8Array => getBytes(AbiCoder.defaultAbiCoder().encode(TYPES, values));

const leavesOf = (random: Random, count: number): Values[] =>
  Array.from({ length: count }, () => [
    toBeHex(random.bigint(0n, 2n ** 160n - 1n), 20),
    random.bigint(0n, 7n),
    random.bigint(0n, 5_000n * 10n ** 18n),
    random.bigint(0n, 1_000n) * 10n ** 15n,
    toBeHex(random.bigint(0n, 2n ** 256n - 1n), 32),
  ]);
