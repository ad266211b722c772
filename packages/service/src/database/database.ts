// A service's own database, behind a connection string or on the server of this machine.
import pg from "pg";
import { ServiceError, wordsOf } from "../errors.ts";
import type { Client } from "./client.ts";
import { type Migration, migrate } from "./migrate.ts";
import type { LocalServer } from "./server.ts";

/** Where a database is: on a server that somebody runs, or on our own. */
export type DatabasePlace = { url: string } | { server: LocalServer; name: string };

const PATIENCE_MS = 10_000;
const STATEMENT_MS = 120_000;
const MAX_CONNECTIONS = 8;
/** Of PostgreSQL: serialization_failure, deadlock_detected. */
const TRY_AGAIN = new Set(["40001", "40P01"]);
const TRIES = 5;

export class Database {
  readonly #pool: pg.Pool;
  readonly #server: LocalServer | undefined;

  private constructor(config: pg.PoolConfig, server: LocalServer | undefined) {
    this.#server = server;
    this.#pool = new pg.Pool({
      ...config,
      max: MAX_CONNECTIONS,
      connectionTimeoutMillis: PATIENCE_MS,
      statement_timeout: STATEMENT_MS,
      // What a transaction waits for in between is bounded too, so that one that hangs holds no lock for ever.
      idle_in_transaction_session_timeout: STATEMENT_MS,
    });
    // A connection that breaks while nobody uses it is replaced by the next one.
    this.#pool.on("error", () => undefined);
    // One that breaks between two questions would end the process: whoever asks next is told.
    this.#pool.on("connect", (client) => client.on("error", () => undefined));
  }

  /** Opens the database, makes it on a server of our own, and brings its tables up to date. */
  static async open(place: DatabasePlace, migrations: readonly Migration[]): Promise<Database> {
    if ("server" in place) {
      await place.server.ensure();
      await createOn(place.server, place.name);
    }
    const config = "url" in place ? { connectionString: place.url } : { ...place.server.place, database: place.name };
    const database = new Database(config, "url" in place ? undefined : place.server);
    try {
      await database.transaction((client) => migrate(client, migrations));
    } catch (error) {
      await database.#pool.end();
      if (error instanceof ServiceError) throw error;
      throw new ServiceError(
        `The database cannot be opened (${wordsOf(error)}).`,
        "Check database.url, and that the server runs.",
      );
    }
    return database;
  }

  /** One statement, or several in one text without values. */
  async query<Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]> {
    const client = await this.connect();
    try {
      return (await client.query<Row>(text, values as unknown[])).rows;
    } finally {
      client.release();
    }
  }

  /** A connection, which the caller must release. A server of our own that has gone is started again. */
  async connect(): Promise<Client> {
    try {
      return await this.#pool.connect();
    } catch (error) {
      if (this.#server === undefined) throw error;
      await this.#server.ensure();
      return this.#pool.connect();
    }
  }

  /** All that `work` writes, or nothing. Where two of them were in each other's way, `work` is done again. */
  async transaction<T>(work: (client: Client) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const client = await this.connect();
      let fault: unknown;
      try {
        await client.query("BEGIN");
        const result = await work(client);
        await client.query("COMMIT");
        return result;
      } catch (error) {
        fault = error;
        await client.query("ROLLBACK").catch(() => undefined);
      } finally {
        // A connection whose transaction may still be open is not used again.
        client.release(fault instanceof Error && !isOfPostgres(fault) ? fault : undefined);
      }
      if (attempt >= TRIES || !TRY_AGAIN.has((fault as { code?: string }).code ?? "")) throw fault;
    }
  }

  /** Closes all connections; a server of our own stops where nobody else uses it. */
  async close(): Promise<void> {
    await this.#pool.end();
    await this.#server?.stopIfUnused();
  }
}

const isOfPostgres = (error: Error): boolean => error instanceof pg.DatabaseError;

async function createOn(server: LocalServer, name: string): Promise<void> {
  const client = new pg.Client({ ...server.place, database: "postgres", connectionTimeoutMillis: PATIENCE_MS });
  await client.connect();
  try {
    const known = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (known.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    // Another process has made it meanwhile: duplicate_database, or unique_violation in the catalogue.
    if (!["42P04", "23505"].includes((error as { code?: string }).code ?? "")) throw error;
  } finally {
    await client.end();
  }
}
