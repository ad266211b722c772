import { type Meanings, at, ftns, percent, shortHash } from "./meanings.ts";

/** RewardVesting. */
export const VESTING: Meanings = {
  NotTheRecord: ({ proofHash }) =>
    `the registry keeps another record of the proof ${shortHash(proofHash)}, or it was cancelled; take it from the proof's event as it is`,
  NothingVests: ({ proofHash }) =>
    `nothing of the proof ${shortHash(proofHash)} vests any more; what it earned was paid, or can be claimed`,
  NotVested: ({ proofHash, vestsAt }) =>
    `the reward of the proof ${shortHash(proofHash)} vests at ${at(vestsAt)}, or later after a halt; release it then`,
  ChallengeTooLate: ({ endedAt }) =>
    `it could be challenged until ${at(endedAt)}; tell governance, which can cancel it all the same`,
  ChallengeOpen: () => "it is challenged already; wait for the voters, 21 days at most",
  NoChallenge: () => "no challenge of it is open; check the record, or the batch and its signers",
  NotByItsOwn: ({ challenger }) => `${challenger} signed it or is paid for it; let somebody else challenge it`,
  ChallengeBondNeeded: ({ bond, free }) =>
    `a challenge takes ${ftns(bond)} locked towards RewardVesting, and ${ftns(free)} is free; lock more of your stake`,
  ChallengeLapsed: ({ lapsesAt }) => `the voters had until ${at(lapsesAt)}; have the challenge rejected with lapse`,
  ChallengePending: ({ lapsesAt }) => `the voters have until ${at(lapsesAt)}; wait`,
  BondOutOfBounds: ({ bond, min, max }) =>
    `a bond of ${ftns(bond)} is not between ${ftns(min)} and ${ftns(max)}; choose one within`,
  "RewardVesting.NothingUnbonded": ({ owner }) =>
    `all that ${owner} has locked towards RewardVesting stands behind challenges; wait until they are decided`,
  "RewardVesting.ShareOutOfBounds": ({ share, max }) => `${percent(share)} of a lock is more than ${percent(max)}; choose less`,
};
