// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {DirectCaller} from "../access/DirectCaller.sol";
import {IMultiplierHistory} from "../interfaces/IMultiplierHistory.sol";
import {IStakingVault, YieldTerms} from "../interfaces/IStakingVault.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Tier} from "../types/Tier.sol";
import {StakeWord} from "./StakeWord.sol";
import {Standing} from "./Standing.sol";
import {TermsWord} from "./TermsWord.sol";

/// @title StakingYield
/// @notice What a stake earns between two moments.
///
/// At each moment the yearly rate is `min(maxRate, rate(tier, commitments) * M)`, or without `M` where the terms name no
/// source of it, as at launch. `min(stake, cover)` earns the rate of its tier and commitments, the rest as NONE without
/// commitments. A period is cut where the terms change, where a tier or commitment ends, and where `M` changes; on each
/// piece everything is constant, so the sum over the pieces is exact. It is rounded once, down, at the end: the pool gains
/// less than 1 wei a settlement.
abstract contract StakingYield is DirectCaller, IStakingVault {
    using StakeWord for uint256;
    using Standing for uint256;
    using TermsWord for uint256;

    // Constants

    uint256 internal constant WAD = 1e18;
    uint256 private constant COMMITMENTS = 5;
    /// @dev A rate of 100 % a year and `M = 1` over one year.
    uint256 private constant WHOLE_YEAR = WAD * WAD * 365 days;

    // Storage

    /// @dev The two parts of a stake, in memory while its yield is worked out.
    struct Earning {
        uint256 covered; // earns by the standing (FTNS)
        uint256 uncovered; // earns as NONE without commitments (FTNS)
        uint256 standing;
    }

    /// @dev See TermsWord. The latest may start tomorrow; those before it hold until the next one starts.
    uint256 private _latestTerms;
    uint256[] private _pastTerms;

    // Constructor

    constructor() {
        YieldTerms memory launch = YieldTerms({
            baseRate: 0.03e18,
            commitmentRate: 0.01e18,
            maxRate: 0.2e18,
            tierMultiplier: [uint256(0.5e18), 1e18, 1.2e18, 1.5e18],
            multiplierSource: IMultiplierHistory(address(0))
        });
        _latestTerms = TermsWord.pack(launch, 0);
        emit TermsChanged(0, launch);
    }

    // Views

    /// @inheritdoc IStakingVault
    function terms() external view returns (YieldTerms memory) {
        return _termsNow().unpack();
    }

    /// @inheritdoc IStakingVault
    function latestTerms() external view returns (uint256 fromDay, YieldTerms memory) {
        return (_latestTerms.startDayOf(), _latestTerms.unpack());
    }

    /// @inheritdoc IStakingVault
    function rateOf(Tier tier, uint256 commitments, uint256 multiplier) external view returns (uint256) {
        if (commitments > COMMITMENTS) revert TermOutOfBounds("commitments", commitments, 0, COMMITMENTS);
        uint256 word = _termsNow();
        if (address(word.sourceOf()) == address(0)) multiplier = WAD;
        return Math.min(word.maxRateOf(), word.rateOf(uint256(tier), commitments) * multiplier / WAD);
    }

    // Governance

    /// @inheritdoc IStakingVault
    function setTerms(YieldTerms calldata terms_) external restricted {
        _checkSource(terms_.multiplierSource);
        uint256 fromDay = ProtocolTime.today() + 1;
        uint256 word = TermsWord.pack(terms_, fromDay);
        uint256 latest = _latestTerms;
        if (latest.startDayOf() != fromDay) _pastTerms.push(latest);
        _latestTerms = word;
        emit TermsChanged(fromDay, terms_);
    }

    // Internals

    /// @dev Yield of the stake in `word` from its last settlement to `to`. The whole is rounded down and so is the recycled
    /// part; the rest is the part at BASIC or higher.
    function _yield(uint256 word, uint256 to) internal view returns (uint256 earned, uint256 recycled) {
        uint256 staked = word.stakedOf();
        uint256 covered = Math.min(staked, word.coverOf());
        unchecked {
            Earning memory earning = Earning(covered, staked - covered, word.standingOf());
            (uint256 whole, uint256 asNone) = _sumOverTerms(earning, word.settledAtOf(), to);
            recycled = asNone / WHOLE_YEAR;
            earned = whole / WHOLE_YEAR - recycled;
        }
    }

    /// @dev Stake times the integral of its rate (wei * WAD * WAD * seconds), and the part of it earned as NONE. A stake of 90
    /// bits at half a WAD a year, a WAD, and 36 bits of seconds: 245 bits.
    /// Walks back over the changes of terms in the period. Each takes a vote of days; and there is `settleThrough`.
    function _sumOverTerms(Earning memory earning, uint256 from, uint256 to)
        private
        view
        returns (uint256 whole, uint256 asNone)
    {
        uint256 word = _latestTerms;
        uint256 start = word.startOf();
        if (start <= from) return _sumUnderTerms(word, earning, from, to);

        uint256 index = _pastTerms.length;
        while (from < to) {
            if (start < to) {
                (uint256 part, uint256 partAsNone) = _sumUnderTerms(word, earning, Math.max(from, start), to);
                (whole, asNone, to) = (whole + part, asNone + partAsNone, Math.max(from, start));
            }
            if (from < to) {
                word = _pastTerms[--index];
                start = word.startOf();
            }
        }
    }

    /// @dev The same while the terms are those of `word`. At most nine rounds: three tiers and five commitments end.
    function _sumUnderTerms(uint256 word, Earning memory earning, uint256 from, uint256 to)
        private
        view
        returns (uint256 whole, uint256 asNone)
    {
        unchecked {
            if (earning.uncovered != 0) {
                asNone = earning.uncovered * _integralAtRate(word, word.rateOf(uint256(Tier.NONE), 0), from, to);
            }
            whole = asNone;
            if (earning.covered == 0) return (whole, asNone);
            while (from < to) {
                (uint256 part, bool isNone, uint256 end) = _firstPiece(word, earning.standing, from, to);
                part *= earning.covered;
                whole += part;
                if (isNone) asNone += part;
                from = end;
            }
        }
    }

    /// @dev The integral of the rate by `standing` from `from` to `end`, where a tier or commitment ends, or `to`.
    function _firstPiece(uint256 word, uint256 standing, uint256 from, uint256 to)
        private
        view
        returns (uint256 integral, bool isNone, uint256 end)
    {
        (uint256 tier, uint256 commitments, uint256 changesOn) = standing.on(ProtocolTime.dayOf(from));
        end = Math.min(ProtocolTime.startOf(changesOn), to);
        integral = _integralAtRate(word, word.rateOf(tier, commitments), from, end);
        isNone = tier == uint256(Tier.NONE);
    }

    /// @dev `min(maxRate, rate * M)` summed over the seconds from `from` to `to`. As `M` is whole, `rate * M <= maxRate * WAD`
    /// is the same as `M <= maxRate * WAD / rate` rounded down, so the limit bites at exactly the right seconds.
    function _integralAtRate(uint256 word, uint256 rate, uint256 from, uint256 to) private view returns (uint256 sum) {
        if (rate == 0) return 0;
        uint256 limit = word.maxRateOf() * WAD;
        IMultiplierHistory source = word.sourceOf();
        if (address(source) == address(0)) return Math.min(rate * WAD, limit) * (to - from);
        (uint256 integral, uint256 secondsAbove) = source.multiplierIntegral(from, to, limit / rate);
        unchecked {
            // A source that answers nonsense may wrap this around, and still earns nobody more than the limit.
            sum = rate * integral + limit * secondsAbove;
            if (sum > limit * (to - from)) revert MultiplierSourceBroken(source);
        }
    }

    function _termsNow() private view returns (uint256 word) {
        word = _latestTerms;
        // Past terms do not start in the future: a second change on one day replaces the first.
        if (word.startDayOf() > ProtocolTime.today()) word = _pastTerms[_pastTerms.length - 1];
    }

    /// @dev Asks the source once, so that a wrong address fails here and not at the next claim.
    function _checkSource(IMultiplierHistory source) private view {
        if (address(source) == address(0)) return;
        if (address(source).code.length == 0) revert NotAContract(address(source));
        (uint256 integral, uint256 secondsAbove) =
            source.multiplierIntegral(block.timestamp - 1, block.timestamp, type(uint256).max);
        if (integral == 0 || secondsAbove != 0) revert MultiplierSourceBroken(source);
    }
}
