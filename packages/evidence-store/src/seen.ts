/**
 * What a check reads and writes of what was seen, as one transaction: it begins with the first question, when all files are fetched, and
 * ends with the check. Nothing of a refused claim is kept, and of two claims at once one comes after the other.
 */
import type { BlockLedger, ComputeParts, LikenessIndex, ModelParts, WorkBook } from "@ftns/evidence";
import type { Client } from "@ftns/service/database/client.ts";
import type { Database } from "@ftns/service/database/database.ts";
import type { Ask } from "./ask.ts";
import { PgLikeness } from "./likeness.ts";

/** Any number but that of migrations: checks wait for one another, not for anything else. */
const LOCK = 7_301_972;
/** So long a check waits for others (milliseconds). It fails then, and is not refused: it can be done again. */
const PATIENCE_MS = 60_000;
/** Values of one statement. */
const SLICE = 10_000;

export interface Seen {
  blocks: BlockLedger;
  works: WorkBook;
  takeUnits: ComputeParts["take"];
  named: ModelParts["named"];
  remember: ModelParts["remember"];
  documents: LikenessIndex;
  rows: LikenessIndex;
}

/**
 * Does `work`, and writes what it wrote, with what `also` writes of its result, in one step. Whatever `work` throws is thrown on, and nothing is
 * written.
 */
export async function withSeen<T>(
  database: Database,
  work: (seen: Seen) => Promise<T>,
  also?: (client: Client, result: T) => Promise<void>,
): Promise<T> {
  let begun: Promise<Client> | undefined;
  const ask: Ask = () => (begun ??= begin(database));
  let done = false;
  try {
    const result = await work(seenBy(ask));
    if (also) await also(await ask(), result);
    if (begun) await (await begun).query("COMMIT");
    done = true;
    return result;
  } finally {
    const client = await begun?.catch(() => undefined);
    const clean =
      done ||
      ((await client?.query("ROLLBACK").then(
        () => true,
        () => false,
      )) ??
        true);
    client?.release(!clean);
  }
}

async function begin(database: Database): Promise<Client> {
  const client = await database.connect();
  try {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${PATIENCE_MS}; SELECT pg_advisory_xact_lock(${LOCK})`);
    return client;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

function seenBy(ask: Ask): Seen {
  return {
    blocks: { take: (claim, digests, from, until) => takeBlocks(ask, claim, digests, from, until) },
    works: { take: (claim, names) => takeWorks(ask, claim, names) },
    takeUnits: (claim, job, first, units) => takeUnits(ask, claim, job, first, units),
    async named(task, except) {
      const sql = "SELECT named FROM named_classes WHERE task = $1 AND claim <> $2";
      const { rows } = await (await ask()).query<{ named: Buffer }>(sql, [task, except]);
      return rows.map(({ named }) => new Uint8Array(named));
    },
    async remember(task, claim, named) {
      const sql = "INSERT INTO named_classes (task, claim, named) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
      await (await ask()).query(sql, [task, claim, Buffer.from(named)]);
    },
    documents: new PgLikeness(ask, "documents"),
    rows: new PgLikeness(ask, "rows"),
  };
}

async function takeBlocks(
  ask: Ask,
  claim: string,
  digests: readonly string[],
  from: number,
  until: number,
): Promise<ReadonlySet<string>> {
  const client = await ask();
  const free = new Set<string>();
  for (let start = 0; start < digests.length; start += SLICE) {
    const slice = [...new Set(digests.slice(start, start + SLICE))];
    const { rows } = await client.query<{ digest: string; ours: boolean }>(
      `SELECT encode(digest, 'hex') AS digest, bool_and(claim = $2) AS ours FROM held_blocks
       WHERE digest IN (SELECT decode(one, 'hex') FROM unnest($1::text[]) AS one) AND starts < $4 AND ends > $3 GROUP BY digest`,
      [slice, claim, from, until],
    );
    const held = new Map(rows.map(({ digest, ours }) => [digest, ours]));
    const fresh = slice.filter((digest) => !held.has(digest));
    await client.query(
      "INSERT INTO held_blocks (digest, claim, starts, ends) SELECT decode(one, 'hex'), $2, $3, $4 FROM unnest($1::text[]) AS one",
      [fresh, claim, from, until],
    );
    for (const digest of slice) if (held.get(digest) ?? true) free.add(digest);
  }
  return free;
}

async function takeWorks(ask: Ask, claim: string, names: readonly string[]): Promise<boolean> {
  const client = await ask();
  const taken = "SELECT FROM works WHERE name = ANY($1::text[]) AND claim <> $2 LIMIT 1";
  if ((await client.query(taken, [names, claim])).rowCount! > 0) return false;
  const take = "INSERT INTO works (name, claim) SELECT one, $2 FROM unnest($1::text[]) AS one ON CONFLICT DO NOTHING";
  await client.query(take, [names, claim]);
  return true;
}

async function takeUnits(ask: Ask, claim: string, job: string, first: number, units: number): Promise<boolean> {
  const client = await ask();
  const sql = "SELECT claim FROM computed_units WHERE job = $1 AND starts < $3 AND ends > $2";
  const { rows } = await client.query<{ claim: string }>(sql, [job, first, first + units]);
  if (rows.some((row) => row.claim !== claim)) return false;
  if (rows.length > 0) return true;
  const take = "INSERT INTO computed_units (job, starts, ends, claim) VALUES ($1, $2, $3, $4)";
  await client.query(take, [job, first, first + units, claim]);
  return true;
}
