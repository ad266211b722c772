import { toQuantity } from "ethers";

/**
 * The block as of which a job looks and decides. Its timestamp is the only clock of a decision: the block's own, or the present
 * where blocks come only with transactions and the last one is old.
 */
export interface Head {
  number: number;
  timestamp: bigint;
  /** As what it is read, when that is not its number. */
  tag?: string;
  /** Wei per gas. */
  baseFee: bigint;
}

export const blockTag = (head: Head) => head.tag ?? toQuantity(head.number);
