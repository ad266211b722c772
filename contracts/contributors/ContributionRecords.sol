// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IContributorRegistry} from "../interfaces/IContributorRegistry.sol";
import {IProofRecords} from "../interfaces/IProofRecords.sol";
import {ContributionRules} from "./ContributionRules.sol";
import {ContributionWindow, WINDOW_DAYS} from "./ContributionWindow.sol";
import {RecordHeader} from "./RecordHeader.sol";
import {TierScheduleMath} from "./TierScheduleMath.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Outcome, Work} from "../types/ContributionOutcome.sol";
import {ProofRules} from "../types/ContributorRules.sol";
import {Tier, TierSchedule} from "../types/Tier.sol";

/// @title ContributionRecords
/// @notice What is kept of each contributor, and how a proof changes it. Nothing here calls another contract: what the token
/// and the vault must be told comes back as an `Update`.
abstract contract ContributionRecords is ContributionRules {
    using ContributionWindow for uint256;
    using ContributionWindow for uint256[16];
    using RecordHeader for uint256;
    using RecordHeader for RecordHeader.Header;
    using TierScheduleMath for TierSchedule;

    // Storage

    /// @dev Seventeen slots, of which a proof writes two.
    struct Record {
        uint256 header; // see RecordHeader
        uint256[16] ring; // see ContributionWindow
    }

    /// @dev What the token and the vault keep of a contributor.
    struct Update {
        TierSchedule schedule; // last days of tiers
        uint256 capacityAdded; // activity that it may vouch for, more (FTNS)
        uint256 capacityLimit; // and at most (FTNS)
        uint256 graceUntil; // first day after grace; 0 = none begins
        uint256 commitmentDays; // see RecordHeader
        uint256 cover; // stake that its score covers (FTNS)
    }

    mapping(address account => Record) private _records;

    // Views

    /// @inheritdoc IContributorRegistry
    function tierOn(address account, uint256 day) public view virtual returns (Tier) {
        return _headerOf(account).schedule.tierOn(day);
    }

    /// @inheritdoc IContributorRegistry
    function scheduleOf(address account) external view returns (TierSchedule memory) {
        return _headerOf(account).schedule;
    }

    /// @inheritdoc IContributorRegistry
    function basicSince(address account) external view returns (uint256) {
        RecordHeader.Header memory header = _headerOf(account);
        return header.schedule.basicThrough < ProtocolTime.today() ? 0 : header.basicSince;
    }

    /// @inheritdoc IContributorRegistry
    function standingOf(address account)
        external
        view
        returns (TierSchedule memory schedule, uint256 commitmentDays, uint256 cover)
    {
        RecordHeader.Header memory header = _headerOf(account);
        return (header.schedule, header.commitmentDays, _coverOf(header, proofRules()));
    }

    /// @inheritdoc IProofRecords
    function recordWordsOf(address account)
        external
        view
        returns (uint256 header, uint256[16] memory ring, uint256 thresholds)
    {
        return (_records[account].header, _records[account].ring, _thresholds);
    }

    // Internals: writing

    /// @dev Adds `works` to the record of `account`, a proof each, and fills in what follows from them, except for what is earned.
    function _addWorks(address account, Work[] memory works, ProofRules memory rules, Outcome memory outcome)
        internal
        returns (Update memory update)
    {
        RecordHeader.Header memory header = _headerOf(account);
        uint256 today = ProtocolTime.today();
        uint256 thresholds = _thresholds;
        TierScheduleMath.TierSupport memory support;
        {
            uint256[16] storage ring = _records[account].ring;
            uint256 occupied = header.occupied.aged(today - header.lastDay);
            uint256[WINDOW_DAYS] memory buckets = ring.load(occupied, today);
            // At most 63 rounds.
            for (uint256 i; i < works.length; ++i) {
                Work memory work = works[i];
                if (buckets[0].proofsIn() == ContributionWindow.MAX_PROOFS_PER_DAY) {
                    revert TooManyProofsToday(account, ContributionWindow.MAX_PROOFS_PER_DAY);
                }
                bool counts = work.value >= rules.minCommitment;
                buckets[0] = buckets[0].withProof(work.kind, work.value, work.quality, counts);
                if (counts) header.renewCommitment(work.kind, today);
                outcome.countedKind = counts;
                outcome.value += work.value;
                // Rounded down: the protocol gains less than a wei.
                update.capacityAdded += work.value * work.quality / 1e18;
            }
            ring.store(today, buckets[0]);
            header.occupied = occupied | 1;
            support = TierScheduleMath.tierSupport(buckets, header.occupied, thresholds);
        }
        (outcome.score, outcome.averageQuality) = _scoreOf(support.totals, thresholds);
        header.addProofs(works.length, today, outcome.score);
        uint256 weighted = update.capacityAdded;
        update = _reschedule(account, header, support, today, rules);
        outcome.schedule = update.schedule;
        outcome.tier = update.schedule.tierOn(today);
        update.capacityAdded = rules.vouchingFactor * weighted;
        // Rounded down: the protocol gains less than 1e-5 FTNS for each proof, times the factor.
        update.capacityLimit = rules.vouchingFactor * (support.totals.weighted * ContributionWindow.WEIGHTED_UNIT);
    }

    /// @dev Replaces the header of `account` and a word of its ring.
    function _replaceRecord(address account, uint256 word, uint256 index, uint256 ringWord)
        internal
        returns (Update memory update)
    {
        _records[account].header = word;
        _records[account].ring[index] = ringWord;
        RecordHeader.Header memory header = word.unpack();
        update.schedule = header.schedule;
        update.commitmentDays = header.commitmentDays;
        update.cover = _coverOf(header, proofRules());
    }

    /// @dev Works out the schedule of `account` from its proofs as they stand today. Adds nothing to its capacity.
    function _refresh(address account) internal returns (Update memory update) {
        RecordHeader.Header memory header = _headerOf(account);
        if (header.proofs == 0) revert NoContributions(account);
        uint256 today = ProtocolTime.today();
        update = _reschedule(account, header, _tierSupport(account, header, today), today, proofRules());
        update.capacityLimit = type(uint256).max;
    }

    /// @dev Stores `header` with the schedule that follows from `support`. Whoever gets or regains BASIC today begins anew; who
    /// never had it before gets the newcomer's grace.
    function _reschedule(
        address account,
        RecordHeader.Header memory header,
        TierScheduleMath.TierSupport memory support,
        uint256 today,
        ProofRules memory rules
    ) private returns (Update memory update) {
        TierSchedule memory old = header.schedule;
        TierSchedule memory schedule = old.next(support, today, rules.disconnectionGraceDays);
        if (old.basicThrough < today && schedule.basicThrough >= today) {
            bool isFirst = header.basicSince == 0;
            if (isFirst && rules.newcomerGraceDays != 0) update.graceUntil = today + rules.newcomerGraceDays;
            header.basicSince = today;
        }
        header.schedule = schedule;
        _records[account].header = header.pack();

        update.schedule = schedule;
        update.commitmentDays = header.commitmentDays;
        update.cover = _coverOf(header, rules);
    }

    // Internals: reading

    function _headerOf(address account) internal view returns (RecordHeader.Header memory) {
        return _records[account].header.unpack();
    }

    /// @dev What the proofs of the 30 days up to `today` support.
    function _tierSupport(address account, RecordHeader.Header memory header, uint256 today)
        internal
        view
        returns (TierScheduleMath.TierSupport memory)
    {
        uint256 occupied = header.occupied.aged(today - header.lastDay);
        return TierScheduleMath.tierSupport(_records[account].ring.load(occupied, today), occupied, _thresholds);
    }

    /// @dev Score (FTNS) and mean quality (WAD), rounded down; tiers compare whole numbers instead.
    function _scoreOf(ContributionWindow.Totals memory totals, uint256 thresholds)
        internal
        pure
        returns (uint256 score, uint256 averageQuality)
    {
        score = totals.weighted * TierScheduleMath.diversity(totals.kinds, thresholds)
            * ContributionWindow.WEIGHTED_UNIT / TierScheduleMath.ONE;
        if (totals.value != 0) averageQuality = totals.weighted * ContributionWindow.QUALITY_UNIT / totals.value;
    }

    function _coverOf(RecordHeader.Header memory header, ProofRules memory rules) private pure returns (uint256) {
        return rules.stakeCover * header.score * RecordHeader.SCORE_UNIT;
    }
}
