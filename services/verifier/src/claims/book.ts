// What is known of claims, and every change of it. Each method is one statement or one transaction.
import type { Answer, Figures } from "@ftns/evidence";
import type { Client } from "@ftns/service/database/client.ts";
import type { Database } from "@ftns/service/database/database.ts";
import { type ClaimRecord, type ClaimRow, type Plain, plain, type Proof, recordOf } from "./record.ts";

/** Refused claims and answered requests are remembered for so long. */
const KEPT = "7 days";

export interface PlannedChallenge {
  at: number;
  gateway: number;
  path: readonly { cid: string; bytes?: number }[];
}

export interface OpenChallenge extends PlannedChallenge {
  root: string;
  number: number;
}

export class ClaimBook {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async byRoot(root: string): Promise<ClaimRecord | undefined> {
    return one(await this.#database.query<ClaimRow>("SELECT * FROM claims WHERE root = $1", [root]));
  }

  /** The claim of a proof: of several the one that was measured, then the latest. */
  async byProof(proofHash: string): Promise<ClaimRecord | undefined> {
    const sql = "SELECT * FROM claims WHERE proof_hash = $1 ORDER BY state = 'measured' DESC, changed_at DESC LIMIT 1";
    return one(await this.#database.query<ClaimRow>(sql, [proofHash]));
  }

  /** Those whose time to be checked has come, the oldest first. */
  async due(now: number, limit: number): Promise<ClaimRecord[]> {
    const sql = "SELECT * FROM claims WHERE state IN ('new', 'challenged') AND due_at <= $1 ORDER BY due_at LIMIT $2";
    return (await this.#database.query<ClaimRow>(sql, [now, limit])).map(recordOf);
  }

  /** Those that wait for signatures of peers, and those that peers have to be told of. */
  async gathering(notBefore: number, limit: number): Promise<ClaimRecord[]> {
    const sql = `SELECT * FROM claims WHERE state <> 'refused' AND gathers AND proof IS NULL
      AND coalesce(measured_at, $1) >= $1 ORDER BY changed_at DESC LIMIT $2`;
    return (await this.#database.query<ClaimRow>(sql, [notBefore, limit])).map(recordOf);
  }

  async challenged(root: string, dueAt: number, bytes: number, client: Client): Promise<void> {
    const sql =
      "UPDATE claims SET state = 'challenged', due_at = $2, bytes = $3, changed_at = now() WHERE root = $1 AND state = 'new'";
    await client.query(sql, [root, dueAt, bytes]);
  }

  async plan(root: string, challenges: readonly PlannedChallenge[], client: Client): Promise<void> {
    await client.query(
      `INSERT INTO challenges (root, number, at, gateway, path)
       SELECT $1, number, at, gateway, path FROM jsonb_to_recordset($2::jsonb) AS one(number integer, at bigint, gateway integer, path jsonb)`,
      [root, JSON.stringify(challenges.map((challenge, number) => ({ number, ...challenge })))],
    );
  }

  /** Challenges whose time has come and is not long past. */
  async openChallenges(now: number, notBefore: number, limit: number): Promise<OpenChallenge[]> {
    type Row = { root: string; number: number; at: string; gateway: number; path: { cid: string; bytes?: number }[] };
    const sql =
      "SELECT root, number, at, gateway, path FROM challenges WHERE answer IS NULL AND at <= $1 AND at >= $2 ORDER BY at LIMIT $3";
    const rows = await this.#database.query<Row>(sql, [now, notBefore, limit]);
    return rows.map((row) => ({ ...row, at: Number(row.at) }));
  }

  async answer(root: string, number: number, answer: Answer): Promise<void> {
    const sql = "UPDATE challenges SET answer = $3 WHERE root = $1 AND number = $2 AND answer IS NULL";
    await this.#database.query(sql, [root, number, JSON.stringify(answer)]);
  }

  /** Of the challenges that were put. */
  async answers(root: string): Promise<Answer[]> {
    const sql = "SELECT answer FROM challenges WHERE root = $1 AND answer IS NOT NULL ORDER BY number";
    return (await this.#database.query<{ answer: Answer }>(sql, [root])).map(({ answer }) => answer);
  }

  /** Writes what was measured; with `client` inside its transaction. */
  async measured(root: string, { units, quality, confidence }: Figures, at: number, client?: Client): Promise<void> {
    const sql = `UPDATE claims SET state = 'measured', units = $2, quality = $3, confidence = $4, measured_at = $5, changed_at = now()
      WHERE root = $1 AND state IN ('new', 'challenged')`;
    const values = [root, ...[units, quality, confidence].map(String), at];
    await (client === undefined ? this.#database.query(sql, values) : client.query(sql, values));
  }

  /** Of a refused claim the answer stays, and nothing else. */
  async refused(root: string, code: string, detail: string): Promise<void> {
    await this.#database.transaction(async (client) => {
      const sql = `UPDATE claims SET state = 'refused', code = $2, detail = $3, body = NULL, bytes = NULL, changed_at = now()
        WHERE root = $1 AND state IN ('new', 'challenged')`;
      await client.query(sql, [root, code, detail]);
      await client.query("DELETE FROM challenges WHERE root = $1", [root]);
      await client.query("DELETE FROM held_blocks WHERE claim = $1", [root]);
    });
  }

  async complete(root: string, proof: Proof): Promise<void> {
    const sql = "UPDATE claims SET proof = $2, changed_at = now() WHERE root = $1 AND proof IS NULL";
    await this.#database.query(sql, [root, JSON.stringify(plain(proof))]);
  }

  async counts(): Promise<Record<string, number>> {
    const sql = `SELECT CASE WHEN proof IS NOT NULL THEN 'complete' ELSE state END AS state, count(*)::int AS count FROM claims GROUP BY 1`;
    const rows = await this.#database.query<{ state: string; count: number }>(sql);
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  /** Seconds for which the oldest claim that is due has waited, and the number of overdue challenges. */
  async backlog(now: number): Promise<{ lateSec: number; dueClaims: number }> {
    const sql = `SELECT coalesce(max($1 - due_at), 0)::bigint AS late, count(*)::int AS due FROM claims
      WHERE state IN ('new', 'challenged') AND due_at <= $1`;
    const [row] = await this.#database.query<{ late: string; due: number }>(sql, [now]);
    return { lateSec: Number(row!.late), dueClaims: row!.due };
  }

  /** Forgets what nobody asks for again. */
  async tidy(now: number): Promise<void> {
    await this.#database.query(`DELETE FROM claims WHERE state = 'refused' AND changed_at < now() - interval '${KEPT}'`);
    await this.#database.query("DELETE FROM requests WHERE deadline < $1", [now]);
    await this.#database.query(
      "DELETE FROM challenges WHERE root IN (SELECT root FROM claims WHERE state = 'measured' AND changed_at < now() - interval '30 days')",
    );
  }
}

const one = (rows: readonly ClaimRow[]): ClaimRecord | undefined => (rows[0] === undefined ? undefined : recordOf(rows[0]));
export type PlainProof = Plain<Proof>;
