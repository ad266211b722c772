// Storage: the honest, the numbers, and bad input. Cheats are played in ../plays.
import {
  blockIdOf,
  claimSeed,
  createFetcher,
  EvidenceFault,
  MemoryLedger,
  parseClaim,
  planChallenges,
  readerOf,
  Skeleton,
  STORAGE_RULES,
  storageClaim,
  storageVerdict,
} from "@ftns/evidence";
import { expect } from "chai";
import { MemoryBlockstore } from "blockstore-core";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import { faultOf } from "../faults.ts";
import { fileOf } from "../plays/storage.ts";
import { Blocks, honest, openGateway } from "./gateway.ts";
import { claimOf, DAY, fetcherOf, LEAF_BYTES, LEAVES, RULES, serving, someFile, verify } from "./world.ts";

const WAD = 10n ** 18n;
const GB = 2n ** 30n;

describe("evidence of storage", () => {
  describe("given an honest contributor", () => {
    it("P331: is credited every byte and second, to the last unit", async () => {
      const world = await someFile(1);
      expect(await verify(claimOf(world.file), serving(world))).to.deep.include({
        units: (BigInt(LEAVES * LEAF_BYTES) * BigInt(DAY) * WAD) / (GB * 3_600n),
        quality: WAD,
        confidence: WAD,
        impact: WAD,
        asked: 24,
        answered: 24,
      });
    });

    it("P331: is credited three copies in three networks", async () => {
      const world = await someFile(2);
      const one = await verify(claimOf(world.file), serving(world));
      const gateways = ["https://0.example", "https://1.example", "https://2.example"];
      const three = await verify(claimOf(world.file, { gateways }), serving(world));
      expect(three.units / 3n).to.equal(one.units);
      const lostOne = await verify(
        claimOf(world.file, { gateways }),
        serving(world, ({ gateway, at }) => gateway < 2 || at < 1.5 * DAY),
      );
      expect(lostOne.units).to.be.within(2n * one.units, three.units - 1n);
    });

    it("reads what IPFS tools wrote, over a real gateway", async () => {
      const blocks = new Blocks();
      const content = Buffer.alloc(70_000, "words of many kinds, and more of them; ");
      const file = await blocks.add(
        Uint8Array.from(content, (byte, i) => (byte + i * (i >> 8)) & 255),
        1_024,
        5,
      );
      const gateway = await openGateway(honest(blocks));
      try {
        const skeleton = await Skeleton.read([file], readerOf(gateway.url, createFetcher({ allowPrivate: true })));
        expect([skeleton.bytes, skeleton.digests.toSorted()]).to.deep.equal([70_000, blocks.leaves.toSorted()]);
        // Only inner blocks were asked for.
        expect(gateway.asked.some((digest) => blocks.leaves.includes(digest))).to.equal(false);
      } finally {
        await gateway.close();
      }
    });

    it("P332: reads a path of blocks whose bytes are the file's, by the exporter of another library", async () => {
      const { exporter } = await import("ipfs-unixfs-exporter");
      const world = await someFile(3);
      const store = new MemoryBlockstore();
      for (const [digest, bytes] of world.blocks.byDigest) {
        const code = world.blocks.leaves.includes(digest) ? 0x55 : 0x70;
        await store.put(CID.createV1(code, await sha256.digest(bytes)), bytes);
      }
      const entry = await exporter(world.file.cid, store);
      const content: Uint8Array[] = [];
      if (entry.type === "file") for await (const part of entry.content()) content.push(part);
      const own = await Skeleton.read([world.file], readerOf("https://0.example", fetcherOf(serving(world), 0)));
      expect(
        Buffer.concat(own.digests.map((digest) => world.blocks.byDigest.get(digest)!)).equals(Buffer.concat(content)),
      ).to.equal(true);
    });
  });

  describe("when challenges are drawn", () => {
    it("P332: are the same from the same seed, others from another, within the time and over all blocks", async () => {
      const world = await someFile(4);
      const claim = claimOf(world.file, { from: DAY, until: 8 * DAY });
      const skeleton = await Skeleton.read(claim.files, readerOf("https://0.example", fetcherOf(serving(world), 0)));
      const plan = (byte: number) => planChallenges(claimSeed(new Uint8Array(32).fill(byte), "0x12"), claim, skeleton, RULES);
      const leafOf = ({ path }: ReturnType<typeof plan>[number]) => path.at(-1)!.id.digest;
      const [first, again, other] = [plan(1), plan(1), plan(2)];
      expect(first).to.have.length(7 * 24);
      expect(first.map(leafOf)).to.deep.equal(again.map(leafOf)).and.not.deep.equal(other.map(leafOf));
      expect(first.every(({ at }) => at >= claim.from && at < claim.until)).to.equal(true);
      expect(new Set([...first, ...other].map(leafOf)).size).to.equal(LEAVES);
      // From the root to a leaf: 30 leaves lie three inner blocks deep.
      expect(first.every(({ path }) => path.length === 4 && path[0]!.id.cid.toString() === world.file.cid)).to.equal(true);
    });

    it("needs a secret", () => {
      expect(() => claimSeed(new Uint8Array(31), "0x12")).to.throw("32 bytes");
    });
  });

  describe("when a verdict is made", () => {
    const claim = parseClaim(storageClaim, {
      kind: "STORAGE",
      contributor: "0x00000000000000000000000000000000000000C1",
      gateways: ["https://0.example"],
      from: 0,
      until: 3_600,
      files: [{ cid: "x", bytes: 1 }],
    });
    const answers = (good: number, bad: number) => [
      ...Array.from({ length: good }, (_, i) => ({
        gateway: 0,
        answered: true as const,
        network: "1.2.3",
        leaf: String(i),
        ms: 1,
      })),
      ...Array.from({ length: bad }, () => ({ gateway: 0, answered: false as const, code: "TOO_SLOW" as const })),
    ];

    it("P331: counts 50 GB for an hour as the formula says", () => {
      const verdict = storageVerdict(claim, Number(50n * GB), answers(18, 6), 3_600);
      expect(verdict.units).to.equal((50n * WAD * 3n) / 4n);
      expect(verdict.quality).to.equal(375n * 10n ** 15n);
      expect(verdict.confidence).to.equal(WAD);
      expect(storageVerdict(claim, Number(500n * GB), answers(7, 5), 3_600)).to.deep.include({
        quality: WAD,
        confidence: (7n * WAD) / 10n,
      });
    });

    it("refuses before its time, with too few questions or answers, and what is too small", async () => {
      const make = (bytes: number, good: number, bad: number, now = 3_600) =>
        faultOf(() => storageVerdict(claim, bytes, answers(good, bad), now));
      expect(await make(2 ** 40, 24, 0, 3_599)).to.equal("NOT_DUE");
      expect(await make(2 ** 40, 11, 0)).to.equal("NOT_ANSWERED");
      expect(await make(2 ** 40, 11, 12)).to.equal("NOT_ANSWERED");
      expect(await make(2 ** 40, 12, 12)).to.equal(undefined);
      expect(await make(0, 24, 0)).to.equal("SEEN_BEFORE");
      expect(await make(Number(GB / 10n), 24, 0)).to.equal("TOO_SMALL");
      expect(await make(Number(GB / 10n) + 1, 24, 0)).to.equal(undefined);
    });
  });

  it("P333: gives a block to one claim at a time, and to the same claim again", async () => {
    const ledger = new MemoryLedger();
    const take = async (claim: string, from: number, until: number) => [...(await ledger.take(claim, ["x", "y"], from, until))];
    expect(await take("one", 10, 20)).to.deep.equal(["x", "y"]);
    expect(await take("one", 10, 20)).to.deep.equal(["x", "y"]);
    expect(await take("two", 19, 30)).to.deep.equal([]);
    expect(await take("two", 5, 11)).to.deep.equal([]);
    expect(await take("two", 20, 30)).to.deep.equal(["x", "y"]);
    expect(await take("three", 0, 10)).to.deep.equal(["x", "y"]);
  });

  describe("given bad input", () => {
    const id = (name: string) => faultOf(() => blockIdOf(name));

    it("P334: refuses content ids that name no files", async () => {
      const world = await someFile(5);
      const hash = await sha256.digest(new Uint8Array(1));
      expect(await id("not a content id")).to.equal("BAD_CID");
      expect(await id(CID.createV1(0x71, hash).toString())).to.equal("WRONG_CODEC");
      expect(await id("bafkr4iaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqce")).to.be.oneOf(["WRONG_HASH_KIND", "BAD_CID"]);
      expect(await id(world.file.cid)).to.equal(undefined);
    });

    it("P334: refuses inner blocks that are cut, no files, without sizes or with wrong ones", async () => {
      const world = await someFile(6);
      const read = (cid: string, bytes: number, rules = STORAGE_RULES) =>
        faultOf(() => Skeleton.read([{ cid, bytes }], readerOf("https://0.example", fetcherOf(serving(world), 0), rules), rules));
      const raw = CID.createV1(0x55, await sha256.digest(world.blocks.byDigest.get(world.blocks.leaves[0]!)!));
      const put = async (bytes: Uint8Array) => {
        const cid = CID.createV1(0x70, await sha256.digest(bytes));
        world.blocks.put(cid, bytes);
        return cid.toString();
      };
      const root = world.blocks.byDigest.get(blockIdOf(world.file.cid).digest)!;
      expect(await read(await put(root.subarray(0, root.length - 3)), 30_000)).to.equal("BAD_BLOCK");
      expect(await read(await put(new Uint8Array(0)), 1)).to.equal("BAD_BLOCK");
      expect(await read(await put(Uint8Array.of(10, 2, 8, 1)), 1)).to.equal("WRONG_CODEC");
      expect(await read(world.file.cid, 29_999)).to.equal("SIZE_MISMATCH");
      expect(await read(raw.toString(), 2 ** 21 + 1)).to.equal("TOO_LARGE");
      // The same leaf, said to have two sizes.
      const twice = await fileOf(world, [raw], 900);
      expect(
        await faultOf(() =>
          Skeleton.read(
            [twice, { cid: raw.toString(), bytes: 1_000 }],
            readerOf("https://0.example", fetcherOf(serving(world), 0)),
          ),
        ),
      ).to.equal("SIZE_MISMATCH");
      expect(await read(world.file.cid, 30_000, { ...STORAGE_RULES, maxDepth: 2 })).to.equal("TOO_LARGE");
      expect(await read(world.file.cid, 30_000, { ...STORAGE_RULES, maxInnerBlocks: 3 })).to.equal("TOO_LARGE");
      expect(await read(world.file.cid, 30_000, { ...STORAGE_RULES, maxLeaves: 29 })).to.equal("TOO_LARGE");
      expect(await read(world.file.cid, 30_000, { ...STORAGE_RULES, maxSkeletonMs: 100 })).to.equal("TOO_SLOW");
      expect(await read(world.file.cid, 30_000)).to.equal(undefined);
    });

    it("P334: refuses claims of another form", async () => {
      const world = await someFile(7);
      const good = claimOf(world.file);
      const wrong: object[] = [
        { kind: "DATA" },
        { contributor: "0x12" },
        { gateways: [] },
        { gateways: Array(4).fill("https://0.example") },
        { from: 1.5 },
        { until: "2" },
        { files: [] },
        { files: [{ cid: "x", bytes: -1 }] },
        { more: 1 },
      ];
      for (const change of wrong)
        expect(await faultOf(() => parseClaim(storageClaim, { ...good, ...change }))).to.equal("SCHEMA");
      expect(await faultOf(() => parseClaim(storageClaim, "{"))).to.equal("SCHEMA");
      expect(await faultOf(() => parseClaim(storageClaim, `"${"x".repeat(1_000_000)}"`))).to.equal("TOO_LARGE");
      for (const until of [DAY + 3_599, 8 * DAY + 1]) {
        expect(await faultOf(() => verify({ ...good, until }, serving(world)))).to.equal("SCHEMA");
      }
    });
  });

  it("tells of a fault in one short line", () => {
    expect(new EvidenceFault("TOO_SLOW", `a\n${"b".repeat(500)}`).detail).to.match(/^a b{198}$/);
  });
});
