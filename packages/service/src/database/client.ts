import type pg from "pg";

/** A connection to a database, of which somebody else is the owner. */
export type Client = pg.PoolClient;
