import { type Meanings, at, ftns, nameIn, percent, shortHash, shortId, tierOf } from "./meanings.ts";

/** ContributorRegistry and VoteProofs. */
export const CONTRIBUTORS: Meanings = {
  // The contribution
  ZeroContributor: () => "the contribution names no contributor; fill in who did the work",
  NotContributor: ({ caller, contributor }) =>
    `${caller} hands in the work of ${contributor}; let the contributor send it, or use submitFor with a signed consent`,
  UnknownKind: ({ kind }) => `there is no kind of contribution ${kind}; choose one from 0 to 7`,
  ZeroProofHash: () => "the contribution has no proof hash; hash the evidence and fill it in",
  ProofAlreadyUsed: ({ proofHash }) => `the proof ${shortHash(proofHash)} counts already; hand in each piece of work once`,
  ZeroUnits: () => "the contribution has no units; fill in how much was done",
  QualityOutOfBounds: ({ quality, max }) =>
    `a quality of ${percent(quality)} is above ${percent(max)}; have the verifiers sign one from 0 to 100 %`,
  ConfidenceOutOfBounds: ({ confidence, min, max }) =>
    `a confidence of ${percent(confidence)} is not between ${percent(min)} and ${percent(max)}; have the verifiers look again`,
  ImpactOutOfBounds: ({ impact, min, max }) =>
    `an impact of ${percent(impact)} is not between ${percent(min)} and ${percent(max)}; have the verifiers sign one within`,
  ObservedInFuture: ({ observedAt, nowSec }) =>
    `the work was observed at ${at(observedAt)}, after the block's time ${at(nowSec)}; check the verifiers' clocks`,
  ObservedTooLongAgo: ({ observedAt, earliest }) =>
    `the work was observed at ${at(observedAt)} and counts from ${at(earliest)} on; have it verified again`,
  ProofExpired: ({ expiresAt, nowSec }) =>
    `the verifiers' word was good until ${at(expiresAt)}, and it is ${at(nowSec)}; have them sign again`,
  ValueAboveLimit: ({ value, limit }) =>
    `the work is worth ${ftns(value)}, above the limit of ${ftns(limit)} for one proof; split it into smaller ones`,
  ZeroValue: ({ units }) => `${units} units are worth less than the smallest amount; gather more work in one proof`,
  TooManyProofsToday: ({ contributor, max }) =>
    `${contributor} handed in ${max} proofs today, and no more count; wait for the next day at 02:00 UTC`,
  NoContributions: ({ account }) => `${account} has no contributions, so that there is nothing to refresh; contribute first`,
  // The verifiers' signatures
  TooFewAttestations: ({ given, required }) => `${given} verifiers signed and ${required} must; gather more signatures`,
  UnregisteredSigner: ({ signer }) => `${signer} is no registered verifier; leave its signature out`,
  DuplicateSigner: ({ signer }) => `${signer} signed twice; leave one of the signatures out`,
  SignersOutOfOrder: ({ signer }) => `the signatures are out of order at ${signer}; sort them by the signers' addresses`,
  InvalidAttestation: ({ signer }) =>
    `the signature of ${signer} does not hold; check the chain, the registry's address and that nothing was changed after signing`,
  // Peers' reviews
  TooFewReviews: ({ given, required }) => `${given} peers reviewed the work and ${required} must; ask more peers`,
  TooManyReviews: ({ given, max }) => `${given} reviews are more than the ${max} that are taken; leave some out`,
  ReviewOfAnotherProof: ({ proofHash, expected }) =>
    `a review is of the proof ${shortHash(proofHash)}, not of ${shortHash(expected)}; hand in the reviews of this work`,
  ReviewByAuthor: ({ author }) => `${author} reviewed the work of its own; ask other peers`,
  DuplicateReviewer: ({ reviewer }) => `${reviewer} reviewed twice; leave one of the reviews out`,
  ReviewersOutOfOrder: ({ reviewer }) => `the reviews are out of order at ${reviewer}; sort them by the reviewers' addresses`,
  ReviewerBelowBasic: ({ reviewer }) => `${reviewer} is of no tier now, so that its review does not count; ask another peer`,
  RatingOutOfRange: ({ reviewer, rating }) =>
    `${reviewer} rated the work ${rating}, and ratings go from 1 to 5; ask it to sign again`,
  RatingTooLow: ({ reviewer, rating, min }) =>
    `${reviewer} rated the work ${rating}, and it takes ${min} or more; improve the work, or ask another peer`,
  ReviewedInFuture: ({ reviewer, reviewedAt }) =>
    `the review of ${reviewer} is dated ${at(reviewedAt)}, after the block's time; check its clock`,
  ReviewTooOld: ({ reviewer, reviewedAt, earliest }) =>
    `the review of ${reviewer} is of ${at(reviewedAt)} and counts from ${at(earliest)} on; ask it to review again`,
  ReviewLimitReached: ({ reviewer, author, againOn }) =>
    `${reviewer} has reviewed ${author} often enough for now, and counts again on day ${againOn}; ask another peer or wait`,
  InvalidReview: ({ reviewer }) =>
    `the signature of ${reviewer} does not hold; check the chain, the registry's address and that nothing was changed after signing`,
  // Consent to another submitter
  ConsentForAnotherContribution: () => "the consent is to another contribution; ask the contributor to sign one to this",
  ConsentForAnotherSubmitter: ({ submitter, caller }) =>
    `the consent is for ${submitter}, not for ${caller}; send from that account, or ask for another consent`,
  ConsentExpired: ({ deadline, nowSec }) =>
    `the consent was good until ${at(deadline)}, and it is ${at(nowSec)}; ask the contributor to sign again`,
  InvalidConsent: ({ contributor }) =>
    `the consent is not signed by ${contributor}; check the chain, the registry's address and who signed`,
  // Settings
  ZeroVerifier: () => "the zero address cannot verify; name the verifier's address",
  VerifierAlreadyRegistered: ({ verifier }) => `${verifier} is a verifier already; leave it out`,
  VerifierNotRegistered: ({ verifier }) => `${verifier} is no verifier; check the address`,
  TooManyVerifiers: ({ count, max }) => `${count} verifiers are more than the ${max} the registry holds; remove one first`,
  ThresholdOutOfBounds: ({ threshold, min, max }) =>
    `${threshold} signatures are not between ${min} and ${max}, the number of verifiers; choose a number within`,
  RuleOutOfBounds: ({ rule, value, min, max }) =>
    `the rule ${nameIn(rule)} would be ${value}, outside of ${min} to ${max}; choose a value within`,
  RuleTooFine: ({ rule, value, step }) => `the rule ${nameIn(rule)} would be ${value}, which is no multiple of ${step}; round it`,
  TierRulesNotNested: ({ tier }) =>
    `tier ${tierOf(tier)} would ask for less than the one below it; let higher tiers ask for more`,
  QualityTooFine: ({ quality, step }) =>
    `the quality ${quality} is no multiple of ${step}; have the verifiers sign one in whole thousandths`,
  VoteValueOutOfBounds: ({ value, max }) =>
    `a vote worth ${ftns(value)} is not between nothing and ${ftns(max)}; tell governance`,
  // VoteProofs
  HasNotVoted: ({ proposalId, voter }) => `${voter} did not vote on proposal ${shortId(proposalId)}; check both`,
  "VoteProofs.VoteStillOpen": ({ proposalId, deadline }) =>
    `proposal ${shortId(proposalId)} is voted on until ${at(deadline)}; wait until then`,
  VoteTooLongAgo: ({ endedAt, earliest }) =>
    `the vote ended at ${at(endedAt)}, and only those from ${at(earliest)} on count; present votes sooner after their end`,
  TurnoutTooLow: ({ proposalId, cast, votingSupply }) =>
    `only ${ftns(cast)} of ${ftns(votingSupply)} took part in the vote on proposal ${shortId(proposalId)}, and it takes 5 % to count; leave it`,
  VoteLimitReached: ({ voter, againOn }) =>
    `four votes of ${voter} counted in 30 days, which is the most; present the next from day ${againOn} on`,
  TooFewVotes: ({ voter, votes, min }) =>
    `${voter} voted with ${ftns(votes)}, and it takes ${ftns(min)} to count; stake more for the next vote`,
  NothingProvenLately: ({ voter }) =>
    `${voter} has proven nothing in the last 30 days; prove a contribution first, then present the vote`,
  OnlyTheVoter: ({ voter, coverBefore, coverAfter, capacityBefore, capacityAfter }) =>
    `the vote would bring the cover of the stake of ${voter} from ${ftns(coverBefore)} to ${ftns(coverAfter)}, and what it may vouch for ` +
    `from ${ftns(capacityBefore)} to ${ftns(capacityAfter)}; only ${voter} may present it`,
  VoterBelowBasic: ({ voter }) => `${voter} is of no tier now, so that its vote is no contribution; reach BASIC first`,
};
