import { expect } from "chai";
import { Interface } from "ethers";
import { MEANINGS, wordsOfRevert } from "@ftns/chain/reasons.ts";
import { Breaker__factory, Governor__factory } from "@ftns/sdk/contracts.ts";
import {
  IEmergencyGovernor__factory,
  IKeeperJobs__factory,
  IMedianFeed__factory,
  IPriceHistory__factory,
  ISupplyController__factory,
} from "../../typechain-types/index.ts";

/** Errors of governance and of views: no keeper's transaction can meet them. */
const ELSEWHERE = [
  ...["NoRounds", "UnknownRound", "RoundEvicted", "ZeroReporter", "AlreadyReporter", "TooManyReporters", "QuorumOutOfBounds"],
  ...["DayNotUsable", "HourNotUsable", "NotFeed", "UnsupportedDecimals", "MaxAgeOutOfBounds", "MaxHoldOutOfBounds"],
  ...["NotContract", "LaunchDayOutOfBounds", "SuspensionOutOfBounds", "NotSuspended", "FutureTime", "PeriodReversed"],
  // Of the breaker's and the governors' other functions: settings, proposing, voting.
  ...["AlreadyInEffect", "AlreadyInitialized", "EndAlreadyProposed", "GuardianNotArmed", "NotAContract", "NothingToBridge"],
  ...["ShareOutOfBounds", "SupportersOutOfBounds", "OnlyBreaker", "ProposalStillOpen", "SettingOutOfBounds"],
  ...["TargetWithoutCode", "VotesOnAnotherClock", "InvalidAccountNonce", "InvalidShortString", "StringTooLong"],
  ...["GovernorAlreadyCastVote", "GovernorDisabledDeposit", "GovernorInsufficientProposerVotes", "GovernorInvalidSignature"],
  ...["GovernorInvalidProposalLength", "GovernorInvalidVoteParams", "GovernorInvalidVoteType", "GovernorOnlyExecutor"],
  ...["GovernorInvalidVotingPeriod", "GovernorProposalQueueingFailed", "GovernorProposalQueueingNotRequired"],
  // Of KeeperJobs: other doors and views, settings.
  ...["CoinPriceUnusable", "IncompleteForwarder", "MalformedTask", "NoCoinFeed", "RateOutOfBounds"],
  ...["UnknownForwarder", "UnknownWorkflowOwner"],
  ...["GovernorRestrictedProposer", "GovernorUnableToCancel", "SafeCastOverflowedUintDowncast"],
];

/** Of OpenZeppelin's contracts behind a proposal. */
const BEHIND = new Interface([
  "error TimelockUnexpectedOperationState(bytes32 operationId, bytes32 expectedStates)",
  "error TimelockUnauthorizedCaller(address caller)",
  "error AccessManagedUnauthorized(address caller)",
]);

const factories = [
  IMedianFeed__factory,
  IPriceHistory__factory,
  ISupplyController__factory,
  Breaker__factory,
  IEmergencyGovernor__factory,
  Governor__factory,
  IKeeperJobs__factory,
];
const errors = [...factories.map((factory): Interface => factory.createInterface()), BEHIND].flatMap((contract) => {
  return contract.fragments.flatMap((fragment) => {
    const error = fragment.type === "error" ? contract.getError(fragment.format("sighash")) : null;
    return error ? [{ contract, error }] : [];
  });
});

describe("words for reverts", () => {
  for (const { contract, error } of errors) {
    if (ELSEWHERE.includes(error.name)) continue;
    it(`explains ${error.name} with its values and what to do`, () => {
      const values = error.inputs.map((input, index) => {
        if (input.type === "address") return `0x${"ab".repeat(20)}`;
        if (input.type === "bytes32") return `0x${"cd".repeat(32)}`;
        if (input.type === "uint8") return 1n;
        return input.baseType === "tuple" ? [true, false, 1n, 2n] : 1_700_000_000n + BigInt(index);
      });
      const words = wordsOfRevert(contract.encodeErrorResult(error, values));
      expect(MEANINGS).to.have.property(error.name);
      expect(words).to.equal(
        MEANINGS[error.name]!(contract.decodeErrorResult(error, contract.encodeErrorResult(error, values)).toObject()),
      );
      expect(words).to.match(/; .*(check|wait|run|fund|look|report|register|remove|configure|find out|tell|next|gather)/);
      expect(words).to.not.match(/undefined|NaN/);
    });
  }

  it("has words for no error that does not exist", () => {
    expect(Object.keys(MEANINGS).filter((name) => !errors.some(({ error }) => error.name === name))).to.deep.equal([]);
  });
  it("shows other known errors by name and values", () => {
    const data = IMedianFeed__factory.createInterface().encodeErrorResult("QuorumOutOfBounds", [9, 5]);
    expect(wordsOfRevert(data)).to.equal("the contract refused with QuorumOutOfBounds(quorum 9, reporterCount 5)");
  });
  it("says that it does not know a foreign error", () => {
    const foreign = new Interface(["error Unheard(uint256)"]).encodeErrorResult("Unheard", [1]);
    expect(wordsOfRevert(foreign))
      .to.include(`unknown error ${foreign.slice(0, 10)}`)
      .and.include("keeper's version");
  });
  it("says when there is no reason at all", () => {
    for (const data of [null, undefined, "0x"])
      expect(wordsOfRevert(data)).to.include("without giving a reason").and.include("check");
  });
});
