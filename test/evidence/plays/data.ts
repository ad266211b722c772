// How to be paid for data that is not there, not good or not new.
import { checkData, type DataClaim, dataProofHash, EvidenceFault, type SignedReview } from "@ftns/evidence";
import { profileOf } from "@ftns/evidence/data/profile.ts";
import { contributionValue, DEFAULT_BASE_RATES } from "@ftns/model";
import { Random } from "../../helpers/random.ts";
import { claimOf, COLUMNS, csvOf, type Row, ROWS, rowsOf, RULES, word } from "../data/world.ts";
import { author, Files, partsOf, peers, review, reviews, strangers } from "../people.ts";
import type { Play, Try } from "./play.ts";

const WAD = 10n ** 18n;
const RATE = DEFAULT_BASE_RATES[2]!;
const CLAIMED = contributionValue(WAD, RATE, WAD);

type Parts = ReturnType<typeof partsOf>;

async function tried(claim: DataClaim, parts: Parts): Promise<Try> {
  try {
    const { units, impact, quality } = await checkData(claim, { ...parts, profile: profileOf }, RULES);
    return { claimed: CLAIMED, credited: (contributionValue(units, RATE, impact) * quality) / WAD };
  } catch (error) {
    if (error instanceof EvidenceFault) return { claimed: CLAIMED, credited: 0n };
    throw error;
  }
}

/** A table that somebody else brought before, and `change` of it. */
const copying = (change: (rows: Row[], random: Random) => { rows: Row[]; columns?: typeof COLUMNS }) => async (index: number) => {
  const random = new Random(41, index);
  const files = new Files();
  const parts = partsOf(files);
  const rows = rowsOf(random);
  const honest = await tried(await claimOf([files.add(csvOf(rows))]), parts);
  if (honest.credited !== honest.claimed) throw new Error("the honest claim is not paid");
  const { rows: copied, columns = COLUMNS } = change(rows, random);
  const file = files.add(
    csvOf(
      copied,
      columns.map(({ name }) => name),
    ),
  );
  return tried(await claimOf([file], { columns, contributor: peers[4]!.address }), parts);
};

/** A new table of `rows`. */
const making =
  (make: (random: Random) => { rows: Row[]; columns?: typeof COLUMNS; names?: string[] }) => async (index: number) => {
    const files = new Files();
    const { rows, columns = COLUMNS, names = columns.map(({ name }) => name) } = make(new Random(42, index));
    return tried(await claimOf([files.add(csvOf(rows, names))], { columns }), partsOf(files));
  };

/** A good table with other reviews. */
const reviewedBy = (make: (proofHash: string) => Promise<SignedReview[]>) => async (index: number) => {
  const files = new Files();
  const all = [files.add(csvOf(rowsOf(new Random(43, index))))];
  return tried(await claimOf(all, { reviews: await make(dataProofHash({ files: all })) }), partsOf(files));
};

const shuffled = <T>(items: readonly T[], random: Random): T[] =>
  items
    .map((item) => ({ item, at: random.uint32() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

const kind = "DATA";
const tries = 5;

export const DATA_PLAYS: readonly Play[] = [
  {
    kind,
    attack: "copies a table, rows shuffled, columns renamed and in another order",
    cost: "all of the claim",
    tries,
    run: copying((rows, random) => ({
      rows: shuffled(rows, random).map((row) => row.toReversed()),
      columns: COLUMNS.toReversed().map(({ name, type }) => ({ name: `my ${name}`, type })),
    })),
  },
  {
    kind,
    attack: "copies a table, changes 3 % of the words and the last digits of numbers",
    cost: "all of the claim",
    tries,
    run: copying((rows, random) => ({
      rows: rows.map(([id, city, degrees, day, note]) => [
        id!,
        city!,
        (degrees as number) * (1 + random.int(-9, 9) * 1e-6),
        day!,
        String(note)
          .split(" ")
          .map((one) => (random.int(1, 100) <= 3 ? word(random) : one))
          .join(" "),
      ]),
    })),
  },
  {
    kind,
    attack: "copies two fifths of the rows",
    cost: "quality, by the share that it copied",
    tries,
    run: copying((rows, random) => ({ rows: [...rows.slice(0, (ROWS * 2) / 5), ...rowsOf(random, (ROWS * 3) / 5)] })),
  },
  {
    kind,
    attack: "names a thousand times the same row",
    cost: "all of the claim",
    tries,
    run: making((random) => ({ rows: Array<Row>(1_000).fill(rowsOf(random, 1)[0]!) })),
  },
  {
    kind,
    attack: "fills rows with n/a, unknown and dashes",
    cost: "all of the claim",
    tries,
    run: making((random) => ({ rows: rowsOf(random).map(([id, city]) => [id!, city!, "n/a", "--", "unknown"]) })),
  },
  {
    kind,
    attack: "writes words where numbers and dates should be",
    cost: "quality, by the share of wrong cells",
    tries,
    run: making((random) => ({
      rows: rowsOf(random).map(([id, city, , , note]) => [id!, city!, word(random), word(random), note!]),
    })),
  },
  {
    kind,
    attack: "does not name the columns that are nearly empty",
    cost: "all of the claim",
    tries,
    run: making((random) => ({
      rows: rowsOf(random).map((row) => [...row, ""]),
      names: [...COLUMNS.map(({ name }) => name), "secret"],
    })),
  },
  {
    kind,
    attack: "reviews its own work",
    cost: "all of the claim",
    tries,
    run: reviewedBy(async (hash) => [await review(author, hash, 5), await review(peers[0]!, hash, 5)]),
  },
  {
    kind,
    attack: "reviews by fresh keys of its own",
    cost: "all of the claim; keys that count need tier BASIC, and count four times in 30 days",
    tries,
    run: reviewedBy((hash) => Promise.all(strangers.map((key) => review(key, hash, 5)))),
  },
  {
    kind,
    attack: "names one reviewer twice",
    cost: "all of the claim",
    tries,
    run: reviewedBy(async (hash) => [await review(peers[0]!, hash, 5), await review(peers[0]!, hash, 5, 1_799_990_000)]),
  },
  {
    kind,
    attack: "takes reviews of another work",
    cost: "all of the claim",
    tries,
    run: reviewedBy(() => reviews(`0x${"11".repeat(32)}`, 5, 5)),
  },
  {
    kind,
    attack: "raises the ratings that others signed",
    cost: "all of the claim",
    tries,
    run: reviewedBy(async (hash) => (await reviews(hash, 2, 2)).map((one) => ({ ...one, rating: 5 }))),
  },
  {
    kind,
    attack: "adds a friend's 5 to two honest ratings of 2",
    cost: "all of the claim",
    tries,
    run: reviewedBy((hash) => reviews(hash, 2, 2, 5)),
  },
  {
    kind,
    attack: "shows reviewers another file than verifiers",
    cost: "all of the claim",
    tries,
    run: async (index) => {
      const files = new Files();
      const file = files.add(csvOf(rowsOf(new Random(44, index))));
      const claim = await claimOf([file]);
      files.replace(file, Buffer.alloc(file.bytes, "x"));
      return tried(claim, partsOf(files));
    },
  },
];
