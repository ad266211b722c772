// One block of a file: bytes that their content id names. Files are UnixFS with raw leaves, which is what tools make by default.
import { createHash } from "node:crypto";
import { decode as decodePb, code as DAG_PB } from "@ipld/dag-pb";
import { UnixFS } from "ipfs-unixfs";
import { CID } from "multiformats/cid";
import { EvidenceFault, faulty } from "../common/fault.ts";

const RAW = 0x55;
const SHA2_256 = 0x12;

export interface BlockId {
  cid: CID;
  /** Hexadecimal SHA-256: the same for all spellings of a content id. */
  digest: string;
  isLeaf: boolean;
}

/** Children of an inner block, with the bytes of the file below each. */
export interface InnerBlock {
  bytes: number;
  children: { id: BlockId; bytes: number }[];
}

export function blockIdOf(text: string): BlockId {
  return idOf(faulty("BAD_CID", () => CID.parse(text)));
}

function idOf(cid: CID): BlockId {
  const { code, digest } = cid.multihash;
  if (code !== SHA2_256 || digest.length !== 32) throw new EvidenceFault("WRONG_HASH_KIND", String(cid));
  if (cid.code !== RAW && cid.code !== DAG_PB)
    throw new EvidenceFault("WRONG_CODEC", `${cid} has codec 0x${cid.code.toString(16)}`);
  return { cid, digest: Buffer.from(digest).toString("hex"), isLeaf: cid.code === RAW };
}

export function checkBlock({ cid, digest }: BlockId, bytes: Uint8Array): void {
  if (createHash("sha256").update(bytes).digest("hex") !== digest) throw new EvidenceFault("HASH_MISMATCH", String(cid));
}

/** Reads an inner block whose hash was checked. */
export function innerBlock({ cid }: BlockId, bytes: Uint8Array): InnerBlock {
  const { Links, Data } = faulty("BAD_BLOCK", () => decodePb(bytes));
  if (Data === undefined) throw new EvidenceFault("BAD_BLOCK", `${cid} has no data`);
  const file = faulty("BAD_BLOCK", () => UnixFS.unmarshal(Data));
  if (file.type !== "file") throw new EvidenceFault("WRONG_CODEC", `${cid} is a ${file.type}, not a file`);
  if (Links.length === 0 || file.blockSizes.length !== Links.length || (file.data?.length ?? 0) > 0) {
    throw new EvidenceFault("BAD_BLOCK", `${cid} must have links with sizes, and no data of its own`);
  }
  const children = Links.map(({ Hash }, index) => ({ id: idOf(Hash), bytes: sizeOf(file.blockSizes[index]!, cid) }));
  return { bytes: sizeOf(BigInt(file.fileSize()), cid), children };
}

function sizeOf(bytes: bigint, cid: CID): number {
  if (bytes < 1n || bytes > 2n ** 50n) throw new EvidenceFault("SIZE_MISMATCH", `${cid} declares ${bytes} bytes`);
  return Number(bytes);
}
