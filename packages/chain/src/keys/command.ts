import { spawn } from "node:child_process";
import { resolve } from "node:path";
import {
  type TypedDataDomain,
  type TypedDataField,
  Signature,
  Transaction,
  TypedDataEncoder,
  dataSlice,
  getAddress,
  recoverAddress,
  toBeHex,
} from "ethers";
import { ServiceError } from "@ftns/service/errors.ts";
import type { KeySigner, UnsignedTransaction } from "./signer.ts";

export interface CommandSettings {
  /** Path and arguments; a path with a slash is relative to `cwd`. No shell is involved. */
  command: readonly string[];
  address: string;
  timeoutMs: number;
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** What is to be signed, as the command reads it from stdin. The digest is the 32 bytes that the signature must fit. */
type Request = { kind: "transaction"; transaction: Record<string, string | number> } | { kind: "typed-data"; typedData: unknown };

const MAX_ANSWER_BYTES = 65_536;
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * Signs by asking a command: one process for each signature, one JSON object on its stdin, `{"signature": "0x..."}` on
 * its stdout. A signature is used only if it is this address's for this very digest. What the command writes to stderr is
 * not repeated, for nobody knows what it holds.
 */
export class CommandSigner implements KeySigner {
  readonly address: string;
  readonly #field: string;
  readonly #settings: CommandSettings;

  constructor(field: string, settings: CommandSettings) {
    this.#field = field;
    this.#settings = settings;
    this.address = getAddress(settings.address);
  }

  async signTransaction(unsigned: UnsignedTransaction): Promise<string> {
    const transaction = Transaction.from({ value: 0n, ...unsigned });
    const fields = Object.fromEntries(
      Object.entries({ value: 0n, ...unsigned }).map(([name, value]) => [
        name,
        typeof value === "bigint" ? value.toString() : value,
      ]),
    );
    transaction.signature = await this.#sign(transaction.unsignedHash, { kind: "transaction", transaction: fields });
    return transaction.serialized;
  }

  async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    const typedData: unknown = TypedDataEncoder.getPayload(domain, types, value);
    const digest = TypedDataEncoder.hash(domain, types, value);
    return (await this.#sign(digest, { kind: "typed-data", typedData })).serialized;
  }

  async #sign(digest: string, request: Request): Promise<Signature> {
    const question = { version: 1, address: this.address, digest, ...request };
    const answer = await this.#ask(`${JSON.stringify(question)}\n`);
    const signature = fitting(signatureIn(answer), digest, this.address);
    if (signature) return signature;
    throw this.#fail(
      `did not answer with a signature of ${this.address} for what it was asked to sign`,
      'It must print {"signature": "0x..."} (64 or 65 bytes) and hold the key of the configured address.',
    );
  }

  #ask(question: string): Promise<string> {
    const { command, cwd, env, timeoutMs } = this.#settings;
    const [name, ...args] = command;
    const path = name!.includes("/") ? resolve(cwd, name!) : name!;
    return new Promise((done, fail) => {
      const child = spawn(path, args, { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        fail(this.#fail(`did not answer within ${timeoutMs} ms`, "Check what it waits for."));
      }, timeoutMs);
      let answer = "";
      child.stdout.on("data", (chunk: Buffer) => {
        answer += chunk.toString("utf8");
        if (answer.length > MAX_ANSWER_BYTES) child.kill("SIGKILL");
      });
      // A command that ends without reading breaks the pipe; its exit code tells more.
      child.stdin.on("error", () => undefined);
      child.on("error", (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        fail(this.#fail(`cannot be started (${error.code ?? "unknown error"})`, "Check its path and permissions."));
      });
      child.on("close", (code, signal) => {
        clearTimeout(timer);
        if (code === 0) done(answer);
        else fail(this.#fail(`ended with ${signal ?? `code ${code}`}`, "Run it by hand to see why."));
      });
      child.stdin.end(question);
    });
  }

  #fail(what: string, hint: string): ServiceError {
    return new ServiceError(`${this.#field}: the signing command ${what}.`, hint);
  }
}

function signatureIn(answer: string): string | undefined {
  try {
    const { signature } = JSON.parse(answer) as { signature?: unknown };
    return typeof signature === "string" && /^0x([0-9a-f]{128}|[0-9a-f]{130})$/i.test(signature) ? signature : undefined;
  } catch {
    return undefined;
  }
}

/** Vaults give r and s alone, and often the higher of the two possible s, which chains refuse: both are made good here. */
function fitting(given: string | undefined, digest: string, address: string): Signature | undefined {
  if (given === undefined) return undefined;
  const r = dataSlice(given, 0, 32);
  const high = BigInt(dataSlice(given, 32, 64));
  if (high > CURVE_ORDER) return undefined;
  const s = toBeHex(high > CURVE_ORDER / 2n ? CURVE_ORDER - high : high, 32);
  for (const v of [27, 28]) {
    try {
      const signature = Signature.from({ r, s, v });
      if (recoverAddress(digest, signature) === address) return signature;
    } catch {
      // No point of the curve: not this one.
    }
  }
  return undefined;
}
