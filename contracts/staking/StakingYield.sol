// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IMultiplierHistory} from "../interfaces/IMultiplierHistory.sol";
import {IStakingVault, YieldTerms} from "../interfaces/IStakingVault.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Tier} from "../types/Tier.sol";
import {Standing} from "./Standing.sol";
import {TermsWord} from "./TermsWord.sol";

/// @title StakingYield
/// @notice What a stake earns between two moments.
///
/// At each moment the yearly rate is `min(maxRate, rate(tier, commitments) * M)`. A period is cut where the terms change,
/// where a tier or commitment ends, and where `M` changes; on each piece everything is constant, so the sum over the pieces
/// is exact. It is rounded once, down, when it is multiplied with the stake: the pool gains less than 1 wei a settlement.
abstract contract StakingYield is AccessManaged, IStakingVault {
    using Standing for uint256;
    using TermsWord for uint256;

    // Constants

    uint256 internal constant WAD = 1e18;
    uint256 private constant COMMITMENTS = 5;
    /// @dev A rate of 100 % a year and `M = 1` over one year.
    uint256 private constant WHOLE_YEAR = WAD * WAD * 365 days;

    // Storage

    /// @dev See TermsWord. The latest may start tomorrow; those before it hold until the next one starts.
    uint256 private _latestTerms;
    uint256[] private _pastTerms;

    // Constructor

    constructor(IMultiplierHistory multiplierSource) {
        YieldTerms memory launch = YieldTerms({
            baseRate: 0.03e18,
            commitmentRate: 0.01e18,
            maxRate: 0.2e18,
            tierMultiplier: [uint256(0.5e18), 1e18, 1.2e18, 1.5e18],
            multiplierSource: multiplierSource
        });
        _checkSource(multiplierSource);
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

    /// @dev Yield of `staked` with `standing` over the seconds from `from` to `to`. The whole is rounded down and so is the part
    /// at tier NONE; the rest is the part at BASIC or higher.
    function _yield(uint256 staked, uint256 standing, uint256 from, uint256 to)
        internal
        view
        returns (uint256 earned, uint256 recycled)
    {
        (uint256 all, uint256 atNone) = _rateIntegral(standing, from, to);
        unchecked {
            // 90 bits of stake times at most half a WAD, a WAD and 36 bits of seconds: 245 bits.
            recycled = staked * atNone / WHOLE_YEAR;
            earned = staked * all / WHOLE_YEAR - recycled;
        }
    }

    /// @dev Integral of the rate (WAD * WAD * seconds), and the part of it at tier NONE.
    /// Walks back over the changes of terms in the period. Each takes a vote of days; and there is `settleThrough`.
    function _rateIntegral(uint256 standing, uint256 from, uint256 to) private view returns (uint256 all, uint256 atNone) {
        uint256 word = _latestTerms;
        uint256 start = word.startOf();
        if (start <= from) return _integralUnderTerms(word, standing, from, to);

        uint256 index = _pastTerms.length;
        while (from < to) {
            if (start < to) {
                (uint256 part, uint256 partAtNone) = _integralUnderTerms(word, standing, Math.max(from, start), to);
                (all, atNone, to) = (all + part, atNone + partAtNone, Math.max(from, start));
            }
            if (from < to) {
                word = _pastTerms[--index];
                start = word.startOf();
            }
        }
    }

    /// @dev The same while the terms are those of `word`. At most nine rounds: three tiers and five commitments end.
    function _integralUnderTerms(uint256 word, uint256 standing, uint256 from, uint256 to)
        private
        view
        returns (uint256 all, uint256 atNone)
    {
        while (from < to) {
            (uint256 tier, uint256 commitments, uint256 changesOn) = standing.on(ProtocolTime.dayOf(from));
            uint256 end = ProtocolTime.startOf(changesOn);
            if (end > to) end = to;
            uint256 part = _integralAtRate(word, word.rateOf(tier, commitments), from, end);
            unchecked {
                // Each at most the limit times the seconds, see `_integralAtRate`.
                all += part;
                if (tier == uint256(Tier.NONE)) atNone += part;
            }
            from = end;
        }
    }

    /// @dev `min(maxRate, rate * M)` summed over the seconds from `from` to `to`. As `M` is whole, `rate * M <= maxRate * WAD`
    /// is the same as `M <= maxRate * WAD / rate` rounded down, so the limit bites at exactly the right seconds.
    function _integralAtRate(uint256 word, uint256 rate, uint256 from, uint256 to) private view returns (uint256 sum) {
        if (rate == 0) return 0;
        uint256 limit = word.maxRateOf() * WAD;
        IMultiplierHistory source = word.sourceOf();
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
        if (address(source).code.length == 0) revert NotAContract(address(source));
        (uint256 integral, uint256 secondsAbove) =
            source.multiplierIntegral(block.timestamp - 1, block.timestamp, type(uint256).max);
        if (integral == 0 || secondsAbove != 0) revert MultiplierSourceBroken(source);
    }
}
