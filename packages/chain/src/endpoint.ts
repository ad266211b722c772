import { retryAfterMs } from "@ftns/service/http/client.ts";
import { type Judgement, type Reply, type RpcRequest, isHex, judge } from "./replies.ts";

export interface EndpointRules {
  chainId: number;
  /** For one request, from its start to the last byte. */
  timeoutMs: number;
}

/** How an endpoint does, for status pages and metrics. */
export interface EndpointStatus {
  /** Host and port; with a number behind it where several endpoints have the same. Never a path or a key. */
  host: string;
  /** It has proven its chain, and nothing went wrong since. */
  healthy: boolean;
  /** Newest block that it told of. */
  height?: number;
  /** HTTP requests, and how many of its replies were of no use. */
  requests: number;
  failures: number;
  lastFailure?: { reason: string; at: Date };
}

/** Why nothing could be learnt from an endpoint, in words that follow its name. */
export class EndpointTrouble extends Error {}

const MAX_BYTES = 64 * 1024 * 1024;
const FIRST_COOL_DOWN_MS = 1_000;
const LONGEST_COOL_DOWN_MS = 300_000;

/** One JSON-RPC endpoint over HTTP: a request is bounded in time and size, and failures make it rest for longer and longer. */
export class Endpoint {
  readonly host: string;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #secrets: readonly string[];
  readonly #rules: EndpointRules;
  readonly #running = new Set<AbortController>();
  #proof: Promise<void> | undefined;
  #proven = false;
  #strikes = 0;
  /** Clock of `performance.now()`: when it began to rest and when it may be asked again. */
  #restsSince = 0;
  #readyAt = 0;
  #throttled = false;
  #requests = 0;
  #failures = 0;
  #lastFailure: EndpointStatus["lastFailure"];
  #height: number | undefined;

  constructor(url: string, host: string, rules: EndpointRules) {
    const parsed = new URL(url);
    const { username, password } = parsed;
    this.#headers = { "content-type": "application/json", accept: "application/json" };
    if (username || password) {
      const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      this.#headers["authorization"] = `Basic ${Buffer.from(pair).toString("base64")}`;
      parsed.username = parsed.password = "";
    }
    this.#url = parsed.href;
    this.host = host;
    this.#rules = rules;
    this.#secrets = [username, password, ...parsed.pathname.split("/"), parsed.search.slice(1), ...parsed.searchParams.values()]
      .filter((part) => part.length >= 8)
      .sort((a, b) => b.length - a.length);
  }

  /** It may be relied on: it has proven its chain, and nothing went wrong since. */
  get ready(): boolean {
    return this.#proven && this.rested;
  }

  /** Its last failure is long enough ago to look at it again. */
  get rested(): boolean {
    return performance.now() >= this.#readyAt;
  }

  get readyAt(): number {
    return this.#readyAt;
  }

  /** It wants no requests until `readyAt`. */
  get throttled(): boolean {
    return this.#throttled && !this.rested;
  }

