import { getAddress } from "ethers";
import { wordsOf } from "@ftns/service/errors.ts";
import type { KeySigner } from "@ftns/chain/keys/signer.ts";
import { HttpClient } from "@ftns/service/http/client.ts";
import type { MarketReport } from "@ftns/model";
import { type Equivocation, ReportBook } from "./book.ts";
import type { ReportMemory } from "./memory.ts";
import { type Admission, type FeedId, type SignedMarketReport, digestOf, faultOf, signReports } from "./signed.ts";
import { REPORT_PATH, decodeReports, encodeReports } from "./wire.ts";

export interface Peer {
  name: string;
  /** Base, such as http://10.0.0.7:8080. */
  url: string;
}

/** What a peer answered: reports that nobody has checked yet, or why there are none. */
export type PeerAnswer = { peer: string; reports: SignedMarketReport[] } | { peer: string; fault: string };

export interface Gathered {
  /** Usable reports, the newest of each reporter, our own among them. */
  reports: SignedMarketReport[];
  /** Those reporters' usable reports of the last minutes, the newest among them: what replaces a round is older than it. */
  recent: SignedMarketReport[];
  /** What was left out, and why. */
  faults: string[];
  /** How many reporters the feed has. */
  registered: number;
}

const MAX_ANSWER_BYTES = 65_536;

/**
 * Reporters trade signed reports without a coordinator: each serves its own latest, asks its peers for theirs, and whoever
 * holds a quorum submits it. A peer is trusted in nothing: only what a registered reporter signed for this feed counts.
 */
export class Exchange {
  readonly #id: FeedId;
  readonly #signers: readonly KeySigner[];
  readonly #peers: { name: string; url: string; client: HttpClient }[];
  readonly #warn: (equivocation: Equivocation) => void;
  readonly #book = new ReportBook();
  readonly #memory: ReportMemory | undefined;
  /** Time of the latest observation that each of our reporters was asked to sign. */
  readonly #signedAt = new Map<string, bigint>();
  #own: SignedMarketReport[] = [];

  constructor(
    id: FeedId,
    signers: readonly KeySigner[],
    peers: readonly Peer[],
    timeoutMs: number,
    warn: (equivocation: Equivocation) => void,
    memory?: ReportMemory,
  ) {
    this.#id = { chainId: id.chainId, feed: getAddress(id.feed) };
    this.#signers = signers;
    this.#warn = warn;
    this.#memory = memory;
    const rules = { timeoutMs, retries: 1, minIntervalMs: 0, maxBytes: MAX_ANSWER_BYTES };
    this.#peers = peers.map(({ name, url }) => ({
      name,
      url: `${url.replace(/\/+$/, "")}${REPORT_PATH}`,
      client: new HttpClient(`The peer ${name}`, rules),
    }));
  }

  /** Takes up what was known before a restart, where it is written down. To be called once, before anything else. */
  async restore(): Promise<void> {
    await this.#memory?.load(this.#book);
    this.#own = this.#signers.flatMap(({ address }) => this.#book.latestOf(address) ?? []);
  }

  /** Our latest reports, as they are served. */
  get served(): string {
    return encodeReports(this.#id, this.#own);
  }

  /** Asks every peer at once; one that fails costs its own reports only. */
  ask(): Promise<PeerAnswer[]> {
    return Promise.all(
      this.#peers.map(async ({ name: peer, url, client }) => {
        try {
          return { peer, ...decodeReports(await client.json(url), this.#id) };
        } catch (error) {
          return { peer, fault: wordsOf(error) };
        }
      }),
    );
  }

  /**
   * Signs what our sources saw, once for each second: two reports of one second would contradict each other, whatever the
   * reason. They are written down before anybody sees them. Gives the reporters that could not sign, and why.
   */
  async publish(market: MarketReport, registered: readonly string[]): Promise<string[]> {
    const signing = this.#signers.filter(
      ({ address }) => registered.includes(address) && this.#isNew(address, market.observedAt),
    );
    for (const { address } of signing) this.#signedAt.set(address, market.observedAt);
    const faults: string[] = [];
    const signed = signing.map((signer) =>
      signReports(market, [signer], this.#id).catch((error: unknown) => {
        faults.push(`our reporter ${signer.address} could not sign: ${wordsOf(error)}`);
        return [];
      }),
    );
    const fresh = (await Promise.all(signed)).flat();
    for (const report of fresh) this.#book.note(report, digestOf(market, this.#id), market.observedAt);
    await this.#memory?.keep(this.#book);
    const replaced = new Set(fresh.map(({ reporter }) => reporter));
    this.#own = [...this.#own.filter(({ reporter }) => !replaced.has(reporter)), ...fresh];
    return faults;
  }

  /** Sorts the peers' reports and our own into usable ones and faults. */
  async settle(answers: readonly PeerAnswer[], admission: Admission): Promise<Gathered> {
    const faults: string[] = [];
    const newest = new Map<string, SignedMarketReport>();
    const take = (signed: SignedMarketReport, from: string) => {
      const fault = faultOf(signed, this.#id, admission);
      if (fault !== undefined) {
        faults.push(`the report of ${signed.reporter}${from}: ${fault}`);
        return;
      }
      const caught = this.#book.note(signed, digestOf(signed.report, this.#id), admission.now);
      if (caught) this.#warn(caught);
      const known = newest.get(signed.reporter);
      if (!known || known.report.observedAt < signed.report.observedAt) newest.set(signed.reporter, signed);
    };

    for (const signed of this.#own) take(signed, " (ours)");
    for (const answer of answers) {
      if ("fault" in answer) faults.push(`the peer ${answer.peer}: ${answer.fault}`);
      else for (const signed of answer.reports) take(signed, ` from ${answer.peer}`);
    }
    await this.#memory?.keep(this.#book);
    const usable = [...newest.values()].filter(({ reporter }) => {
      const leftOut = this.#book.isLeftOut(reporter, admission.now);
      if (leftOut) faults.push(`${reporter}: signed two different reports for the same time`);
      return !leftOut;
    });
    const recent = usable
      .flatMap(({ reporter }) => this.#book.reportsOf(reporter))
      .filter(
        ({ report }) => report.observedAt <= admission.now && report.observedAt + BigInt(admission.maxAgeSec) >= admission.now,
      );
    return { reports: usable, recent, faults, registered: admission.registered.length };
  }

  #isNew(address: string, observedAt: bigint): boolean {
    const told = this.#own.some(({ reporter, report }) => reporter === address && report.observedAt >= observedAt);
    return !told && !this.#book.knows(address, observedAt) && (this.#signedAt.get(address) ?? 0n) < observedAt;
  }
}
