/**
 * Does what is due: puts challenges, checks claims, gathers signatures. All that it knows is in the database, so that it can stop at any
 * moment and go on at the next start.
 */
import { EvidenceFault, type StorageClaim } from "@ftns/evidence";
import { wordsOf } from "@ftns/service/errors.ts";
import { type Checking, checkClaim } from "../checks/run.ts";
import { put } from "../checks/storage.ts";
import { gather, type GatherParts, spread } from "../signing/gather.ts";
import { VALID_SEC } from "../signing/statement.ts";
import type { OpenChallenge } from "./book.ts";
import { claimOf } from "./kinds.ts";
import type { ClaimRecord } from "./record.ts";

export type EngineEvent =
  | { type: "checked"; kind: string; outcome: string; ms: number }
  | { type: "challenge"; answered: boolean }
  | { type: "gathered"; kind: string; ms: number }
  | { type: "trouble"; what: "check" | "challenge" | "spread" | "gather" | "look"; reason: string }
  | { type: "looked" };

export interface EngineParts {
  checking: Checking;
  gathering: GatherParts;
  limits: { lookMs: number; lateChallengeSec: number; checksAtOnce: number };
  tell(event: EngineEvent): void;
}

const CHALLENGES_AT_ONCE = 16;
const GATHERS_AT_ONCE = 8;
const CLAIMS_LOOKED_AT = 500;
const TIDY_MS = 600_000;
/** Between tries of what failed, growing; the first are soon, since peers finish their checks at about the same time. */
const RETRY_MS = [300, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 15_000, 15_000, 15_000, 15_000, 60_000, 300_000];

