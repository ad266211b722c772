// Tables as they change from one version to the next: each step is done once, in its order, and never changed afterwards.
import { createHash } from "node:crypto";
import { ServiceError } from "../errors.ts";
import type { Client } from "./client.ts";

/** A step in the history of a database's tables. */
export interface Migration {
  /** Never used for another step. */
  name: string;
  sql: string;
}

/** Any number, the same for all services: only one process at a time changes the tables of a database. */
const LOCK = 7_301_971;

/** Does the steps of `migrations` that `client`'s database has not seen, inside the caller's transaction. */
export async function migrate(client: Client, migrations: readonly Migration[]): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
  await client.query(
    "CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, digest text NOT NULL, done_at timestamptz NOT NULL DEFAULT now())",
  );
  const { rows } = await client.query<{ name: string; digest: string }>("SELECT name, digest FROM migrations");
  const done = new Map(rows.map(({ name, digest }) => [name, digest]));
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = rows.find(({ name }) => !known.has(name));
  if (unknown) {
    throw new ServiceError(
      `The database has taken the step ${unknown.name}, which this version does not know.`,
      "A newer version or another service has used it: start that one, or give this service a database of its own.",
    );
  }
  for (const { name, sql } of migrations) {
    const digest = createHash("sha256").update(sql).digest("hex");
    const before = done.get(name);
    if (before === digest) continue;
    if (before !== undefined) {
      throw new ServiceError(
        `The database has taken the step ${name} in another form than this version has it.`,
        "A changed version has used it: start that one, or restore a copy from before.",
      );
    }
    await client.query(sql);
    await client.query("INSERT INTO migrations (name, digest) VALUES ($1, $2)", [name, digest]);
  }
}
