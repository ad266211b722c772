import { setTimeout as sleep } from "node:timers/promises";
import { type KeyContext, openSecret, openUrl } from "../config/keys.ts";
import type { AlertConfig } from "../config/watching.ts";
import { wordsOf } from "../errors.ts";
import { HttpClient } from "../http/client.ts";
import type { Secrets } from "../secrets.ts";
import type { Finding } from "../findings.ts";
import { type Speaker, payloadOf } from "./payloads.ts";
import { type Memory, type Message, planMessages } from "./plan.ts";

export interface ReceiverHooks {
  /** A message is through, or given up after all its tries. */
  ended(outcome: "sent" | "failed", reason?: string): void;
}

/** Pauses between the tries of a message (milliseconds). */
export const TRY_AFTER_MS = [1_000, 5_000, 15_000, 30_000, 60_000] as const;
const TIMEOUT_MS = 10_000;
/** Messages that wait at most; beyond it the oldest go, for the newest tell how things stand. */
const MAX_WAITING = 50;

/**
 * One receiver of alerts with its own memory and its own line of messages. It works beside everything else: nobody waits
 * for it, and what it cannot deliver it forgets, so that the trouble is told anew while it lasts.
 */
export class Receiver {
  readonly name: string;
  readonly #config: AlertConfig;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #client: HttpClient;
  readonly #speaker: Speaker;
  readonly #hooks: ReceiverHooks;
  readonly #pauses: readonly number[];
  readonly #secrets: Secrets;
  readonly #stopping = new AbortController();
  #memory: Memory = new Map();
  #waiting: Message[] = [];
  #working: Promise<void> | undefined;

  constructor(
    config: AlertConfig,
    index: number,
    speaker: Speaker,
    context: KeyContext,
    hooks: ReceiverHooks,
    pauses: readonly number[] = TRY_AFTER_MS,
  ) {
    this.name = config.name;
    this.#config = config;
    this.#speaker = speaker;
    this.#hooks = hooks;
    this.#pauses = pauses;
    this.#secrets = context.secrets;
    this.#url = openUrl(config.url, `alerts.${index}.url`, context);
    // Also where it stands in the file: whoever has it can speak in our name.
    context.secrets.add(this.#url);
    const token = "token" in config ? config.token : undefined;
    this.#headers = token
      ? { authorization: `Bearer ${openSecret(token.env, `alerts.${index}.token`, "a token", context)}` }
      : {};
    const rules = { timeoutMs: TIMEOUT_MS, retries: 0, minIntervalMs: 0, maxBytes: 65_536 };
    this.#client = new HttpClient(`The receiver ${config.name}`, rules);
  }

  /** Takes in what is wrong at `now` (milliseconds) and sends what is worth a message. */
  consider(findings: readonly Finding[], now: number): void {
    const { messages, memory } = planMessages(this.#memory, findings, now, this.#config);
    this.#memory = memory;
    for (const message of messages) this.#enqueue(message);
  }

  /** Says something that is no trouble, where that is wanted. */
  notice(title: string, detail: string): void {
    if (this.#config.minSeverity !== "info") return;
    this.#enqueue({ status: "notice", id: "notice", severity: "info", title, detail });
  }

  /** Ends after what waits has been tried, or after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    const late = sleep(graceMs, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined);
    await Promise.race([this.#working, late]);
    this.#stopping.abort();
    this.#waiting = [];
  }

  #enqueue(message: Message): void {
    if (this.#stopping.signal.aborted) return;
    this.#waiting.push(message);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  async #work(): Promise<void> {
    for (let message = this.#waiting.shift(); message; message = this.#waiting.shift()) await this.#deliver(message);
  }

  async #deliver(message: Message): Promise<void> {
    const body = this.#secrets.scrub(JSON.stringify(payloadOf(this.#config, message, this.#speaker, new Date())));
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#client.text(this.#url, { body, headers: this.#headers });
        this.#hooks.ended("sent");
        return;
      } catch (error) {
        const pause = this.#pauses[attempt];
        if (pause === undefined || this.#stopping.signal.aborted) {
          this.#forget(message);
          this.#hooks.ended("failed", wordsOf(error));
          return;
        }
        await sleep(pause, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined);
      }
    }
  }

  #forget({ id, status }: Message): void {
    const known = this.#memory.get(id);
    if (status !== "firing" || !known) return;
    const { toldAt: _, ...untold } = known;
    this.#memory = new Map(this.#memory).set(id, untold);
  }
}