export class Engine {
  readonly #parts: EngineParts;
  readonly #running = new Map<string, Promise<void>>();
  readonly #retries = new Map<string, { tries: number; at: number }>();
  /** What gathering last waited for, by root. */
  readonly #waits = new Map<string, string>();
  /** Claims that all peers have heard of. */
  readonly #told = new Set<string>();
  readonly #watchers = new Map<string, Set<() => void>>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #stopped = false;
  #tidiedAt = 0;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  start(): void {
    void this.look();
  }

  /** One look at everything that is due; it does not wait for what it began. */
  look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (!this.#stopped) this.#timer = setTimeout(() => void this.look(), this.#parts.limits.lookMs);
    });
    return this.#looking;
  }

  /** Until nothing that is due is left, or `patienceMs` are over; for a single run. */
  async settle(patienceMs: number): Promise<void> {
    for (const end = performance.now() + patienceMs; performance.now() < end; ) {
      await this.look();
      if (this.#running.size === 0) return;
      await Promise.race(this.#running.values());
    }
  }

  waitsFor(root: string): string | undefined {
    return this.#waits.get(root);
  }

  /** Waits for a change of a claim, at most so long. */
  changed(root: string, timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const watchers = this.#watchers.get(root) ?? new Set();
      this.#watchers.set(root, watchers);
      const done = () => {
        clearTimeout(timer);
        watchers.delete(done);
        if (watchers.size === 0) this.#watchers.delete(root);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      watchers.add(done);
    });
  }

  get running(): number {
    return this.#running.size;
  }

  async stop(patienceMs: number): Promise<boolean> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const all = Promise.all([this.#looking, ...this.#running.values()]).then(() => true);
    let timer: NodeJS.Timeout;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), patienceMs)));
    return Promise.race([all, late]).finally(() => clearTimeout(timer));
  }

  async #look(): Promise<void> {
    const { checking, limits, tell } = this.#parts;
    const { clock, book } = checking;
    try {
      await clock.refresh();
      const now = clock.now();
      const open = await book.openChallenges(now, now - limits.lateChallengeSec, 4 * CHALLENGES_AT_ONCE);
      for (const challenge of open)
        this.#begin("challenge", `${challenge.root} ${challenge.number}`, CHALLENGES_AT_ONCE, () => this.#challenge(challenge));
      const unanswered = new Set(open.map(({ root }) => root));
      for (const record of await book.due(now, CLAIMS_LOOKED_AT)) {
        // What was planned is put before it is judged.
        if (record.state === "challenged" && unanswered.has(record.root)) continue;
        this.#begin("check", record.root, limits.checksAtOnce, () => this.#check(record));
      }
      for (const record of await book.gathering(now - VALID_SEC, CLAIMS_LOOKED_AT)) {
        if (record.state === "measured") this.#begin("gather", record.root, GATHERS_AT_ONCE, () => this.#gather(record));
        else if (!this.#told.has(record.root)) this.#begin("spread", record.root, GATHERS_AT_ONCE, () => this.#spread(record));
      }
      if (performance.now() - this.#tidiedAt > TIDY_MS) {
        this.#tidiedAt = performance.now();
        await book.tidy(now);
        for (const [key, { at }] of this.#retries) if (at < performance.now() - TIDY_MS) this.#retries.delete(key);
      }
      tell({ type: "looked" });
    } catch (error) {
      tell({ type: "trouble", what: "look", reason: wordsOf(error) });
    }
  }

  /** Begins `work` unless it runs already, it is too early to try again, or enough of its sort run. */
  #begin(sort: "challenge" | "check" | "spread" | "gather", name: string, most: number, work: () => Promise<boolean>): void {
    const key = `${sort} ${name}`;
    if (this.#stopped || this.#running.has(key)) return;
    if ((this.#retries.get(key)?.at ?? 0) > performance.now()) return;
    const same = [...this.#running.keys()].filter((one) => one.startsWith(`${sort} `));
    if (same.length >= most) return;
    const run = async () => {
      let done = false;
      try {
        done = await work();
      } catch (error) {
        this.#parts.tell({ type: "trouble", what: sort, reason: wordsOf(error) });
      }
      if (done) this.#retries.delete(key);
      else {
        const tries = (this.#retries.get(key)?.tries ?? 0) + 1;
        const pause = RETRY_MS[Math.min(tries, RETRY_MS.length) - 1]!;
        // Half of it is random: two verifiers that were in each other's way come apart.
        this.#retries.set(key, { tries, at: performance.now() + pause * (0.5 + Math.random() / 2) });
      }
      this.#running.delete(key);
    };
    this.#running.set(key, run());
  }

  async #challenge(challenge: OpenChallenge): Promise<boolean> {
    const { parts, book } = this.#parts.checking;
    const record = await book.byRoot(challenge.root);
    if (record?.body === undefined) return true;
    const answered = await put(challenge, claimOf(record.body.claim) as StorageClaim, parts, book);
    this.#parts.tell({ type: "challenge", answered });
    return true;
  }

  async #check(record: ClaimRecord): Promise<boolean> {
    const { checking, tell } = this.#parts;
    const started = performance.now();
    const ended = (outcome: string) => tell({ type: "checked", kind: record.kind, outcome, ms: performance.now() - started });
    try {
      const outcome = await checkClaim(record, checking);
      if (outcome !== "later") ended(outcome);
    } catch (error) {
      if (!(error instanceof EvidenceFault)) throw error;
      await checking.book.refused(record.root, error.code, error.detail);
      ended(error.code);
    }
    this.#tellWatchers(record.root);
    if (!this.#stopped) void this.look();
    return true;
  }

  /** Peers hear of a claim at once, so that each can look for itself while it lasts. */
  async #spread(record: ClaimRecord): Promise<boolean> {
    const voices = await spread(record, this.#parts.gathering);
    if (!voices.every(({ heard }) => heard)) return false;
    this.#told.add(record.root);
    return true;
  }

  async #gather(record: ClaimRecord): Promise<boolean> {
    const { gathering, tell } = this.#parts;
    const started = performance.now();
    const gathered = await gather(record, gathering);
    if ("waitsFor" in gathered) {
      this.#waits.set(record.root, gathered.waitsFor);
      return false;
    }
    this.#waits.delete(record.root);
    this.#told.delete(record.root);
    tell({ type: "gathered", kind: record.kind, ms: performance.now() - started });
    this.#tellWatchers(record.root);
    return true;
  }

  #tellWatchers(root: string): void {
    for (const watcher of [...(this.#watchers.get(root) ?? [])]) watcher();
  }
}
