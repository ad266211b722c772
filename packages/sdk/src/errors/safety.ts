import { type Meanings, actionOf, at, ftns, percent, shortId, triggerOf } from "./meanings.ts";

/** CircuitBreaker and EmergencyGovernor. */
export const SAFETY: Meanings = {
  // CircuitBreaker.trigger and what its votes carry out
  TriggerNotMet: ({ trigger }) =>
    `the chain no longer shows ${triggerOf(trigger)}; wait, the next run looks at the condition again`,
  TriggerAlreadyRecorded: ({ trigger, emergency }) =>
    `${triggerOf(trigger)} stands in emergency ${emergency} already; wait for its votes`,
  FailuresOfHalt: ({ haltedUntil }) =>
    `transfers were halted until ${at(haltedUntil)}, in the hour that was counted, so that the halt may have made them fail; wait for ` +
    "a report of an hour without halt",
  BondNeeded: ({ trigger, needed, free }) =>
    `${triggerOf(trigger)} was pulled for nothing lately, so that it takes a bond of ${ftns(needed)}, of which ${ftns(free)} are ` +
    "locked and free; lock more of the stake towards the breaker",
  NotInEffect: ({ action }) => `${actionOf(action)} is not in effect any more, so that nothing is left to end; wait`,
  // EmergencyGovernor.execute
  NotExecutableYet: ({ proposalId, executableAt }) =>
    `proposal ${shortId(proposalId)} waits for its delay; wait until ${at(executableAt)}`,
  EffectUsedUp: ({ action, usableAt }) =>
    `votes have used ${actionOf(action)} for 30 of 60 days; wait until ${at(usableAt)}, or have governance impose it`,
  EffectRenewed: ({ action, renewedAt }) =>
    `${actionOf(action)} was renewed at ${at(renewedAt)}, after this motion to end it was made; propose the end anew`,
  MotionSuperseded: ({ motion }) => `another motion has taken the place of motion ${motion}; vote in that one`,
  // Others
  BondNotDue: ({ bond, dueAt }) => `bond ${bond} cannot be settled before ${at(dueAt)}; wait`,
  UnknownBond: ({ bond }) => `bond ${bond} does not exist or is settled; look at the number in its event`,
  NothingUnbonded: ({ owner }) =>
    `all that ${owner} has locked towards the breaker stands behind triggers; settle their bonds first`,
  NotOpposed: ({ action }) =>
    `those against ${actionOf(action)} have not exceeded those for it for an hour, or no vote started it; vote against it, or propose its end`,
  NotToStartAnew: ({ proposalId }) =>
    `the hours to object to proposal ${shortId(proposalId)} run, had prices, or started anew three times; nothing is to be done`,
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
