import { chainGauges, fresh, transactionCounters } from "@ftns/chain/metrics.ts";
import type { Finding } from "@ftns/service/findings.ts";
import { Metrics } from "@ftns/service/metrics.ts";
import type { VerifierEvent } from "../events.ts";
import type { ServiceState } from "./logbook.ts";
import type { Vitals } from "./vitals.ts";

export interface MetricsSource {
  state(): ServiceState;
  findings(): Finding[];
  account: string;
  chainId: number;
}

const CHECK_BUCKETS = [0.1, 0.5, 1, 5, 15, 60, 300, 600];
const REQUEST_BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 30];
const CLAIM_STATES = ["new", "challenged", "measured", "complete", "refused"];

const fromWad = (value: bigint) => Number(value) / 1e18;

/** What Prometheus is told of a verifier. */
export class VerifierMetrics extends Metrics {
  readonly #note: (event: VerifierEvent) => void;

  constructor(source: MetricsSource) {
    super("ftns_verifier_", () => source.findings());
    const checks = this.counter("checks_total", "Checks of claims by kind and outcome, which is a code where it was refused", [
      "kind",
      "outcome",
    ]);
    const durations = this.histogram("check_duration_seconds", "How long checks took", ["kind"], CHECK_BUCKETS);
    const challenges = this.counter("challenges_total", "Challenges of storage that were put", ["answered"]);
    const proofs = this.counter("proofs_completed_total", "Proofs for which enough signatures were gathered", ["kind"]);
    const requests = this.counter("requests_total", "Requests by route and status", ["route", "status"]);
    const answers = this.histogram("request_duration_seconds", "How long answers took", ["route"], REQUEST_BUCKETS);
    const peers = this.counter("peer_answers_total", "What came of asking peers", ["peer", "outcome"]);
    const troubles = this.counter("troubles_total", "What failed and was tried again", ["what"]);
    const faults = this.counter("faults_total", "Requests that ended with a fault of our own");
    // A counter that is there from the start shows its first event as growth.
    for (const what of ["look", "check", "challenge", "spread", "gather"] as const) troubles.inc({ what }, 0);
    const transaction = transactionCounters(this);
    this.#note = (event) => {
      switch (event.type) {
        case "checked":
          checks.inc({ kind: event.kind, outcome: event.outcome });
          durations.observe({ kind: event.kind }, event.ms / 1_000);
          break;
        case "challenge":
          challenges.inc({ answered: String(event.answered) });
          break;
        case "gathered":
          proofs.inc({ kind: event.kind });
          break;
        case "request":
          requests.inc({ route: event.route, status: String(event.status) });
          answers.observe({ route: event.route }, event.ms / 1_000);
          break;
        case "peer":
          peers.inc({ peer: event.peer, outcome: event.outcome });
          break;
        case "trouble":
          troubles.inc({ what: event.what });
          break;
        case "fault":
          faults.inc();
          break;
        case "transaction":
          transaction(event.event);
      }
    };
    chainGauges(this, () => source.state());
    this.#gauges(source);
  }

  note(event: VerifierEvent): void {
    this.#note(event);
  }

  #gauges({ state, account, chainId }: MetricsSource): void {
    this.gauge("info", "The verifier's account and chain", ["account", "chain"], () => [
      [{ account, chain: String(chainId) }, 1],
    ]);
    this.gauge("start_timestamp_seconds", "When the verifier started", [], () => {
      const { now, wallNow, openedAt } = state();
      return [[{}, (wallNow - (now - openedAt)) / 1_000]];
    });
    this.gauge("look_age_seconds", "Since when it has not looked at what is due", [], () => {
      const { now, lookedAt } = state();
      return [[{}, (now - lookedAt) / 1_000]];
    });
    this.gauge("peer_silent_seconds", "For how long a peer has not answered", ["peer"], () => {
      const { now, peers } = state();
      return peers.map(({ peer, silentSince }) => [{ peer }, silentSince === undefined ? 0 : (now - silentSince) / 1_000]);
    });
    this.gauge("claims", "Claims by their state; of refused ones, those of the last days", ["state"], () => {
      const vitals = fresh(state());
      return CLAIM_STATES.map((name) => [{ state: name }, vitals && (vitals.claims[name] ?? 0)]);
    });
    const vital = (name: string, help: string, value: (vitals: Vitals) => number) =>
      this.gauge(name, help, [], () => {
        const vitals = fresh(state());
        return [[{}, vitals && value(vitals)]];
      });
    vital("late_seconds", "For how long the oldest claim that is due waits for its check", ({ lateSec }) => lateSec);
    vital("registered", "1 while governance counts it among the verifiers", ({ registered }) => Number(registered));
    vital("leaving", "1 while its lock is on the way out", ({ unlockAt }) => Number(unlockAt > 0n));
    vital("locked_ftns", "FTNS that answer for what it signs", ({ locked }) => fromWad(locked));
    vital("min_lock_ftns", "FTNS that a verifier must lock", ({ minLock }) => fromWad(minLock));
    vital("allowance_ftns", "FTNS that it may vouch for in a day", ({ allowance }) => fromWad(allowance));
    vital("allowance_used_ftns", "FTNS that it vouched for today", ({ used }) => fromWad(used));
    vital("fees_due_ftns", "Fees that payFees pays now", ({ feesDue }) => fromWad(feesDue));
    vital("signatures_needed", "Signatures that a proof needs", ({ threshold }) => threshold);
    vital("relay_balance_coins", "What the account that hands proofs in holds of the chain's coin", ({ balance }) =>
      fromWad(balance),
    );
  }
}
