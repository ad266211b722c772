import { HOUR_SEC, type Finding, NEEDED_CONFIDENCE, TRIGGERS, type Trigger, isFresh } from "@ftns/model";
import { formatDuration, formatFtns, formatPercent, formatTime } from "@ftns/sdk/units.ts";
import { type Decision, act, broken, nothing, waitUntil } from "../decision.ts";
import { type MotionArgs, motionsDue } from "../motions.ts";
import type { WatchSnapshot } from "./read.ts";
import { recompute } from "./recompute.ts";
import { type UpkeepArgs, upkeepDue } from "./upkeep.ts";

export type WatchArgs = { kind: "trigger"; trigger: Trigger } | MotionArgs | UpkeepArgs;

/**
 * Pulls each trigger that the chain and the model agree on, executes what the voters passed, ends what they stopped, and settles bonds.
 * Faults are told when there
 * is nothing left to send: an emergency that is plain to see must not wait for one that is not.
 */
export function decideWatch(seen: WatchSnapshot): Decision<WatchArgs> {
  const faults: string[] = [];
  const calm: string[] = [];
  for (const trigger of TRIGGERS) {
    const [theirs, ours] = [seen.findings[trigger], recompute(trigger, seen)];
    if ("failure" in theirs || "failure" in ours) {
      const failure = "failure" in theirs ? theirs.failure : "failure" in ours ? ours.failure : "";
      faults.push(`${trigger} cannot be judged: ${failure}; check the breaker's sources`);
      continue;
    }
    const differences = differencesOf(theirs.value, ours.value);
    if (differences.length > 0) {
      faults.push(`MISMATCH, ${trigger} is not pulled: the chain and the model disagree (${differences.join("; ")})`);
      continue;
    }
    // Keepers post no bonds: a voter who believes in the trigger does.
    const { taken, bond } = seen.takes[trigger];
    if (ours.value.met && taken && bond === 0n) {
      return act({ kind: "trigger", trigger }, `${trigger}: ${said(trigger, ours.value)}`);
    }
    const recorded = seen.open?.recorded.includes(trigger) ?? false;
    const why = !taken ? (recorded ? " recorded" : " not taken now") : bond > 0n ? ` (takes a bond of ${formatFtns(bond)})` : "";
    // What was not measured is zero, and zero would read like the worst of crashes.
    const { known, measured } = ours.value;
    const found = known || measured > 0n ? `, ${said(trigger, ours.value)}` : "";
    calm.push(`${trigger}${why}${known ? "" : " unknown"}${found}`);
  }

  if ("failure" in seen.votes) faults.push(`the emergency votes cannot be read: ${seen.votes.failure}`);
  const { emergencyGovernor, motions } = "value" in seen.votes ? seen.votes.value : { emergencyGovernor: "", motions: [] };
  const votes = motionsDue(motions, emergencyGovernor, seen.head.timestamp);
  if (votes.next) return act(votes.next.args, votes.next.reason);

  if ("failure" in seen.upkeep) faults.push(`what voters stopped, and bonds, cannot be read: ${seen.upkeep.failure}`);
  const upkeep = "value" in seen.upkeep ? upkeepDue(seen.upkeep.value) : undefined;
  if (upkeep) return act(upkeep.args, upkeep.reason);

  faults.push(...votes.faults, ...blindness(seen));
  if (faults.length > 0) return broken(faults.join(". "));

  const state = seen.open
    ? `emergency ${seen.open.id} is open until ${formatTime(seen.open.until)}` +
      (votes.open.length > 0 ? `, voted on: ${votes.open.join(", ")}` : "")
    : "no emergency";
  if (votes.until !== undefined) return waitUntil(votes.until, `${state}; what passed waits for its delay`);
  return nothing(`${state} (${calm.join("; ")})`);
}

/** What keeps the breaker from seeing, as far as somebody can do something about it now. */
function blindness({ head, market, hours, startedAt }: WatchSnapshot): string[] {
  const faults: string[] = [];
  if ("value" in market) {
    const { hasFeed, answers, observedAt, confidence } = market.value;
    const age = head.timestamp - observedAt;
    if (!hasFeed) faults.push("the breaker is blind: it has no market feed; have governance set one");
    else if (!answers) faults.push("the breaker is blind: its market feed gives no answer; check the reporters");
    else if (!isFresh(market.value, head.timestamp)) {
      faults.push(`the breaker is blind: the last market report is ${formatDuration(age)} old; check the reporters`);
    } else {
      const unsure = TRIGGERS.filter((trigger) => confidence < NEEDED_CONFIDENCE[trigger]);
      if (unsure.length > 0) {
        faults.push(
          `the breaker is blind to ${unsure.join(", ")}: the confidence is only ${formatPercent(confidence)}; ` +
            "find out which reporters are silent or wrong",
        );
      }
    }
  }
  // The hour of a day ago cannot be mended any more, and a young history has none.
  if ("value" in hours && "value" in startedAt && !hours.value.latest.usable) {
    const closedHour = (hours.value.knownUntil / HOUR_SEC - 1n) * HOUR_SEC;
    if (startedAt.value !== 0n && startedAt.value <= closedHour) {
      faults.push(
        "the breaker is blind to PRICE_CRASH: prices of the last closed hour are missing; check that a quorum of reporters runs all the time",
      );
    }
  }
  return faults;
}

function differencesOf(theirs: Finding, ours: Finding): string[] {
  return (Object.keys(ours) as (keyof Finding)[])
    .filter((field) => theirs[field] !== ours[field])
    .map((field) => `${field}: chain ${theirs[field]}, keeper ${ours[field]}`);
}

function said(trigger: Trigger, { measured }: Finding): string {
  const share = formatPercent(measured);
  switch (trigger) {
    case "PRICE_CRASH":
      return `the hourly price is ${share} of that of a day before`;
    case "LIQUIDITY_CRISIS":
      return `the volume of 6 hours is ${share} of its mean`;
    case "NETWORK_ATTACK":
      return `calls of ${share} of the accounts failed`;
    case "GOVERNANCE_DEADLOCK":
      return `the best vote of 72 hours was attended by ${share}`;
  }
}
