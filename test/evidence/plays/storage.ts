// How to be paid for storing what one does not store.
import { EvidenceFault, MemoryLedger, type StorageClaim } from "@ftns/evidence";
import { contributionValue, DEFAULT_BASE_RATES } from "@ftns/model";
import { encode as encodePb, prepare } from "@ipld/dag-pb";
import { UnixFS } from "ipfs-unixfs";
import { CID } from "multiformats/cid";
import * as identity from "multiformats/hashes/identity";
import { sha256 } from "multiformats/hashes/sha2";
import { Random } from "../../helpers/random.ts";
import type { StoredFile } from "../storage/gateway.ts";
import {
  CHEAT,
  claimOf,
  DAY,
  LEAF_BYTES,
  LEAVES,
  OTHER,
  type Serve,
  serving,
  someFile,
  verify,
  type World,
} from "../storage/world.ts";
import type { Play, Try } from "./play.ts";

const WAD = 10n ** 18n;
const RATE = DEFAULT_BASE_RATES[0]!;
const RAW = 0x55;

/** What `claim` would be worth if all of it were true. */
function claimedOf({ files, from, until, gateways }: StorageClaim): bigint {
  const bytes = files.reduce((sum, file) => sum + BigInt(file.bytes), 0n);
  return contributionValue((bytes * BigInt(until - from) * BigInt(gateways.length) * WAD) / (2n ** 30n * 3_600n), RATE, WAD);
}

async function tried(claim: StorageClaim, serve: Serve, stream: number, ledger = new MemoryLedger()): Promise<Try> {
  try {
    const { units, impact } = await verify(claim, serve, stream, ledger);
    return { claimed: claimedOf(claim), credited: contributionValue(units, RATE, impact) };
  } catch (error) {
    if (error instanceof EvidenceFault) return { claimed: claimedOf(claim), credited: 0n };
    throw error;
  }
}

/** A file whose root names `children` blocks, each said to have so many bytes. */
export async function fileOf(world: World, children: readonly CID[], bytes: number): Promise<StoredFile> {
  const unixfs = new UnixFS({ type: "file", blockSizes: children.map(() => BigInt(bytes)) });
  const block = encodePb(
    prepare({ Data: unixfs.marshal(), Links: children.map((cid) => ({ Hash: cid, Name: "", Tsize: bytes })) }),
  );
  const cid = CID.createV1(0x70, await sha256.digest(block));
  world.blocks.put(cid, block);
  return { cid: cid.toString(), bytes: bytes * children.length };
}

async function rawBlock(world: World, bytes: Uint8Array): Promise<CID> {
  const cid = CID.createV1(RAW, await sha256.digest(bytes));
  world.blocks.put(cid, bytes);
  return cid;
}

const keptBy = ({ blocks }: World, keep: (index: number) => boolean) => {
  const leaves = new Map(blocks.leaves.map((digest, index) => [digest, index]));
  return ({ digest }: { digest: string }) => !leaves.has(digest) || keep(leaves.get(digest)!);
};

const shared = Promise.all([0, 1, 2, 3].map(someFile));

/** On one of four files, with other challenges each time. */
const simple =
  (serve: (world: World) => Serve, changes: Partial<StorageClaim> = {}) =>
  async (index: number) => {
    const files = await shared;
    const world = files[index % files.length]!;
    return tried(claimOf(world.file, changes), serve(world), index);
  };

const THREE = ["https://0.example", "https://1.example", "https://2.example"];

