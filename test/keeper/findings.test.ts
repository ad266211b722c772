import { expect } from "chai";
import { parseEther } from "ethers";
import type { RunReport } from "@ftns/keeper/jobs/run.ts";
import { findingsOf } from "@ftns/keeper/service/findings.ts";
import type { Severity } from "@ftns/service/findings.ts";
import type { JobStanding, ServiceState } from "@ftns/keeper/service/logbook.ts";
import { CHAIN_NOW, MINUTE, NOW, RULES, stateWith, withVitals } from "./service-state.ts";

const REPORT: RunReport = { job: "record-price", outcome: "broken", reason: "the feed is silent" };
const job = (change: Partial<JobStanding>): Partial<ServiceState> => ({
  jobs: [{ job: "record-price", turnSec: 75, endedAt: NOW - 20_000, last: REPORT, brokenRuns: 0, ...change }],
});
const endpoint = (healthy: boolean, host: string) => ({ host, healthy, requests: 1, failures: healthy ? 0 : 1 });
const feed = (age: bigint, confidence = 10n ** 18n) =>
  withVitals({ feed: { value: { price: 1n, updatedAt: CHAIN_NOW - 5n - age, confidence } } });
const emergency = (change: object) =>
  withVitals({ emergency: { value: { id: 3n, openedAt: 1n, open: false, triggers: [], effects: {}, ...change } } });

type Row = [name: string, state: Partial<ServiceState>, id: string, severity: Severity, unhealthy: boolean, words: string];

