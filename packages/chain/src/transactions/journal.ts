import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod/v4";
import { readState, writeState } from "@ftns/service/state/file.ts";
import { type Attempt, type Entry, readSigned } from "./entry.ts";

/** One file per account and chain. Amounts and hashes stand there for people; what counts is the signed transactions. */
const journalSchema = z.object({
  version: z.literal(1),
  chainId: z.number(),
  account: z.string(),
  nonce: z.number().int().min(0),
  attempts: z
    .array(
      z.object({
        job: z.string(),
        item: z.string().optional(),
        reason: z.string(),
        kind: z.enum(["call", "cancel"]),
        signedAt: z.number(),
        raw: z.string().max(200_000),
      }),
    )
    .min(1)
    .max(1_000),
});

/**
 * Remembers the transactions in flight across a restart. A hint only: the chain overrules it, and a journal that is missing,
 * broken or cannot be written costs patience, nothing else. It holds signed transactions, which are no secret, and no key.
 */
export class Journal {
  readonly path: string;
  readonly #chainId: number;
  readonly #account: string;
  readonly #warn: (message: string) => void;
  readonly #told = new Set<string>();

  constructor(stateDir: string, chainId: number, account: string, warn: (message: string) => void) {
    this.path = join(stateDir, `transactions-${chainId}-${account.toLowerCase()}.json`);
    this.#chainId = chainId;
    this.#account = account;
    this.#warn = warn;
  }

  async read(): Promise<Entry | undefined> {
    const { value, warning } = await readState(this.path, journalSchema);
    if (warning !== undefined) this.#warn(warning);
    if (!value) return undefined;
    try {
      const attempts = value.attempts.map(({ raw, job, item, reason, kind, signedAt }): Attempt => {
        const { from, nonce, chainId, ...signed } = readSigned(raw);
        if (from !== this.#account) throw new Error(`is of the account ${from}, not ${this.#account}`);
        if (chainId !== BigInt(this.#chainId)) throw new Error(`is of chain ${chainId}, not ${this.#chainId}`);
        if (nonce !== value.nonce) throw new Error(`has nonce ${nonce}, not ${value.nonce}`);
        return { job, ...(item !== undefined && { item }), reason, kind, signedAt, raw, ...signed };
      });
      return { nonce: value.nonce, attempts };
    } catch (error) {
      const why = (error as { shortMessage?: string }).shortMessage ?? (error as Error).message;
      this.#warn(`A transaction in the journal ${this.path} ${why.split("\n", 1)[0]!.slice(0, 200)}; it is left aside.`);
      return undefined;
    }
  }

  /** Writes everything that was signed for a nonce; before each broadcast, so that no crash can forget one. */
  async write({ nonce, attempts }: Entry): Promise<void> {
    this.#tell(
      await writeState(this.path, {
        version: 1,
        chainId: this.#chainId,
        account: this.#account,
        nonce,
        attempts: attempts.map(({ job, item, reason, kind, signedAt, hash, fees, raw }) => ({
          ...{ job, item, reason, kind, signedAt, hash },
          ...fees,
          raw,
        })),
      }),
    );
  }

  async clear(): Promise<void> {
    this.#tell(
      await rm(this.path, { force: true }).then(
        () => undefined,
        ({ code }: NodeJS.ErrnoException) => `The file ${this.path} cannot be removed (${code}); the chain overrules it.`,
      ),
    );
  }

  /** A disk that stays full is told once, not with every transaction. */
  #tell(warning: string | undefined): void {
    if (warning === undefined || this.#told.has(warning)) return;
    this.#told.add(warning);
    this.#warn(warning);
  }
}
