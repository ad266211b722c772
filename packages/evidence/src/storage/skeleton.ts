/**
 * The inner blocks of all files of a claim, read once when it is announced: some 50 bytes for each leaf. They show how many different
 * bytes the files have, so that a file of one block a million times is worth one block.
 */
import { EvidenceFault } from "../common/fault.ts";
import type { Draw } from "../common/draw.ts";
import { type BlockId, blockIdOf, innerBlock } from "./block.ts";
import { STORAGE_RULES, type StorageRules } from "./claim.ts";

/** Gives a block whose hash was checked. */
export type ReadBlock = (id: BlockId) => Promise<Uint8Array>;

interface Leaf {
  id: BlockId;
  bytes: number;
  /** Number of the inner block above, or -1 for a file of one block. */
  parent: number;
}

export class Skeleton {
  readonly #inner: { id: BlockId; parent: number }[] = [];
  readonly #leaves: Leaf[] = [];
  /** Bytes up to and with each leaf. */
  readonly #ends: number[] = [];

  private constructor(inner: { id: BlockId; parent: number }[], leaves: Leaf[]) {
    this.#inner = inner;
    this.#leaves = leaves;
    let end = 0;
    for (const { bytes } of leaves) this.#ends.push((end += bytes));
  }

  static async read(
    files: readonly { cid: string; bytes: number }[],
    readBlock: ReadBlock,
    rules: StorageRules = STORAGE_RULES,
  ): Promise<Skeleton> {
    const inner: { id: BlockId; parent: number }[] = [];
    const leaves = new Map<string, Leaf>();
    const sizes = new Map<string, number>();
    const visit = async (id: BlockId, bytes: number, parent: number, depth: number): Promise<void> => {
      const known = sizes.get(id.digest);
      if (known !== undefined && known !== bytes)
        throw new EvidenceFault("SIZE_MISMATCH", `${id.cid}: ${known} and ${bytes} bytes`);
      if (known !== undefined) return;
      sizes.set(id.digest, bytes);
      if (id.isLeaf) {
        if (bytes > rules.maxBlockBytes) throw new EvidenceFault("TOO_LARGE", `${id.cid}: a block of ${bytes} bytes`);
        leaves.set(id.digest, { id, bytes, parent });
        if (leaves.size > rules.maxLeaves) throw new EvidenceFault("TOO_LARGE", `more than ${rules.maxLeaves} blocks`);
        return;
      }
      if (depth >= rules.maxDepth) throw new EvidenceFault("TOO_LARGE", `${id.cid} lies deeper than ${rules.maxDepth} blocks`);
      if (inner.length >= rules.maxInnerBlocks)
        throw new EvidenceFault("TOO_LARGE", `more than ${rules.maxInnerBlocks} inner blocks`);
      const here = inner.push({ id, parent }) - 1;
      const block = innerBlock(id, await readBlock(id));
      if (block.bytes !== bytes) throw new EvidenceFault("SIZE_MISMATCH", `${id.cid}: ${block.bytes} bytes, ${bytes} declared`);
      for (const child of block.children) await visit(child.id, child.bytes, here, depth + 1);
    };
    for (const { cid, bytes } of files) await visit(blockIdOf(cid), bytes, -1, 0);
    return new Skeleton(inner, [...leaves.values()]);
  }

  /** Different blocks, by digest. */
  get digests(): string[] {
    return this.#leaves.map(({ id }) => id.digest);
  }

  /** Bytes of different blocks. */
  get bytes(): number {
    return this.#ends.at(-1) ?? 0;
  }

  /** The same without the blocks that `isFree` does not let through. */
  only(isFree: (digest: string) => boolean): Skeleton {
    return new Skeleton(
      this.#inner,
      this.#leaves.filter(({ id }) => isFree(id.digest)),
    );
  }

  /** A block that a random byte lies in, with all above it: from the root to the leaf, each with the bytes that it has if it is a leaf. */
  path(draw: Draw): { id: BlockId; bytes?: number }[] {
    const leaf = this.#leaves[this.#leafAt(draw.below(this.bytes))]!;
    const path: { id: BlockId; bytes?: number }[] = [{ id: leaf.id, bytes: leaf.bytes }];
    for (let at = leaf.parent; at >= 0; at = this.#inner[at]!.parent) path.unshift({ id: this.#inner[at]!.id });
    return path;
  }

  /** The first leaf that ends behind `offset`. */
  #leafAt(offset: number): number {
    let [low, high] = [0, this.#ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
