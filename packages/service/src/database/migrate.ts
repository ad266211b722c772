// Tables as they change from one version to the next: each step is done once, in its order, and never changed afterwards.
import { createHash } from "node:crypto";
import { ServiceError } from "../errors.ts";
import type { Client } from "./database.ts";

/** Any number, the same for all services: only one process at a time changes the tables of a database. */
const LOCK = 7_301_971;

/** Does the steps of `migrations` that `client`'s database has not seen, inside the caller's transaction. */
export async function migrate(client: Client, migrations: readonly string[]): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
  await client.query(
    "CREATE TABLE IF NOT EXISTS migrations (step integer PRIMARY KEY, digest text NOT NULL, done_at timestamptz NOT NULL DEFAULT now())",
  );
  const { rows } = await client.query<{ digest: string }>("SELECT digest FROM migrations ORDER BY step");
  const digests = migrations.map((text) => createHash("sha256").update(text).digest("hex"));
  if (rows.length > migrations.length) {
    throw new ServiceError(
      `The database has ${rows.length} steps of its tables' history, and this version knows ${migrations.length}.`,
      "A newer version has used it: start that one, or restore a copy from before.",
    );
  }
  const changed = rows.findIndex(({ digest }, index) => digest !== digests[index]);
  if (changed >= 0) {
    throw new ServiceError(
      `Step ${changed + 1} of the database's history is not the one that this version knows.`,
      "It is another service's database, or a changed version's: give each service a database of its own.",
    );
  }
  for (let step = rows.length; step < migrations.length; step++) {
    await client.query(migrations[step]!);
    await client.query("INSERT INTO migrations (step, digest) VALUES ($1, $2)", [step + 1, digests[step]]);
  }
}
