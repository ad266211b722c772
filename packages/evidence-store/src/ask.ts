import type { Client } from "@ftns/service/database/client.ts";

/** Gives the connection of a check, whose transaction has begun. */
export type Ask = () => Promise<Client>;
