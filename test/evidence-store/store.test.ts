// What verifiers have seen, in PostgreSQL: the same answers as in memory, each check whole or not at all.
import { type LikenessIndex, MemoryLedger, MemoryLikeness, MemoryWorkBook, PLACES } from "@ftns/evidence";
import { EVIDENCE_TABLES, type Seen, withSeen } from "@ftns/evidence-store";
import { Database } from "@ftns/service/database/database.ts";
import { expect } from "chai";
import { type OwnServer, ownServer } from "../database/local.ts";
import { forCases, fuzzCases, type Random } from "../helpers/random.ts";

const digest = (number: number) => number.toString(16).padStart(64, "0");
const pick = (random: Random, count: number, end: number) => Array.from({ length: count }, () => random.int(0, end - 1));

/** Signatures of which some are near others: places of one of a few texts, with some of them changed. */
function signatures(random: Random, count: number): Uint32Array {
  const all = new Uint32Array(count * PLACES);
  for (let index = 0; index < count; index++) {
    const text = random.int(0, 4);
    const changed = random.int(0, PLACES - 1);
    for (let place = 0; place < PLACES; place++) {
      all[index * PLACES + place] = random.int(0, PLACES - 1) < changed ? random.uint32() : text * 1_000 + place;
    }
  }
  return all;
}

describe("evidence store", () => {
  let own: OwnServer;
  let database: Database;
  let number = 0;
  before(async () => {
    own = ownServer();
    await own.server.ensure();
  });
  beforeEach(async () => {
    database = await Database.open({ server: own.server, name: `store_${number++}` }, EVIDENCE_TABLES);
  });
  afterEach(() => database.close());
  after(() => own.end());

  const check = <T>(work: (seen: Seen) => Promise<T>) => withSeen(database, work);

  describe("the same as in memory", () => {
    it("P357: blocks", async () => {
      const memory = new MemoryLedger();
      let turn = 0;
      await forCases(fuzzCases(40), async (random) => {
        const claim = `claim ${random.int(0, 5)}`;
        // One claim is about one time.
        const from = 100 * Number(claim.at(-1)) + 7 * Math.floor(turn++ / 20);
        const digests = pick(random, 20, 60).map(digest);
        const expected = await memory.take(claim, digests, from, from + 150);
        const found = await check(({ blocks }) => blocks.take(claim, digests, from, from + 150));
        expect([...found].sort()).to.deep.equal([...expected].sort());
      });
    });

    it("P357: works", async () => {
      const memory = new MemoryWorkBook();
      await forCases(fuzzCases(60), async (random) => {
        const claim = `claim ${random.int(0, 7)}`;
        const names = pick(random, 3, 40).map(digest);
        const found = await check(({ works }) => works.take(claim, names));
        expect(found).to.equal(await memory.take(claim, names));
      });
    });

    it("P357: texts and rows that are alike, each kept apart from the other", async () => {
      const memories: Record<"documents" | "rows", LikenessIndex> = {
        documents: new MemoryLikeness(),
        rows: new MemoryLikeness(),
      };
      await forCases(fuzzCases(16), async (random) => {
        const claim = `claim ${random.int(0, 4)}`;
        const realm = random.int(0, 1) === 0 ? "documents" : "rows";
        const found = signatures(random, 1 + random.int(0, 99));
        const [expected, given] = [
          await memories[realm].repeated(claim, found),
          await check(async (seen) => {
            const answer = await seen[realm].repeated(claim, found);
            if (answer.includes(false)) await seen[realm].add(claim, found);
            return answer;
          }),
        ];
        expect(given).to.deep.equal(expected);
        if (expected.includes(false)) await memories[realm].add(claim, found);
      });
    });
  });

  describe("units of a job", () => {
    const take = (claim: string, first: number, units: number, job = "job") =>
      check(({ takeUnits }) => takeUnits(claim, job, first, units));

    it("P357: belong to one claim, which gets the same answer again", async () => {
      expect(await take("a", 10, 10)).to.equal(true);
      expect(await take("a", 10, 10)).to.equal(true);
      for (const [first, units] of [
        [10, 10],
        [19, 1],
        [0, 11],
        [0, 100],
      ] as const) {
        expect(await take("b", first, units), `${first}`).to.equal(false);
      }
      expect(await take("b", 0, 10)).to.equal(true);
      expect(await take("b", 20, 1)).to.equal(true);
      expect(await take("b", 10, 10, "another job")).to.equal(true);
    });
  });

  it("P357: what a model named is told to others and not to its own claim", async () => {
    const named = Uint8Array.of(0, 1, 2, 255);
    await check(({ remember }) => remember("task", "a", named));
    await check(({ remember }) => remember("task", "a", Uint8Array.of(9)));
    expect(await check((seen) => seen.named("task", "b"))).to.deep.equal([named]);
    expect(await check((seen) => seen.named("task", "a"))).to.deep.equal([]);
    expect(await check((seen) => seen.named("another", "b"))).to.deep.equal([]);
  });

  describe("a check", () => {
    it("P357: that is refused keeps nothing", async () => {
      const refused = check(async ({ works, blocks, takeUnits }) => {
        await works.take("a", ["work"]);
        await blocks.take("a", [digest(1)], 0, 10);
        await takeUnits("a", "job", 0, 10);
        throw new Error("refused");
      });
      expect(await refused.catch(String)).to.equal("Error: refused");
      const taken = await check(async ({ works, blocks, takeUnits }) => [
        await works.take("b", ["work"]),
        (await blocks.take("b", [digest(1)], 0, 10)).size,
        await takeUnits("b", "job", 0, 10),
      ]);
      expect(taken).to.deep.equal([true, 1, true]);
    });

    it("P357: writes its result in the same step, or neither", async () => {
      await database.query("CREATE TABLE results (claim text)");
      const work = ({ works }: Seen) => works.take("a", ["work"]);
      const failing = withSeen(database, work, (client) => client.query("INSERT INTO missing VALUES (1)").then(() => undefined));
      expect(await failing.catch(String)).to.include("missing");
      expect(await check(({ works }) => works.take("b", ["work"]))).to.equal(true);
      await withSeen(
        database,
        () => Promise.resolve("done"),
        (client, result) => client.query("INSERT INTO results VALUES ($1)", [result]).then(() => undefined),
      );
      expect(await database.query("SELECT claim FROM results")).to.deep.equal([{ claim: "done" }]);
    });

    it("P357: of two at once with the same text, one is new and the other is a copy", async () => {
      const text = Uint32Array.from({ length: PLACES }, (_, place) => place);
      const hand = (claim: string) =>
        check(async ({ documents }) => {
          const [repeated] = await documents.repeated(claim, text);
          // Time enough for the other one to look, if it could.
          await new Promise((done) => setTimeout(done, 50));
          if (!repeated) await documents.add(claim, text);
          return repeated;
        });
      const answers = await Promise.all(["a", "b", "c", "d"].map(hand));
      expect(answers.filter((repeated) => !repeated)).to.have.length(1);
    });

    it("that asks nothing opens no connection", async () => {
      expect(await check(() => Promise.resolve("idle"))).to.equal("idle");
    });
  });
});
