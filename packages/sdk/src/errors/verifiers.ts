import { type Meanings, at, ftns, shortHash } from "./meanings.ts";

/** VerifierStakes. */
export const VERIFIERS: Meanings = {
  // A proof's signers
  LockBelowMinimum: ({ verifier, locked, minLock }) =>
    `the verifier ${verifier} has locked ${ftns(locked)}, and it takes ${ftns(minLock)} to sign; it must lock more of its stake, or another must sign`,
  LockTooSmall: ({ verifier, needed, allowance }) =>
    `the proof counts ${ftns(needed)}, more than the ${ftns(allowance)} that ${verifier} may vouch for in a day; it takes verifiers with more stake, or smaller proofs`,
  AllowanceUsedUp: ({ verifier, needed, left, allowance }) =>
    `the proof counts ${ftns(needed)}, and ${verifier} may vouch for ${ftns(left)} more today, of ${ftns(allowance)}; hand it in after 02:00 UTC, or with other signers`,
  VerifierLeaves: ({ verifier }) => `the verifier ${verifier} is leaving and signs no more; have another one sign`,
  NotTheRegistry: ({ caller }) => `only the registry charges verifiers, not ${caller}; tell governance`,
  TooMuchInADay: ({ amount }) => `${ftns(amount)} in one day is more than is counted; hand it in after 02:00 UTC`,
  // A verifier's lock
  NoLock: ({ verifier }) =>
    `${verifier} has locked nothing towards the verifiers' stakes; lock a part of its stake in the staking vault first`,
  LeavesAlready: ({ verifier }) => `${verifier} has asked for its lock already; wait until it is free`,
  DoesNotLeave: ({ verifier }) => `${verifier} has not asked for its lock; call requestUnlock first, and wait 14 days`,
  LockedUntil: ({ verifier, unlockAt }) =>
    `the lock of ${verifier} is free at ${at(unlockAt)}, or later by the time in which transfers are restricted; wait`,
  NoFeesDue: ({ verifier }) => `no fee of ${verifier} is due; fees are due in the second week after they were earned`,
  // Slashing
  DifferentProofs: ({ first, second }) =>
    `the statements are about ${shortHash(first)} and ${shortHash(second)}; present two about one proof`,
  NoContradiction: ({ proofHash }) =>
    `the two statements about ${shortHash(proofHash)} agree in contributor, kind, units, quality, impact and evidence; present two that don't`,
  NotSignedBy: ({ verifier, statement }) =>
    `the signature under the ${statement === 0n ? "first" : "second"} statement is not that of ${verifier}; check the registry's address and the chain`,
  NothingToSlash: ({ verifier }) => `${verifier} has nothing locked and is no verifier; there is nothing to take`,
};
