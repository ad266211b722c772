import { type Meanings, at, ftns, nameIn, shortId, span } from "./meanings.ts";

/** FTNSGovernor, with what it has of OpenZeppelin's Governor, and the timelock. */
export const GOVERNANCE: Meanings = {
  // FTNSGovernor.queue and execute
  GovernorUnexpectedProposalState: ({ proposalId }) =>
    `proposal ${shortId(proposalId)} is not in the state for that any more; wait, the next run looks again`,
  GovernorNonexistentProposal: ({ proposalId }) =>
    `there is no proposal ${shortId(proposalId)}; check contracts.governor and that the node is in sync`,
  GovernorAlreadyQueuedProposal: ({ proposalId }) =>
    `proposal ${shortId(proposalId)} is queued already; wait until it can be executed`,
  TargetCodeChanged: ({ proposalId }) =>
    `the code behind proposal ${shortId(proposalId)} is not what was voted on; do not execute it, tell governance`,
  FailedCall: () => "a call of the proposal failed without giving a reason; check the proposal, or tell governance",
  TimelockUnexpectedOperationState: () =>
    "the timelock does not hold the proposal in that state (its time has not come, or it was done); wait",
  TimelockUnauthorizedCaller: ({ caller }) =>
    `the timelock does not take orders from ${caller}; check contracts.governor, or tell governance`,
  // Proposing
  TargetWithoutCode: ({ target }) => `${target} has no code to call; check the targets of the proposal`,
  ProposalStillOpen: ({ proposer, proposalId }) =>
    `${proposer} has proposal ${shortId(proposalId)} open, and one at a time is allowed; wait until it is decided, or cancel it`,
  GovernorInsufficientProposerVotes: ({ proposer, votes, threshold }) =>
    `${proposer} has ${ftns(votes)} of votes, and a proposal takes ${ftns(threshold)}; stake more, or have votes delegated to you`,
  GovernorInvalidProposalLength: ({ targets, calldatas, values }) =>
    `the proposal has ${targets} targets, ${values} values and ${calldatas} calls; give the same number of each, one or more`,
  GovernorRestrictedProposer: ({ proposer }) =>
    `the description reserves the proposal for another proposer than ${proposer}; send from that account, or change the description`,
  GovernorUnableToCancel: ({ proposalId, account }) =>
    `${account} cannot cancel proposal ${shortId(proposalId)}; only its proposer can, before the vote begins`,
  // Voting
  GovernorAlreadyCastVote: ({ voter }) => `${voter} has voted already, and a vote stands; leave it`,
  GovernorInvalidVoteType: () => "a vote is 0 (against), 1 (for) or 2 (abstain); choose one of them",
  GovernorInvalidVoteParams: () => "the vote came with parameters that are not understood; leave them out",
  GovernorInvalidSignature: ({ voter }) =>
    `the vote is not signed by ${voter}; check the chain, the governor's address and the voter's nonce`,
  // Of no use here, or within the contracts
  GovernorDisabledDeposit: () => "the governor takes no coins and tokens; send them to the timelock, if anywhere",
  GovernorOnlyExecutor: ({ account }) => `${account} may not call that; make it a proposal, so that the timelock does`,
  GovernorProposalQueueingFailed: ({ proposalId }) => `proposal ${shortId(proposalId)} could not be queued; tell governance`,
  GovernorProposalQueueingNotRequired: ({ proposalId }) =>
    `proposal ${shortId(proposalId)} needs no queue; execute it as soon as it has passed`,
  // Settings
  GovernorInvalidVotingPeriod: ({ votingPeriod }) => `votes cannot last ${span(votingPeriod)}; choose a time above 0`,
  GovernorInvalidQuorumFraction: ({ quorumNumerator, quorumDenominator }) =>
    `a quorum of ${quorumNumerator} of ${quorumDenominator} is more than all votes; choose less`,
  GovernorPreventLateQuorumVoteExtensionTooLarge: ({ newVoteExtension, maxVoteExtension }) =>
    `an extension of ${span(newVoteExtension)} is above ${span(maxVoteExtension)}; choose less`,
  VotesOnAnotherClock: ({ theirs, ours }) =>
    `the votes are of ${at(theirs)} by their clock, and it is ${at(ours)}; use votes that count time in seconds`,
  SettingOutOfBounds: ({ setting, value, min, max }) =>
    `the setting ${nameIn(setting)} would be ${value}, outside of ${min} to ${max}; choose a value within`,
  // TimelockController
  TimelockInsufficientDelay: ({ delay, minDelay }) =>
    `a delay of ${span(delay)} is below the timelock's ${span(minDelay)}; choose that or more`,
  TimelockInvalidOperationLength: ({ targets, payloads, values }) =>
    `the operation has ${targets} targets, ${values} values and ${payloads} calls; give the same number of each`,
  TimelockUnexecutedPredecessor: () => "another operation must be executed before this one; execute that first",
  // Votes and their clock
  ERC5805FutureLookup: ({ timepoint, clock }) =>
    `votes at ${at(timepoint)} are not known at ${at(clock)}; ask for a time that has passed`,
  ERC6372InconsistentClock: () => "the clock of the votes does not count seconds; use votes that do",
  VotesExpiredSignature: ({ expiry }) => `the signed delegation was good until ${at(expiry)}; sign a new one`,
  CheckpointUnorderedInsertion: () =>
    "a number of votes would be written into the past; this is a fault of the contract, report it",
};
