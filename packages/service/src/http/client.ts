import { setTimeout as sleep } from "node:timers/promises";
import { ServiceError } from "../errors.ts";

/** How patiently and how often one server is asked. */
export interface HttpRules {
  /** For one try, from the request to the last byte. */
  timeoutMs: number;
  /** Further tries after a failure that may pass. */
  retries: number;
  /** Least time between two requests. */
  minIntervalMs: number;
  maxBytes: number;
}

export interface HttpRequest {
  headers?: Record<string, string>;
  /** JSON text to post; without it the request is a GET. */
  body?: string;
}

type Try = { text: string } | { fault: string; passing: boolean };

/** A read waits at most this long for its turn or for a retry; a server that asks for more is left alone until then. */
const LONGEST_PAUSE_MS = 5_000;
/** A server can ask for at most an hour of silence, or one wrong header would end a source for ever. */
const LONGEST_SILENCE_MS = 3_600_000;
const FIRST_BACKOFF_MS = 200;

/**
 * Reads JSON from one server: bounded in time, size and tries, and never more often than allowed. Errors name the
 * server by `who` and never by its URL, which may hold a key.
 */
export class HttpClient {
  readonly #who: string;
  readonly #rules: HttpRules;
  /** Clock of `performance.now()` before which nothing may be sent. */
  #nextAt = 0;

  constructor(who: string, rules: HttpRules) {
    this.#who = who;
    this.#rules = rules;
  }

  async json(url: string, request: HttpRequest = {}): Promise<unknown> {
    return this.#parse(await this.text(url, request));
  }

  /** The answer as it is. */
  async text(url: string, request: HttpRequest = {}): Promise<string> {
    for (let retry = 0; ; retry++) {
      await this.#turn();
      const result = await this.#try(url, request);
      if ("text" in result) return result.text;
      if (!result.passing || retry >= this.#rules.retries) throw this.fail(result.fault);
      // Half of the pause is random, so that several readers do not come back together.
      const pause = FIRST_BACKOFF_MS * 2 ** retry * (0.5 + Math.random() / 2);
      await sleep(Math.min(pause, LONGEST_PAUSE_MS));
    }
  }

  fail(reason: string): ServiceError {
    return new ServiceError(`${this.#who} ${reason}.`, "Check that the endpoint is up and its settings.");
  }

  /** Waits for the next time at which a request may be sent, and takes it. */
  async #turn(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#nextAt);
    const pause = at - now;
    if (pause > LONGEST_PAUSE_MS) {
      throw this.fail(`wants no request for another ${Math.ceil(pause / 1_000)} s, and gets none`);
    }
    this.#nextAt = at + this.#rules.minIntervalMs;
    if (pause > 0) await sleep(pause);
  }

  async #try(url: string, { headers, body }: HttpRequest): Promise<Try> {
    const { timeoutMs, maxBytes } = this.#rules;
    try {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          accept: "application/json",
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        redirect: "error",
        ...(body !== undefined && { method: "POST", body }),
      });
      this.#heed(response);
      if (!response.ok) {
        await response.body?.cancel();
        const passing = [408, 425, 429].includes(response.status) || response.status >= 500;
        return { fault: `answered with HTTP status ${response.status}`, passing };
      }
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of response.body ?? []) {
        size += chunk.length;
        if (size > maxBytes) return { fault: `sent more than ${maxBytes} bytes`, passing: false };
        chunks.push(chunk);
      }
      return { text: Buffer.concat(chunks).toString("utf8") };
    } catch (error) {
      const late = (error as Error).name === "TimeoutError";
      return { fault: late ? `did not answer within ${timeoutMs} ms` : "could not be reached", passing: true };
    }
  }

  /** Keeps silent for as long as the server asks, by Retry-After or because the allowance is used up. */
  #heed({ status, headers }: Response): void {
    const usedUp = numberIn(headers, "ratelimit-remaining", "x-ratelimit-remaining") === 0;
    const asked = [
      status === 429 || status === 503 ? retryAfterMs(headers.get("retry-after")) : 0,
      usedUp ? untilResetMs(numberIn(headers, "ratelimit-reset", "x-ratelimit-reset")) : 0,
    ];
    const silence = Math.min(Math.max(...asked), LONGEST_SILENCE_MS);
    this.#nextAt = Math.max(this.#nextAt, performance.now() + silence);
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.fail("gave no valid JSON");
    }
  }
}

/** RFC 9110: seconds, or a date. */
export function retryAfterMs(value: string | null): number {
  if (value === null) return 0;
  const pause = /^\d+$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(pause) ? Math.max(0, pause) : 0;
}

/** Some servers give the seconds that remain, others the time of the reset. */
function untilResetMs(reset: number | undefined): number {
  if (reset === undefined) return 0;
  return Math.max(0, reset > 1_000_000_000 ? reset * 1_000 - Date.now() : reset * 1_000);
}

function numberIn(headers: Headers, ...names: string[]): number | undefined {
  const text = names.map((name) => headers.get(name)).find((value) => value !== null);
  return text != null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}
