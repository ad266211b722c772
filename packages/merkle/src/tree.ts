/**
 * The Merkle tree of @openzeppelin/merkle-tree's standard, for millions of leaves: leaves are the ABI encoding of their values,
 * hashed twice; hashes lie sorted in a complete binary heap; a node is the hash of its two children, the smaller first. So
 * OpenZeppelin's MerkleProof.sol verifies its proofs. All hashes lie in one array, 64 bytes for each leaf.
 */
import { createKeccak, type IHasher } from "hash-wasm";
import { ascending, compareHashes, HASH_BYTES } from "./order.ts";

/** Leaves are hashed twice, so that no leaf of this length can be taken for a node. */
const NODE_BYTES = 2 * HASH_BYTES;

/** Most leaves of a tree: their numbers stay in 32 bits, and their hashes in one array. */
export const MAX_LEAVES = 2 ** 25;

export class MerkleTree {
  /** The heap: the root at 0, children of `i` at `2 i + 1` and `2 i + 2`. */
  readonly nodes: Uint8Array;
  /** Where in the heap each leaf lies, in the order in which leaves were given. */
  readonly places: Uint32Array;

  /** Takes what `nodes` and `places` of another tree were, such as read from a file; only their sizes are checked. */
  constructor(nodes: Uint8Array, places: Uint32Array) {
    if (places.length === 0 || nodes.length !== (2 * places.length - 1) * HASH_BYTES) {
      throw new RangeError(`${nodes.length} bytes are no tree of ${places.length} leaves`);
    }
    this.nodes = nodes;
    this.places = places;
  }

  get leaves(): number {
    return this.places.length;
  }

  get root(): string {
    return this.#hex(0);
  }

  /** What MerkleProof.sol takes for leaf number `leaf`: siblings from the leaf to the root. */
  proof(leaf: number): string[] {
    const place = this.places[leaf];
    if (place === undefined) throw new RangeError(`leaf ${leaf} of a tree of ${this.leaves}`);
    const siblings: string[] = [];
    for (let at = place; at > 0; at = (at - 1) >> 1) siblings.push(this.#hex(at % 2 === 0 ? at - 1 : at + 1));
    return siblings;
  }

  #hex(at: number): string {
    return `0x${Buffer.from(this.nodes.buffer, this.nodes.byteOffset + at * HASH_BYTES, HASH_BYTES).toString("hex")}`;
  }
}

/**
 * Builds the tree of `count` leaves. `encode(leaf)` gives a leaf's ABI encoding; it is read before the next call, so one array can serve
 * for all. Two equal leaves are two leaves, as in OpenZeppelin's.
 */
export async function buildTree(count: number, encode: (leaf: number) => Uint8Array): Promise<MerkleTree> {
  if (!(Number.isSafeInteger(count) && count > 0 && count <= MAX_LEAVES)) throw new RangeError(`${count} leaves`);
  const keccak = await createKeccak(256);
  const hashes = new Uint8Array(count * HASH_BYTES);
  for (let leaf = 0; leaf < count; leaf++) hashes.set(leafDigest(keccak, encode(leaf)), leaf * HASH_BYTES);

  // The smallest leaf is the heap's last.
  const last = 2 * count - 2;
  const nodes = new Uint8Array((last + 1) * HASH_BYTES);
  const places = new Uint32Array(count);
  ascending(hashes).forEach((leaf, rank) => {
    places[leaf] = last - rank;
    nodes.set(hashes.subarray(leaf * HASH_BYTES, (leaf + 1) * HASH_BYTES), (last - rank) * HASH_BYTES);
  });
  const pair = new Uint8Array(NODE_BYTES);
  for (let at = count - 2; at >= 0; at--) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const [first, second] = compareHashes(nodes, left, right) <= 0 ? [left, right] : [right, left];
    pair.set(nodes.subarray(first * HASH_BYTES, (first + 1) * HASH_BYTES));
    pair.set(nodes.subarray(second * HASH_BYTES, (second + 1) * HASH_BYTES), HASH_BYTES);
    nodes.set(digest(keccak, pair), at * HASH_BYTES);
  }
  return new MerkleTree(nodes, places);
}

let shared: Promise<IHasher> | undefined;

/** Whether `proof` leads from the leaf that `encoded` is to `root`, as MerkleProof.verify says on the chain. */
export async function verifyProof(root: string, encoded: Uint8Array, proof: readonly string[]): Promise<boolean> {
  // One for all: making it takes longer than a proof does. Nothing waits between its first byte and its digest.
  const keccak = await (shared ??= createKeccak(256));
  let hash = Buffer.from(leafDigest(keccak, encoded));
  for (const sibling of proof) {
    if (!/^0x[0-9a-f]{64}$/i.test(sibling)) return false;
    const other = Buffer.from(sibling.slice(2), "hex");
    const pair = Buffer.compare(hash, other) <= 0 ? [hash, other] : [other, hash];
    hash = Buffer.from(digest(keccak, Buffer.concat(pair)));
  }
  return `0x${hash.toString("hex")}` === root.toLowerCase();
}

const digest = (keccak: IHasher, bytes: Uint8Array): Uint8Array => keccak.init().update(bytes).digest("binary");
const leafDigest = (keccak: IHasher, encoded: Uint8Array): Uint8Array => digest(keccak, digest(keccak, encoded));
