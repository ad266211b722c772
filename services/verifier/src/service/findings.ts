import { type ChainRules, duration, ofAccount, ofChain, ofEndpoints, ofTransactions } from "@ftns/chain/health.ts";
import { formatFtns, formatPercent, formatTime } from "@ftns/sdk";
import type { Finding } from "@ftns/service/findings.ts";
import type { ServiceState } from "./logbook.ts";
import type { Vitals } from "./vitals.ts";

export type Rules = Omit<ChainRules, "who">;

/** A look at everything that is due comes every second or so: without one for so long, database or chain are gone. */
const LOOK_SEC = 60;
/** A claim that is due and not checked for so long: somebody waits. */
const LATE_SEC = 900;
const VERY_LATE_SEC = 7_200;
const SILENT_SEC = 300;
const FAILED_CHECKS = 5;
const WAD = 10n ** 18n;
/** From this share of a day's allowance on. */
const MUCH_USED = (WAD * 8n) / 10n;

/** Everything that is wrong, worked out from the state alone. One set of rules for health and alerts. */
export function findingsOf(state: ServiceState, given: Rules): Finding[] {
  const rules = { ...given, who: "verifier" };
  return [
    ...ofLooks(state),
    ...ofEndpoints(state),
    ...ofChain(state, rules),
    ...ofAccount(state, rules),
    ...ofTransactions(state, rules),
    ...(state.vitals
      ? [...ofRegistration(state.vitals.value), ...ofAllowance(state.vitals.value), ...ofBacklog(state.vitals.value)]
      : []),
    ...ofPeers(state),
    ...ofFaults(state),
  ];
}

function ofLooks({ now, lookedAt, lookFailure }: ServiceState): Finding[] {
  const sec = (now - lookedAt) / 1_000;
  if (sec <= LOOK_SEC) return [];
  return [
    {
      id: "standing-still",
      severity: "critical",
      title: "The verifier stands still",
      detail: `for ${duration(sec)}: ${lookFailure ?? "a look at what is due does not end"}`,
      runbook: "verifier-stands-still",
      unhealthy: true,
    },
  ];
}

function ofRegistration({ registered, locked, minLock, unlockAt }: Vitals): Finding[] {
  const found: Finding[] = [];
  const tell = (id: string, title: string, detail: string): void =>
    void found.push({ id, severity: "critical", title, detail, runbook: "verifier-not-counted", unhealthy: true });
  if (!registered)
    tell("not-registered", "The verifier is not registered", "governance has not admitted its key, or has removed it");
  if (unlockAt > 0n)
    tell("leaves", "The verifier leaves", `its lock is free at ${formatTime(unlockAt)}; what it signs does not count`);
  else if (locked < minLock)
    tell("lock-low", "The verifier's lock is too small", `${formatFtns(locked, 2)} of ${formatFtns(minLock, 2)}`);
  return found;
}

function ofAllowance({ allowance, used }: Vitals): Finding[] {
  if (allowance === 0n || (used * WAD) / allowance < MUCH_USED) return [];
  return [
    {
      id: "allowance-used",
      severity: "warning",
      title: "Today's allowance is nearly used up",
      detail: `${formatPercent((used * WAD) / allowance)} of ${formatFtns(allowance, 2)}; larger proofs are refused by the chain until tomorrow`,
      runbook: "allowance-used-up",
      unhealthy: false,
    },
  ];
}

function ofBacklog({ lateSec, dueClaims }: Vitals): Finding[] {
  if (lateSec <= LATE_SEC) return [];
  const very = lateSec > VERY_LATE_SEC;
  return [
    {
      id: "checks-late",
      severity: very ? "critical" : "warning",
      title: "Checks are late",
      detail: `${dueClaims} claims are due, the oldest for ${duration(lateSec)}`,
      runbook: "checks-late",
      unhealthy: very,
    },
  ];
}

function ofPeers({ now, peers, vitals }: ServiceState): Finding[] {
  const silent = peers.filter(({ silentSince }) => silentSince !== undefined && now - silentSince > SILENT_SEC * 1_000);
  const found: Finding[] = silent.map(({ peer, silentSince }) => ({
    id: `peer-silent/${peer}`,
    severity: "warning",
    title: `The peer ${peer} does not answer`,
    detail: `for ${duration((now - silentSince!) / 1_000)}`,
    runbook: "peers-silent",
    unhealthy: false,
  }));
  const needed = (vitals?.value.threshold ?? 1) - 1;
  const left = peers.length - silent.length;
  if (vitals && left < needed) {
    found.push({
      id: "peers-too-few",
      severity: "critical",
      title: "No proof can become complete",
      detail: `${left} of ${peers.length} peers answer, and a proof needs signatures of ${needed} others`,
      runbook: "peers-silent",
      unhealthy: true,
    });
  }
  return found;
}

function ofFaults({ faults, failedChecks }: ServiceState): Finding[] {
  const found: Finding[] = [];
  if (faults > 0) {
    found.push({
      id: "faults",
      severity: "warning",
      title: "Requests end with a fault",
      detail: `${faults} in the last ten minutes; the log says which`,
      runbook: "verifier-stands-still",
      unhealthy: false,
    });
  }
  if (failedChecks.count >= FAILED_CHECKS) {
    found.push({
      id: "checks-fail",
      severity: "critical",
      title: "Checks fail",
      detail: `${failedChecks.count} in a row: ${failedChecks.reason}`,
      runbook: "verifier-stands-still",
      unhealthy: true,
    });
  }
  return found;
}
