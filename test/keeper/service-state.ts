// States of a keeper's service, made up for tests of what is concluded from them.
import { parseEther } from "ethers";
import { parseConfig } from "@ftns/keeper/config/load.ts";
import type { Rules } from "@ftns/keeper/service/findings.ts";
import type { ServiceState } from "@ftns/keeper/service/logbook.ts";
import type { Vitals } from "@ftns/keeper/service/vitals.ts";

/** Milliseconds of the service's clock, and the chain's time then (seconds). */
export const NOW = 1_800_000_000_000;
export const CHAIN_NOW = BigInt(NOW / 1_000);
export const MINUTE = 60_000;

const config = parseConfig({
  mode: "local",
  chain: { rpcUrls: ["http://127.0.0.1"], chainId: 1 },
  account: { env: "K" },
  contracts: { history: `0x${"1".repeat(40)}` },
  jobs: { "record-price": {} },
});
export const RULES: Rules = { limits: config.limits, maxClockSkewSec: config.chain.maxClockSkewSec, blocksOnDemand: false };

export const vitalsWith = (change: Partial<Vitals> = {}): Vitals => ({
  head: { number: 100, timestamp: CHAIN_NOW - 5n, baseFee: 1n },
  balance: parseEther("1"),
  feed: { value: { price: 10n ** 8n, updatedAt: CHAIN_NOW - 600n, confidence: 10n ** 18n } },
  history: { value: { price: 10n ** 8n, recordedAt: CHAIN_NOW - 600n } },
  supply: { value: { multiplier: 10n ** 18n, lastAdjustedDay: 20_000n, suspendedUntil: 0n } },
  emergency: { value: { id: 0n, openedAt: 0n, open: false, triggers: [], effects: {} } },
  ...change,
});

/** A keeper that is well, but for the change. */
export const stateWith = (change: Partial<ServiceState> = {}): ServiceState => ({
  now: NOW,
  wallNow: NOW,
  openedAt: NOW - 60 * MINUTE,
  scheduledAt: NOW - 60 * MINUTE,
  sending: true,
  jobs: [{ job: "record-price", turnSec: 75, endedAt: NOW - 20_000, goodAt: NOW - 20_000, brokenRuns: 0 }],
  vitals: { at: NOW - 3_000, wallAt: NOW - 3_000, value: vitalsWith() },
  endpoints: [
    { host: "one.example", healthy: true, requests: 9, failures: 0, height: 100 },
    { host: "two.example", healthy: true, requests: 9, failures: 0, height: 100 },
  ],
  quorum: 1,
  failingSources: [],
  equivocations: [],
  flights: [],
  ...change,
});

export const withVitals = (change: Partial<Vitals>): Partial<ServiceState> => ({
  vitals: { at: NOW - 3_000, wallAt: NOW - 3_000, value: vitalsWith(change) },
});
