import { type Meanings, at, ftns, shortHash } from "./meanings.ts";

/** VerifierStakes and BatchRewards. */
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
  NotTheBatches: ({ caller }) => `only the contract for batches may do this, not ${caller}; tell governance`,
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
  NoLeafEarned: ({ number }) => `no leaf of batch ${number} has earned anything since its fees were noted; wait for claims`,
  SameLeaf: ({ leafHash }) =>
    `both are the leaf ${shortHash(leafHash)} under one root, which counts once; present leaves that differ, or two roots`,
  NotInDigest: ({ proofHash }) => `the leaf does not stand for the proof ${shortHash(proofHash)}; check the path and the digest`,
  "BatchRewards.NotSignedBy": ({ verifier }) =>
    `a signature is not that of ${verifier}; check both statements, the addresses and the chain`,
  // Batches
  RootUsed: ({ root, number }) => `the root ${shortHash(root)} was accepted as batch ${number}; claim from that one`,
  WeekOutOfBounds: ({ week, earliest, latest }) =>
    `the batch is about week ${week}, and those from ${earliest} to ${latest} are accepted now; hand it in in time`,
  BatchExpired: ({ expiresAt, nowSec }) =>
    `the verifiers' word was good until ${at(expiresAt)}, and it is ${at(nowSec)}; have them sign again`,
  ZeroTotal: () => "the batch declares no total; have the verifiers sign what may be drawn",
  UnknownBatch: ({ number }) => `there is no batch ${number}; check its number`,
  NotOpen: ({ number, openAt }) => `batch ${number} can be claimed from ${at(openAt)} on, or later after a halt; wait`,
  AllReleased: ({ number }) =>
    `batch ${number} has released all of its total, so that nothing is left to stop; governance alone can end it`,
  Ended: ({ number }) => `batch ${number} was ended, and no leaf of it counts any more; ask the verifiers for another batch`,
  NotConsented: ({ account, relayer }) =>
    `${account} did not sign that ${relayer} may claim for it; check the chain, the contract's address and who signed`,
  NotInBatch: ({ number, leafHash }) =>
    `the leaf ${shortHash(leafHash)} is not in batch ${number} by this path; ask the verifiers for leaf and path again`,
  AlreadyClaimed: ({ number, account }) => `${account} has claimed this leaf of batch ${number}; leave it out`,
  InvalidLeaf: () => "the leaf has an unknown kind, an impossible value or quality, so that it never counts; tell the verifiers",
  TotalDrawn: ({ number, needed, left }) =>
    `the leaf counts ${ftns(needed)}, and batch ${number} has ${ftns(left)} left today; it releases more each day for a week, claim later`,
  NoClaims: () => "no leaf is given; name at least one",
  OtherSigners: ({ number }) => `others signed batch ${number}; name them as in its event`,
  EnoughSigners: ({ number, registered }) =>
    `${registered} signers of batch ${number} are verifiers still, which is enough; leave it`,
  Challenged: ({ number }) => `batch ${number} is challenged; wait for the voters, 21 days at most`,
  OpenAlready: ({ number }) => `batch ${number} can be claimed already, so that it is too late to challenge it; tell governance`,
  ProofsChallenged: ({ verifier, challenges }) =>
    `${challenges} challenges of what ${verifier} signed are open, and its lock answers for them; wait until they are decided`,
  NothingToSlash: ({ verifier }) => `${verifier} has nothing locked and is no verifier; there is nothing to take`,
};