describe("keeper findings", () => {
  describe("given a keeper that is well", () => {
    it("finds nothing", () => expect(findingsOf(stateWith(), RULES)).to.deep.equal([]));
  });

  describe("given a trouble", () => {
    const rows: Row[] = [
      [
        "a job broken three times",
        job({ brokenSince: NOW - 2 * MINUTE, brokenRuns: 3 }),
        "job-broken/record-price",
        "warning",
        false,
        "the feed is silent",
      ],
      [
        "a job broken for too long",
        job({ brokenSince: NOW - 16 * MINUTE, brokenRuns: 16 }),
        "job-broken/record-price",
        "critical",
        true,
        "16 runs",
      ],
      [
        "a job whose run does not end",
        job({ endedAt: NOW - 4 * MINUTE, runningSince: NOW - 3 * MINUTE }),
        "job-stuck/record-price",
        "critical",
        true,
        "one run takes 3 min",
      ],
      [
        "a job that does not start",
        job({ endedAt: NOW - 4 * MINUTE }),
        "job-stuck/record-price",
        "critical",
        true,
        "it does not start",
      ],
      [
        "an endpoint that fails",
        { endpoints: [endpoint(true, "a"), endpoint(false, "b")] },
        "endpoint-down/b",
        "warning",
        false,
        "not proven",
      ],
      [
        "too few endpoints",
        { quorum: 2, endpoints: [endpoint(true, "a")] },
        "endpoints-too-few",
        "critical",
        true,
        "1 of 1 endpoints can be used, and 2 must agree",
      ],
      [
        "a chain that cannot be read",
        { vitals: { ...stateWith().vitals!, at: NOW - 2 * MINUTE }, blind: { since: NOW, reason: "no answer" } },
        "chain-unreadable",
        "critical",
        true,
        "no answer",
      ],
      [
        "a chain that stands still",
        withVitals({ head: { number: 7, timestamp: CHAIN_NOW - 200n, baseFee: 1n } }),
        "head-old",
        "critical",
        true,
        "block 7",
      ],
      [
        "a slow clock",
        withVitals({ head: { number: 7, timestamp: CHAIN_NOW + 200n, baseFee: 1n } }),
        "clock-skew",
        "warning",
        false,
        "in its future",
      ],
      ["an account that runs low", withVitals({ balance: parseEther("0.05") }), "balance-low", "warning", false, "0.05"],
      ["an account that is all but empty", withVitals({ balance: parseEther("0.01") }), "balance-low", "critical", true, "0.01"],
      ["an old price", feed(7_201n), "price-stale", "critical", true, "2 h"],
      ["a feed without a round", withVitals({ feed: { value: undefined } }), "price-stale", "critical", true, "no round yet"],
      [
        "a feed that cannot be read",
        withVitals({ feed: { failure: "it reverted" } }),
        "price-stale",
        "critical",
        true,
        "it reverted",
      ],
      ["few reporters who agree", feed(60n, 5n * 10n ** 17n), "confidence-low", "warning", false, "50 %, below 60 %"],
      [
        "a source that fails",
        { failingSources: [{ source: "gecko", since: NOW - MINUTE, reason: "429" }] },
        "source-failing/gecko",
        "warning",
        false,
        "429",
      ],
      [
        "a reporter with two stories",
        { equivocations: [{ reporter: "0xab", at: NOW }] },
        "equivocation/0xab",
        "critical",
        false,
        "evidence",
      ],
      ["an emergency", emergency({ open: true, triggers: ["PRICE_CRASH"] }), "emergency-open", "critical", false, "PRICE_CRASH"],
      [
        "a halt",
        emergency({ effects: { HALT_TRANSACTIONS: CHAIN_NOW + 60n } }),
        "effect/HALT_TRANSACTIONS",
        "critical",
        false,
        "until 2027",
      ],
      [
        "a stuck transaction",
        { flights: [{ nonce: 5, hash: "0xcd", since: NOW - 11 * MINUTE, gaveUp: false }] },
        "transaction-stuck/5",
        "critical",
        false,
        "0xcd",
      ],
      [
        "a transaction that was given up",
        { flights: [{ nonce: 5, hash: "0xcd", since: NOW, gaveUp: true }] },
        "transaction-stuck/5",
        "critical",
        false,
        "0xcd",
      ],
      ["a reorganisation", { reorganisedAt: NOW - MINUTE }, "reorganised", "warning", false, "looks again"],
    ];
    for (const [name, change, id, severity, unhealthy, words] of rows) {
      it(`P141: names ${name}, how severe it is, and whether work goes on`, () => {
        const found = findingsOf(stateWith(change), RULES);
        expect(found.map((one) => one.id)).to.deep.equal([id]);
        expect(found[0]).to.include({ severity, unhealthy });
        expect(found[0]!.detail).to.include(words);
      });
    }
  });

  describe("given what is no trouble", () => {
    const calm: [string, Partial<ServiceState>][] = [
      ["a job that was broken twice", job({ brokenSince: NOW - MINUTE, brokenRuns: 2 })],
      ["a job that missed two turns", job({ endedAt: NOW - 150_000 })],
      ["a keeper without a schedule", { ...job({ endedAt: NOW - 99 * MINUTE }), scheduledAt: undefined as never }],
      [
        "a keeper that has just started",
        {
          openedAt: NOW - MINUTE,
          vitals: undefined as never,
          scheduledAt: NOW - MINUTE,
          jobs: [{ job: "record-price", turnSec: 75, brokenRuns: 0 }],
        },
      ],
      ["an empty account of a keeper that sends nothing", { ...withVitals({ balance: 0n }), sending: false }],
      ["a price of two hours", feed(7_200n)],
      ["a feed that knows no confidence", withVitals({ feed: { value: { price: 1n, updatedAt: CHAIN_NOW - 60n } } })],
      ["a transaction that was sent just now", { flights: [{ nonce: 5, hash: "0xcd", since: NOW - MINUTE, gaveUp: false }] }],
      ["a reorganisation of long ago", { reorganisedAt: NOW - 11 * MINUTE }],
    ];
    for (const [name, change] of calm) {
      it(`is silent about ${name}`, () => {
        const state = Object.fromEntries(Object.entries(stateWith(change)).filter(([, value]) => value !== undefined));
        expect(findingsOf(state as unknown as ServiceState, RULES)).to.deep.equal([]);
      });
    }
    it("does not judge the head's age where the chain's time is not the world's", () => {
      const old = withVitals({
        head: { number: 7, timestamp: 1_000n, baseFee: 1n },
        feed: { value: { price: 1n, updatedAt: 900n } },
      });
      expect(findingsOf(stateWith(old), { ...RULES, maxClockSkewSec: 0 })).to.deep.equal([]);
    });
  });
});
