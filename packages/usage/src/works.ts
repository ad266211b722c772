/** The works that a request used, as they stand in its receipt: a Merkle root over (work, weight), as @openzeppelin/merkle-tree builds it. */
import { buildTree } from "@ftns/merkle";
import { AbiCoder, getBytes, ZeroHash } from "ethers";

export interface WorkUse {
  /** Id of the work: the hash of its proof. */
  readonly work: string;
  /** How much of the royalties of the request it gets, beside the other weights. */
  readonly weight: bigint;
}

/** Zero where no work was used. */
export async function worksRoot(works: readonly WorkUse[]): Promise<string> {
  if (works.length === 0) return ZeroHash;
  const encode = ({ work, weight }: WorkUse) =>
    getBytes(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [work, weight]));
  return (await buildTree(works.length, (index) => encode(works[index]!))).root;
}