  get status(): EndpointStatus {
    return {
      host: this.host,
      healthy: this.ready,
      requests: this.#requests,
      failures: this.#failures,
      ...(this.#height !== undefined && { height: this.#height }),
      ...(this.#lastFailure && { lastFailure: this.#lastFailure }),
    };
  }

  saw(height: number): void {
    this.#height = height;
  }

  /** Rests, at least for so long, and proves itself anew before it is believed again. */
  failed(reason: string, { since = performance.now(), atLeastMs = 0, throttled = false } = {}): void {
    this.#failures++;
    this.#lastFailure = { reason, at: new Date() };
    this.#proven = false;
    const now = performance.now();
    // Requests that failed together are one failure.
    if (since >= this.#restsSince) {
      this.#strikes++;
      this.#restsSince = now;
    }
    const growing = Math.min(FIRST_COOL_DOWN_MS * 2 ** (this.#strikes - 1), LONGEST_COOL_DOWN_MS);
    // Half of it is random, so that many keepers do not come back together.
    const restMs = Math.min(Math.max(growing * (0.5 + Math.random() / 2), atLeastMs), LONGEST_COOL_DOWN_MS);
    this.#readyAt = Math.max(this.#readyAt, now + restMs);
    this.#throttled = throttled;
  }

  /** Makes sure that this is the configured chain, unless it has shown so since its last failure. */
  async prove(): Promise<void> {
    if (this.#proven) return;
    this.#proof ??= this.#prove().finally(() => (this.#proof = undefined));
    await this.#proof;
  }

  /** One HTTP request. What it gives for each call is judged; throws EndpointTrouble when there is nothing to judge. */
  async ask(requests: readonly RpcRequest[]): Promise<Judgement[]> {
    await this.prove();
    const since = performance.now();
    const judgements = await this.#judgements(requests, since);
    const trouble = judgements.find((one) => one.kind === "trouble");
    if (trouble) this.failed(trouble.reason, { since });
    else this.#worked();
    return judgements;
  }

  close(): void {
    for (const request of this.#running) request.abort();
  }

  async #prove(): Promise<void> {
    const since = performance.now();
    const [judgement] = await this.#judgements([{ id: 0, method: "eth_chainId", params: [] }], since);
    const found = judgement?.kind === "answer" && "result" in judgement.reply ? judgement.reply.result : undefined;
    const { chainId } = this.#rules;
    if (isHex(found) && BigInt(found) === BigInt(chainId)) {
      this.#proven = true;
      return;
    }
    const reason = isHex(found)
      ? `serves chain ${BigInt(found)}, but the configuration says chain ${chainId}`
      : judgement?.kind === "trouble"
        ? judgement.reason
        : "does not answer like an Ethereum node";
    this.failed(reason, { since, ...(isHex(found) && { atLeastMs: LONGEST_COOL_DOWN_MS }) });
    throw new EndpointTrouble(reason);
  }

  #worked(): void {
    // Not at once back to nothing: one that fails every other time shall rest for longer, too.
    this.#strikes = Math.floor(this.#strikes / 2);
  }

  async #judgements(requests: readonly RpcRequest[], since: number): Promise<Judgement[]> {
    const body = await this.#exchange(requests, since);
    return requests.map((request) => {
      const found = body.filter((item) => item?.id === request.id);
      const reply = found.length === 1 ? this.#replyIn(found[0]!) : undefined;
      return reply ? judge(request, reply) : { kind: "trouble", reason: `left out an answer (${request.method})` };
    });
  }

  #replyIn(item: Record<string, unknown>): Reply | undefined {
    const { error } = item;
    if (error === undefined || error === null) return "result" in item ? { result: item["result"] } : undefined;
    if (typeof error !== "object") return undefined;
    const { code, message, data } = error as Record<string, unknown>;
    return {
      error: {
        ...(typeof code === "number" && { code }),
        message: this.#scrub(typeof message === "string" ? message : ""),
        ...(data !== undefined && { data: typeof data === "string" ? this.#scrub(data) : data }),
      },
    };
  }

  async #exchange(requests: readonly RpcRequest[], since: number): Promise<Record<string, unknown>[]> {
    const fail = (reason: string, rest = {}): never => {
      this.failed(reason, { since, ...rest });
      throw new EndpointTrouble(reason);
    };
    const payload = requests.map(({ id, method, params }) => ({ jsonrpc: "2.0", id, method, params }));
    const isBatch = payload.length > 1;
    this.#requests++;
    const running = new AbortController();
    const timer = setTimeout(() => running.abort("late"), this.#rules.timeoutMs);
    this.#running.add(running);
    let text: string;
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: this.#headers,
        body: JSON.stringify(isBatch ? payload : payload[0]),
        redirect: "error",
        signal: running.signal,
      });
      const { status, ok } = response;
      if (!ok) {
        await response.body?.cancel();
        const throttled = status === 429;
        const atLeastMs = throttled || status === 503 ? retryAfterMs(response.headers.get("retry-after")) : 0;
        fail(`answered with HTTP status ${status}`, { atLeastMs, throttled });
      }
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of response.body ?? []) {
        size += chunk.length;
        if (size > MAX_BYTES) fail(`sent more than ${MAX_BYTES} bytes`);
        chunks.push(chunk);
      }
      text = Buffer.concat(chunks).toString("utf8");
    } catch (error) {
      if (error instanceof EndpointTrouble) throw error;
      if (running.signal.reason === "late") return fail("did not answer in time");
      const code = ((error as Error).cause as { code?: unknown } | undefined)?.code;
      return fail(`cannot be reached${typeof code === "string" ? ` (${code})` : ""}`);
    } finally {
      clearTimeout(timer);
      this.#running.delete(running);
    }

    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return fail("does not answer like an Ethereum node: it sent no valid JSON");
    }
    if (isBatch && !Array.isArray(body)) {
      const message = (body as { error?: { message?: unknown } } | null)?.error?.message;
      const words = typeof message === "string" ? `: "${this.#scrub(message).slice(0, 120)}"` : "";
      return fail(`gave no list for a list of calls${words}`);
    }
    return (Array.isArray(body) ? body : [body]) as Record<string, unknown>[];
  }

  /** Some servers repeat the key of a request in what they complain about. */
  #scrub(text: string): string {
    return this.#secrets.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, "[secret]"), text);
  }
}

/** Names for endpoints that hold no secret: the host, numbered where it comes again. */
export function hostsOf(urls: readonly string[]): string[] {
  const hosts = urls.map((url) => new URL(url).host);
  return hosts.map((host, index) => {
    const before = hosts.slice(0, index).filter((other) => other === host).length;
    return before === 0 ? host : `${host} #${before + 1}`;
  });
}
