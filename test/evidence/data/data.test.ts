// Data: the honest, the numbers, and bad input. Cheats are played in ../plays.
import {
  checkData,
  type Column,
  type DataClaim,
  dataClaim,
  dataProofHash,
  DATA_RULES,
  parseClaim,
  type DataRules,
} from "@ftns/evidence";
import { profileOf } from "@ftns/evidence/data/profile.ts";
import { readRows } from "@ftns/evidence/data/rows.ts";
import { MemoryLikeness } from "@ftns/evidence/likeness/index.ts";
import { likeness, PLACES, signInto, tokensOfRow, tokensOfText } from "@ftns/evidence/likeness/minhash.ts";
import { expect } from "chai";
import { parquetWriteBuffer } from "hyparquet-writer";
import { Random } from "../../helpers/random.ts";
import { faultOf } from "../faults.ts";
import { Files, NOW, partsOf, peers, review, reviews } from "../people.ts";
import { claimOf, COLUMNS, csvOf, type Row, ROWS, rowsOf, RULES, words } from "./world.ts";

const WAD = 10n ** 18n;
const THOUSANDTH = 10n ** 15n;

describe("evidence of data", () => {
  const files = new Files();
  const good = rowsOf(new Random(51));

  describe("given an honest contributor", () => {
    it("P338: is credited in full, in any of the three formats", async () => {
      const jsonl = good
        .map((row) => JSON.stringify(Object.fromEntries(COLUMNS.map(({ name }, i) => [name, row[i]]))))
        .join("\n");
      const parquet = new Uint8Array(
        parquetWriteBuffer({ columnData: COLUMNS.map(({ name }, i) => ({ name, data: good.map((row) => row[i]) })) as never }),
      );
      const formats: [DataClaim["format"], string | Uint8Array][] = [
        ["csv", csvOf(good)],
        ["jsonl", jsonl],
        ["parquet", parquet],
      ];
      for (const [format, content] of formats) {
        const all = [files.add(content)];
        const claim = await claimOf(all, { format });
        expect(await checkData(claim, partsOf(files), RULES), format).to.deep.equal({
          proofHash: dataProofHash({ files: all }),
          completeness: 1_000n,
          accuracy: 1_000n,
          uniqueness: 1_000n,
          units: WAD,
          quality: WAD,
          confidence: (WAD * 2n) / 5n,
          impact: WAD,
        });
      }
    });

    it("P338: has the same proof hash whoever brings the files, in whatever order", async () => {
      const [a, b] = [files.add("a"), files.add("b")];
      expect(dataProofHash({ files: [a, b] })).to.equal(dataProofHash({ files: [b, a] }));
      expect(dataProofHash({ files: [a] })).to.not.equal(dataProofHash({ files: [b] }));
    });

    it("P338: weighs completeness 0.3, accuracy 0.4 and uniqueness 0.3, in whole thousandths", async () => {
      // A fifth of the days is missing, a quarter of the rows comes twice, ratings are 4 and 5.
      const rows: Row[] = [...good.slice(0, 90), ...good.slice(0, 30)].map((row, i) => (i % 5 === 0 ? row.with(3, "") : row));
      const all = [files.add(csvOf(rows))];
      const claim = await claimOf(all, { reviews: await reviews(dataProofHash({ files: all }), 4, 5) });
      const verdict = await checkData(claim, partsOf(files), RULES);
      expect(verdict).to.deep.include({ completeness: 960n, accuracy: 750n, uniqueness: 750n });
      expect(verdict.quality).to.equal(((960n * 3n + 750n * 4n + 750n * 3n) / 10n) * THOUSANDTH);
    });

    it("P359: has columns of any name, also those that objects have by themselves", async () => {
      const names = ["id", "__proto__", "constructor", "day", "toString"];
      const columns = COLUMNS.map((column, i) => ({ ...column, name: names[i]! }));
      const cells = (row: Row) => row.map((cell, i) => `${JSON.stringify(names[i])}:${JSON.stringify(cell)}`);
      const parquet = parquetWriteBuffer({
        columnData: names.map((name, i) => ({ name, data: good.map((row) => row[i]) })) as never,
      });
      const formats: [DataClaim["format"], string | Uint8Array][] = [
        ["csv", csvOf(good, names)],
        ["jsonl", good.map((row) => `{${cells(row).join()}}`).join("\n")],
        ["parquet", new Uint8Array(parquet)],
      ];
      for (const [format, content] of formats) {
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
        expect(await readRows(format, bytes, columns, RULES), format).to.deep.equal(good);
        const verdict = await checkData(await claimOf([files.add(content)], { format, columns }), partsOf(files), RULES);
        expect(verdict, format).to.deep.include({ completeness: 1_000n, uniqueness: 1_000n });
      }
      // A column that is missing is missing, whatever objects have by that name.
      const without = good.map((row) => `{${cells(row).toSpliced(1, 1).join()}}`).join("\n");
      const verdict = await checkData(await claimOf([files.add(without)], { format: "jsonl", columns }), partsOf(files), RULES);
      expect(verdict.completeness).to.equal(800n);
    });

    it("P338: can hand the same claim in again, such as to a second verifier's look", async () => {
      const parts = partsOf(files);
      const claim = await claimOf([files.add(csvOf(good))]);
      const first = await checkData(claim, { ...parts, profile: profileOf }, RULES);
      expect(await checkData(claim, { ...parts, profile: profileOf }, RULES)).to.deep.equal(first);
    });
  });

  describe("when rows are compared", () => {
    const sign = (tokens: string[]) => {
      const signature = new Uint32Array(PLACES);
      signInto(signature, tokens);
      return signature;
    };

    it("P339: estimates the share in common within 0.2, and 0.05 on average", () => {
      const random = new Random(52);
      let error = 0;
      for (let i = 0; i < 100; i++) {
        const [common, each] = [random.int(1, 60), random.int(0, 60)];
        const shared = Array.from({ length: common }, () => words(random, 5));
        const other = () => [...shared, ...Array.from({ length: each }, () => words(random, 5))];
        const off = Math.abs(likeness(sign(other()), sign(other())) - common / (common + 2 * each));
        expect(off).to.be.lessThan(0.2);
        error += off / 100;
      }
      expect(error).to.be.lessThan(0.05);
    });

    it("P339: finds at least 99 % of 1,000 near copies among 3,000 texts, and nothing else", async () => {
      const random = new Random(53);
      const texts = Array.from({ length: 2_000 }, () => words(random, 60).split(" "));
      // Two of 60 words changed leave at least 0.8 of the runs of three words.
      const near = texts.slice(0, 1_000).map((text) => text.with(random.int(0, 59), "changed").with(random.int(0, 59), "too"));
      const signatures = new Uint32Array(3_000 * PLACES);
      [...texts, ...near].forEach((text, i) =>
        signInto(signatures.subarray(i * PLACES, (i + 1) * PLACES), tokensOfText(text.join(" "))),
      );
      const index = new MemoryLikeness();
      await index.add("one", signatures.subarray(0, 2_000 * PLACES));
      const repeated = await index.repeated("two", signatures.slice(1_000 * PLACES));
      expect(repeated.slice(0, 1_000).filter((is) => is)).to.have.length(1_000);
      expect(repeated.slice(1_000).filter((is) => is).length).to.be.at.least(990);
      expect((await new MemoryLikeness().repeated("three", signatures.subarray(0, 2_000 * PLACES))).some((is) => is)).to.equal(
        false,
      );
    });

    it("P339: sees no difference in order, case, spaces and the fourth digit, and one in the values", () => {
      const row = ["Lima ", 12.3456, true, null];
      expect(tokensOfRow(row)).to.have.members(tokensOfRow([true, "lima", 12.3499, null]));
      expect(tokensOfRow(row)).to.not.have.members(tokensOfRow(["Lima", 12.5, true, null]));
      expect(tokensOfRow([1, 1])).to.deep.equal(["1#1", "1#2"]);
    });
  });

  describe("when reviews are judged", () => {
    const all = [files.add(csvOf(good))];
    const hash = dataProofHash({ files: all });
    const judge = async (made: Promise<unknown>[], changes = {}) =>
      faultOf(async () =>
        checkData(
          await claimOf(all, { reviews: (await Promise.all(made)) as never }),
          { ...partsOf(files, changes), profile: profileOf },
          RULES,
        ),
      );

    it("P340: takes none that is late, of the future, or too few", async () => {
      const by = (reviewedAt: number) => review(peers[0]!, hash, 5, reviewedAt);
      const second = () => review(peers[1]!, hash, 5);
      expect(await judge([by(NOW), second()])).to.equal(undefined);
      expect(await judge([by(NOW - 30 * 86_400), second()])).to.equal(undefined);
      expect(await judge([by(NOW + 1), second()])).to.equal("BAD_REVIEW");
      expect(await judge([by(NOW - 30 * 86_400 - 1), second()])).to.equal("BAD_REVIEW");
      expect(await judge([second()])).to.equal("NOT_ENOUGH_REVIEWS");
      expect(await judge([])).to.equal("NOT_ENOUGH_REVIEWS");
    });

    it("P340: takes a contract's signature when the contract does", async () => {
      const wallet = "0x0000000000000000000000000000000000000011";
      const made = { ...(await review(peers[0]!, hash, 5)), reviewer: wallet, signature: "0x1234" };
      const asked: unknown[] = [];
      const changes = (accepts: boolean) => ({
        isContributor: () => Promise.resolve(true),
        walletAccepts: (...args: unknown[]) => (asked.push(args.toSpliced(1, 1)), Promise.resolve(accepts)),
      });
      expect(await judge([Promise.resolve(made), review(peers[1]!, hash, 5)], changes(true))).to.equal(undefined);
      expect(await judge([Promise.resolve(made), review(peers[1]!, hash, 5)], changes(false))).to.equal("BAD_REVIEW");
      expect(asked[0]).to.deep.equal([made.reviewer, "0x1234"]);
      expect(await judge([Promise.resolve(made), review(peers[1]!, hash, 5)])).to.equal("BAD_REVIEW");
    });
  });

  describe("given bad input", () => {
    const check = (content: string | Uint8Array, changes: Partial<DataClaim> = {}, rules: DataRules = RULES) =>
      faultOf(async () =>
        checkData(await claimOf([files.add(content)], changes), { ...partsOf(files), profile: profileOf }, rules),
      );
    const checkInThread = (content: string | Uint8Array, changes: Partial<DataClaim> = {}, rules: DataRules = RULES) =>
      faultOf(async () => checkData(await claimOf([files.add(content)], changes), partsOf(files), rules));
    const parquetOf = (data: unknown[], name = "a", codec: "SNAPPY" | "UNCOMPRESSED" = "SNAPPY") =>
      new Uint8Array(parquetWriteBuffer({ columnData: [{ name, data }] as never, codec }));
    const one: Column[] = [{ name: "a", type: "string" }];

    it("P334: refuses tables that cannot be read", async () => {
      expect(await check(Uint8Array.of(0xff, 0xfe, 0x41))).to.equal("BAD_DATA");
      expect(await check(`${csvOf(good)}\n"never closed`)).to.equal("BAD_DATA");
      expect(await check(`${csvOf(good)}\n1,2,3`)).to.equal("BAD_DATA");
      expect(await check("[1]\n", { format: "jsonl" })).to.equal("BAD_DATA");
      expect(await check('{"id":1', { format: "jsonl" })).to.equal("BAD_DATA");
      expect(await check('{"__proto__x":1}', { format: "jsonl" })).to.equal("BAD_DATA");
      const whole = parquetOf(good.map((row) => row[1]));
      expect(await check("PAR1 and no more", { format: "parquet" })).to.equal("BAD_DATA");
      expect(await check(whole.subarray(0, whole.length - 40), { format: "parquet" })).to.equal("BAD_DATA");
      const broken = whole.slice();
      broken.fill(0xff, 4, 60);
      expect(await checkInThread(broken, { format: "parquet", columns: one })).to.equal("BAD_DATA");
    });

    it("P334: refuses what is too large or too small, before it is unpacked", async () => {
      expect(await check(csvOf(good.slice(0, 99)))).to.equal("TOO_SMALL");
      expect(await check(csvOf(Array<Row>(1_001).fill(good[0]!)))).to.equal("TOO_LARGE");
      expect(await check('{"id":1}\n'.repeat(1_001), { format: "jsonl" })).to.equal("TOO_LARGE");
      expect(await check(csvOf([good[0]!.with(4, "x".repeat(70_000))]))).to.be.oneOf(["TOO_LARGE", "BAD_DATA"]);
      expect(await check(parquetOf(Array(1_001).fill("x")), { format: "parquet", columns: one })).to.equal("TOO_LARGE");
      // 50 kB in each of 1,000 rows, in a file of a few kB.
      const bomb = parquetOf(Array.from({ length: 1_000 }, () => "y".repeat(50_000)));
      expect(bomb.length).to.be.lessThan(2_000_000);
      expect(await checkInThread(bomb, { format: "parquet", columns: one }, { ...RULES, maxBytes: 20_000_000 })).to.equal(
        "TOO_LARGE",
      );
    });

    it("P334: is stopped when reading takes too long", async () => {
      const many = csvOf(rowsOf(new Random(54), 1_000));
      expect(await checkInThread(many, {}, { ...RULES, readTimeoutMs: 5 })).to.equal("TOO_SLOW");
    });

    it("P334: refuses files of another size, and parts that are too low", async () => {
      const file = files.add(csvOf(good));
      const claim = await claimOf([{ ...file, bytes: file.bytes + 1 }]);
      expect(await faultOf(() => checkData(claim, partsOf(files), RULES))).to.equal("SIZE_MISMATCH");
      const empty = good.map((row) => row.with(2, "").with(3, "").with(4, ""));
      expect(await check(csvOf(empty))).to.equal("BAD_DATA");
      expect(await check(csvOf(Array<Row>(ROWS).fill(good[0]!)))).to.equal("SEEN_BEFORE");
    });

    it("P334: refuses claims of another form", async () => {
      const claim = await claimOf([files.add(csvOf(good))]);
      const wrong: object[] = [
        { format: "xls" },
        { columns: [] },
        { columns: [...one, ...one] },
        { columns: [{ name: "a", type: "string", pattern: "(a+)+$" }] },
        { files: [] },
        { files: [{ sha256: "12", bytes: 1, url: "https://a.example" }] },
        { reviews: Array(21).fill(claim.reviews[0]) },
        { reviews: [{ ...claim.reviews[0]!, rating: 6 }] },
        { reviews: [{ ...claim.reviews[0]!, rating: 4.5 }] },
        { parents: ["0x12"] },
      ];
      for (const change of wrong) expect(await faultOf(() => parseClaim(dataClaim, { ...claim, ...change }))).to.equal("SCHEMA");
      expect(DATA_RULES.minReviews).to.equal(2);
    });
  });
});
