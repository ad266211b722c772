import { type Meanings, actionOf, at, percent, shortId, triggerOf } from "./meanings.ts";

/** CircuitBreaker and EmergencyGovernor. */
export const SAFETY: Meanings = {
  // CircuitBreaker.trigger and what its votes carry out
  TriggerNotMet: ({ trigger }) =>
    `the chain no longer shows ${triggerOf(trigger)}; wait, the next run looks at the condition again`,
  TriggerAlreadyRecorded: ({ trigger, emergency }) =>
    `${triggerOf(trigger)} stands in emergency ${emergency} already; wait for its votes`,
  NotInEffect: ({ action }) => `${actionOf(action)} is not in effect any more, so that nothing is left to end; wait`,
  // EmergencyGovernor.execute
  NotExecutableYet: ({ proposalId, executableAt }) =>
    `proposal ${shortId(proposalId)} waits for its delay; wait until ${at(executableAt)}`,
  // Others
  AlreadyInEffect: ({ action, until }) =>
    `${actionOf(action)} is in effect until ${at(until)} already; wait until it ends before it is imposed again`,
  EndAlreadyProposed: ({ action, until }) => `a vote on the end of ${actionOf(action)} runs until ${at(until)}; vote in that one`,
  GuardianNotArmed: () => "the guardian has used its halt; wait until governance arms it again",
  NothingToBridge: () => "no vote on a halt is running, so that there is nothing to bridge; pull a trigger first",
  OnlyBreaker: ({ caller }) => `only the circuit breaker proposes here, not ${caller}; call trigger or proposeEnd on the breaker`,
  ShareOutOfBounds: ({ share, min, max }) =>
    `a share of ${percent(share)} is not between ${percent(min)} and ${percent(max)}; choose one within`,
  SupportersOutOfBounds: ({ supporters, min, max }) =>
    `${supporters} supporters are not between ${min} and ${max}; choose a number within`,
};
