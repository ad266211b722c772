// How a verifier asks another one: bounded in time and size. What comes back is a stranger's word.
import type { z } from "zod/v4";

export interface PeerSettings {
  name: string;
  url: string;
  address: string;
}

/** The peer heard us, and did not do it. */
export class PeerRefusal extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(name: string, status: number, body: unknown) {
    const { code, error } = (body ?? {}) as { code?: unknown; error?: unknown };
    super(
      `${name}: ${typeof code === "string" ? code.slice(0, 40) : `status ${status}`}${typeof error === "string" ? `, ${error.slice(0, 200)}` : ""}`,
    );
    this.name = "PeerRefusal";
    this.status = status;
    this.body = body;
  }
}

const MAX_BYTES = 262_144;

export class PeerClient {
  readonly name: string;
  readonly address: string;
  readonly #base: string;
  readonly #timeoutMs: number;

  constructor({ name, url, address }: PeerSettings, timeoutMs: number) {
    this.name = name;
    this.address = address;
    this.#base = url.replace(/\/$/, "");
    this.#timeoutMs = timeoutMs;
  }

  /** An answer of the form `schema`, or an error: also a PeerRefusal. */
  async ask<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    { body, timeoutMs = this.#timeoutMs }: { body?: unknown; timeoutMs?: number } = {},
  ): Promise<z.output<Schema>> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.#base}${path}`, {
        signal: AbortSignal.timeout(timeoutMs),
        redirect: "error",
        headers: { accept: "application/json", ...(body !== undefined && { "content-type": "application/json" }) },
        ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
      });
      text = await this.#read(response);
    } catch (error) {
      const late = (error as Error).name === "TimeoutError";
      throw new Error(`${this.name}: ${late ? `no answer in ${timeoutMs} ms` : "cannot be reached"}`);
    }
    const given = parse(text);
    if (!response.ok) throw new PeerRefusal(this.name, response.status, given);
    const result = schema.safeParse(given);
    if (!result.success) throw new Error(`${this.name}: an answer of another form`);
    return result.data;
  }

  async #read(response: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > MAX_BYTES) throw new Error("too long");
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