export const STORAGE_PLAYS: readonly Play[] = [
  {
    kind: "STORAGE",
    attack: "keeps nothing but the inner blocks, some 50 bytes for each leaf",
    cost: "all of the claim",
    tries: 100,
    run: simple((world) =>
      serving(
        world,
        keptBy(world, () => false),
      ),
    ),
  },
  {
    kind: "STORAGE",
    attack: "keeps four fifths of the blocks",
    cost: "is paid for what it keeps, no more on average",
    tries: 100,
    least: 950,
    run: simple((world) =>
      serving(
        world,
        keptBy(world, (index) => index % 5 !== 0),
      ),
    ),
  },
  {
    kind: "STORAGE",
    attack: "deletes all when a quarter of the time is left",
    cost: "is paid for the time it keeps, no more on average",
    tries: 100,
    least: 950,
    run: simple((world) => serving(world, ({ at }) => at < 2 * DAY - DAY / 4)),
  },
  {
    kind: "STORAGE",
    attack: "answers with other bytes of the right length",
    cost: "all of the claim",
    tries: 100,
    run: simple((world) => {
      const has = keptBy(world, () => false);
      return (question) => ({ bytes: has(question) ? world.blocks.byDigest.get(question.digest)! : new Uint8Array(LEAF_BYTES) });
    }),
  },
  {
    kind: "STORAGE",
    attack: "fetches each block from somebody else when asked, in 3 s",
    cost: "all of the claim; a faster source has to be paid for",
    tries: 100,
    run: simple((world) => {
      const has = keptBy(world, () => false);
      return (question) => ({ bytes: world.blocks.byDigest.get(question.digest)!, ms: has(question) ? 20 : 3_000 });
    }),
  },
  {
    kind: "STORAGE",
    attack: "names one block 30 times in a file",
    cost: "is paid for one block",
    tries: 10,
    run: async (index) => {
      const world = await someFile(index);
      const cid = await rawBlock(world, world.blocks.byDigest.get(world.blocks.leaves[0]!)!);
      const file = await fileOf(world, Array<CID>(LEAVES).fill(cid), LEAF_BYTES);
      return tried(claimOf({ ...file, bytes: LEAF_BYTES * LEAVES }), serving(world), index);
    },
  },
  {
    kind: "STORAGE",
    attack: "claims the same blocks by a second account, in another file",
    cost: "the second claim",
    tries: 10,
    run: async (index) => {
      const world = await someFile(index);
      const ledger = new MemoryLedger();
      const first = await tried(claimOf(world.file), serving(world), index, ledger);
      if (first.credited !== first.claimed) throw new Error("the honest claim is not paid");
      const children = await Promise.all(
        world.blocks.leaves.map((digest) => rawBlock(world, world.blocks.byDigest.get(digest)!)),
      );
      const again = await fileOf(world, children.toReversed(), LEAF_BYTES);
      return tried(claimOf(again, { contributor: OTHER }), serving(world), index, ledger);
    },
  },
  {
    kind: "STORAGE",
    attack: "declares ten times the bytes of its file",
    cost: "all of the claim",
    tries: 10,
    run: async (index) => {
      const world = await someFile(index);
      return tried(claimOf({ ...world.file, bytes: 10 * world.file.bytes }), serving(world), index);
    },
  },
  {
    kind: "STORAGE",
    attack: "writes a root whose blocks are a hundredth of what it says",
    cost: "all of the claim",
    tries: 10,
    run: async (index) => {
      const world = await someFile(index);
      const random = new Random(12, index);
      const small = () =>
        rawBlock(
          world,
          Uint8Array.from({ length: LEAF_BYTES / 100 }, () => random.int(0, 255)),
        );
      const children = await Promise.all(Array.from({ length: LEAVES }, small));
      return tried(claimOf(await fileOf(world, children, LEAF_BYTES)), serving(world), index);
    },
  },
  {
    kind: "STORAGE",
    attack: "names three gateways that are one machine",
    cost: "is paid for one copy",
    tries: 10,
    run: simple(
      (world) => {
        const serve = serving(world);
        return (question) => ({ ...serve(question)!, ip: `203.0.113.${question.gateway}` });
      },
      { gateways: THREE },
    ),
  },
  {
    kind: "STORAGE",
    attack: "puts the data into the content id itself",
    cost: "all of the claim",
    tries: 10,
    run: async (index) => {
      const world = await someFile(index);
      const cid = CID.createV1(RAW, identity.identity.digest(Uint8Array.of(index, 1, 2, 3)));
      return tried(claimOf({ cid: cid.toString(), bytes: LEAF_BYTES }), serving(world), index);
    },
  },
  {
    kind: "STORAGE",
    attack: "announces a time that is over",
    cost: "all of the claim",
    tries: 10,
    run: simple((world) => serving(world), { contributor: CHEAT, from: 0, until: DAY }),
  },
];
