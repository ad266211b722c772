/**
 * The one place where this verifier signs what the registry reads. One content for a proof, for ever: the row is written, the
 * signature made, the row committed, and only then anything told. Whatever ends the process in between, nothing that anyone knows of is
 * ever contradicted.
 */
import { type Contribution, hashContribution, signContribution, type SigningPlace } from "@ftns/sdk";
import type { KeySigner } from "@ftns/chain/keys/signer.ts";
import type { Client } from "@ftns/service/database/client.ts";
import type { Database } from "@ftns/service/database/database.ts";
import { contributionOf, type Plain, plain, type Signed } from "../claims/record.ts";

/** Another content of the same proof was signed before. */
export class SignedOtherwise extends Error {
  /** Undefined where it was signed in a batch. */
  readonly signed: Signed | undefined;

  constructor(signed: Signed | undefined) {
    super("another content of this proof was signed before");
    this.name = "SignedOtherwise";
    this.signed = signed;
  }
}

interface Row {
  form: "single" | "batch";
  digest: string;
  content: Plain<Contribution>;
  signature: string;
}

/** Stands in the row until the transaction that makes it ends: nobody else ever sees it. */
const NOT_YET = "";

export class ProofSigner {
  readonly address: string;
  readonly #key: KeySigner;
  readonly #place: SigningPlace;
  readonly #database: Database;

  constructor(key: KeySigner, place: SigningPlace, database: Database) {
    this.#key = key;
    this.#place = place;
    this.#database = database;
    this.address = key.address;
  }

  /** Signs `contribution`, or gives the signature that was made before under the very same. */
  async sign(contribution: Contribution): Promise<Signed> {
    const digest = hashContribution(this.#place, contribution);
    return this.#database.transaction(async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO signatures (proof_hash, form, digest, content, signature) VALUES ($1, 'single', $2, $3, $4)
         ON CONFLICT (proof_hash) DO NOTHING`,
        [contribution.proofHash, digest, JSON.stringify(plain(contribution)), NOT_YET],
      );
      if (rowCount === 0) {
        const before = await read(client, contribution.proofHash);
        if (before?.form !== "single" || before.digest !== digest) throw new SignedOtherwise(signedOf(before));
        return signedOf(before)!;
      }
      const signature = await signContribution(this.#key, this.#place, contribution);
      await client.query("UPDATE signatures SET signature = $2 WHERE proof_hash = $1", [contribution.proofHash, signature]);
      return { contribution, digest, signature };
    });
  }

  /** What was signed for a proof by itself. */
  async signed(proofHash: string): Promise<Signed | undefined> {
    const sql = "SELECT form, digest, content, signature FROM signatures WHERE proof_hash = $1";
    return signedOf((await this.#database.query<Row & Record<string, unknown>>(sql, [proofHash]))[0]);
  }

  async count(): Promise<number> {
    const [row] = await this.#database.query<{ count: number }>("SELECT count(*)::int AS count FROM signatures");
    return row!.count;
  }
}

async function read(client: Client, proofHash: string): Promise<Row | undefined> {
  const sql = "SELECT form, digest, content, signature FROM signatures WHERE proof_hash = $1";
  return (await client.query<Row>(sql, [proofHash])).rows[0];
}

function signedOf(row: Row | undefined): Signed | undefined {
  if (row === undefined || row.form !== "single") return undefined;
  return { contribution: contributionOf(row.content), digest: row.digest, signature: row.signature };
}
