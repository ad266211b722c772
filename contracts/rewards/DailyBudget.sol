// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IMultiplierSource} from "../interfaces/IMultiplierSource.sol";
import {DayBudget, IRewardPool} from "../interfaces/IRewardPool.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Purpose} from "../types/Purpose.sol";

/// @title DailyBudget
/// @notice What the pool may pay today, and for what.
///
/// THE LAW OF THE SHARES
/// 1. means = funds now + what was paid today + what can still be minted today. That is the funds at the day's first payment,
///    what has come in since, and the emission budget, without a record of income.
/// 2. Yield, claims and services are each paid at most their share of the means; contributions the rest, which rounding favours.
/// 3. In the last hour of the day what is left of the other shares is open to all. Then contributions may use everything, and
///    the other three together everything but what is left of the contributions' part.
/// 4. So, whatever the order of payments, the other three together are never paid more than their shares come to, and what is
///    left of the contributions' part can always be paid. (It shrinks with the means where recovery mode ends minting.)
/// 5. Funds are spent before anything is minted, except that until the last hour the services' share of the day's funds is
///    kept for them: nothing is ever minted for services, and a keeper who comes last must find something.
/// 6. The emission budget is fixed by the day's first payment. Whoever makes it in time chooses between the `M` and supply of
///    two moments of one day; funds and means are never fixed.
abstract contract DailyBudget is IRewardPool {
    // Constants

    uint256 internal constant WAD = 1e18;
    /// @dev The range that the supply controller keeps `M` in. A source outside it is broken or captured.
    uint256 public constant MIN_MULTIPLIER = 0.1e18;
    uint256 public constant MAX_MULTIPLIER = 10e18;
    uint256 public constant MAX_EMISSION_SHARE = 0.01e18; // 1 % of the supply a day
    /// @dev The contributions' share is at least 20 %.
    uint256 public constant MAX_OTHER_SHARES = 0.8e18;
    /// @notice How long before the day ends the shares open.
    uint256 public constant OPEN_TO_ALL_FOR = 1 hours;
    uint256 private constant BASIS_POINT = 1e14;
    uint256 private constant WHOLE = 10_000; // basis points
    uint256 private constant BUDGET_UNIT = 1e9; // wei
    uint256 private constant PURPOSES = 4;

    // Storage

    /// @dev One slot, which a reward writes.
    ///
    ///   255         160 159        72 71          16 15      0
    ///  +---------------+-------------+--------------+---------+
    ///  | contributions |   minted    |    budget    |   day   |
    ///  +---------------+-------------+--------------+---------+
    ///
    /// 1 % of the hard cap is 1e16 units of 1e-9 FTNS, which fits 54 bits.
    struct Emission {
        uint16 day; // protocol day of all four
        uint56 budget; // 1e-9 FTNS
        uint88 minted; // FTNS
        uint96 contributions; // FTNS paid for them
    }

    /// @dev One slot, which the other payments write.
    ///
    ///   255      176 175       96 95       16 15      0
    ///  +------------+------------+-----------+---------+
    ///  |  services  |   claims   |   yield   |   day   |
    ///  +------------+------------+-----------+---------+
    ///
    /// A counter ends at 1.2 million FTNS. Only a pool that holds millions could pay more on a day; then it pays on the next.
    struct Others {
        uint16 day; // protocol day of all three
        uint80 yield; // FTNS
        uint80 claims; // FTNS
        uint80 services; // FTNS
    }

    /// @dev In memory.
    struct Today {
        uint256 day;
        /// The budget is stored already.
        bool begun;
        /// The budget is known. It is not where no payment has fixed it and `M` cannot be read.
        bool known;
        uint256 budget;
        uint256 minted;
        uint256 funds;
        uint256[PURPOSES] paid;
    }

    /// @inheritdoc IRewardPool
    IFTNSToken public token;
    uint16 private _yieldShare; // basis points, in the token's slot
    uint16 private _claimsShare;
    uint16 private _servicesShare;
    /// @inheritdoc IRewardPool
    IMultiplierSource public multiplierSource;
    uint64 private _emissionShare; // WAD, in the source's slot
    Emission private _emission;
    Others private _others;

    // Constructor

    constructor() {
        _setShares(0.3e18, 0.3e18, 0.1e18);
        _setEmissionShare(0.001e18);
    }

    // Views

    /// @inheritdoc IRewardPool
    function emissionShare() external view returns (uint256) {
        return _emissionShare;
    }

    /// @inheritdoc IRewardPool
    function shares() external view returns (uint256[PURPOSES] memory) {
        return _partsOf(WAD);
    }

    /// @inheritdoc IRewardPool
    function budgetLeft() external view returns (uint256) {
        IFTNSToken token_ = _token();
        return _emissionNow(_loadToday(token_), token_);
    }

    /// @inheritdoc IRewardPool
    function dayBudget() external view returns (DayBudget memory view_) {
        IFTNSToken token_ = _token();
        Today memory today = _loadToday(token_);
        uint256 emission = _emissionNow(today, token_);
        view_.day = today.day;
        view_.openToAll = _isOpenToAll(today);
        view_.means = _meansOf(today, emission);
        view_.funds = today.funds;
        view_.keptForServices = Math.min(_keptForServices(today), today.funds);
        view_.emissionBudget = today.budget;
        view_.emissionLeft = emission;
        view_.paid = today.paid;
        for (uint256 i; i < PURPOSES; ++i) {
            (uint256 inAll, uint256 ofFunds) = _room(today, Purpose(i), emission);
            view_.left[i] = Purpose(i) == Purpose.SERVICES ? ofFunds : inAll;
        }
    }

    // Internals: reading and writing the day

    /// @dev The present day. Where no payment has fixed its budget yet, it is what it would be now.
    function _loadToday(IFTNSToken token_) internal view returns (Today memory today) {
        today.day = ProtocolTime.today();
        Emission memory emission = _emission;
        if (emission.day == today.day) {
            (today.begun, today.known) = (true, true);
            today.budget = emission.budget * BUDGET_UNIT;
            today.minted = emission.minted;
            today.paid[uint256(Purpose.CONTRIBUTIONS)] = emission.contributions;
        } else {
            (today.known, today.budget) = _newBudget(token_);
        }
        Others memory others = _others;
        if (others.day == today.day) {
            today.paid[uint256(Purpose.YIELD)] = others.yield;
            today.paid[uint256(Purpose.CLAIMS)] = others.claims;
            today.paid[uint256(Purpose.SERVICES)] = others.services;
        }
        today.funds = token_.balanceOf(address(this));
    }

    /// @dev Counts a payment that `_room` allowed, and fixes the day's budget if it is the first. A day whose budget is not known
    /// has no contributions and no mints, so all there is to count goes into the other word.
    function _count(Today memory today, Purpose purpose, uint256 fromFunds, uint256 minted) internal {
        if (fromFunds + minted == 0) return;
        today.paid[uint256(purpose)] += fromFunds + minted;
        bool contribution = purpose == Purpose.CONTRIBUTIONS;
        // No cast cuts anything: `_room` ends where the counters do, and no more than the budget is minted.
        if (contribution || minted != 0 || (today.known && !today.begun)) {
            _emission = Emission({
                day: uint16(today.day),
                budget: uint56(today.budget / BUDGET_UNIT),
                minted: uint88(today.minted + minted),
                contributions: uint96(today.paid[uint256(Purpose.CONTRIBUTIONS)])
            });
        }
        if (!contribution) {
            _others = Others({
                day: uint16(today.day),
                yield: uint80(today.paid[uint256(Purpose.YIELD)]),
                claims: uint80(today.paid[uint256(Purpose.CLAIMS)]),
                services: uint80(today.paid[uint256(Purpose.SERVICES)])
            });
        }
    }

    // Internals: what fits

    /// @dev How much of `amount` can be paid for `purpose` now. A halt of transfers does not stop it: the token lets the exempt
    /// pay out.
    function _fit(Today memory today, Purpose purpose, uint256 amount, IFTNSToken token_)
        internal
        view
        returns (uint256 fromFunds, uint256 minted)
    {
        (uint256 inAll, uint256 ofFunds) = _roomFor(today, purpose, amount, token_);
        fromFunds = Math.min(amount, ofFunds);
        minted = Math.min(amount, inAll) - fromFunds;
    }

    /// @dev Room for a payment of `amount`: in all, and out of funds. What the funds alone allow they allow whatever could be
    /// minted, because emission only adds to the means: so only what does not fit needs a look at it.
    function _roomFor(Today memory today, Purpose purpose, uint256 amount, IFTNSToken token_)
        internal
        view
        returns (uint256 inAll, uint256 ofFunds)
    {
        (inAll, ofFunds) = _room(today, purpose, 0);
        if (amount > ofFunds) (inAll, ofFunds) = _room(today, purpose, _emissionNow(today, token_));
    }

    /// @dev What can be paid for `purpose` while `emission` can be minted: in all, and out of funds.
    function _room(Today memory today, Purpose purpose, uint256 emission)
        internal
        view
        returns (uint256 inAll, uint256 ofFunds)
    {
        uint256 means = _meansOf(today, emission);
        uint256 paid = today.paid[uint256(purpose)];
        bool contribution = purpose == Purpose.CONTRIBUTIONS;
        uint256[PURPOSES] memory parts = _partsOf(means);
        ofFunds = today.funds;
        if (!_isOpenToAll(today)) {
            inAll = Math.saturatingSub(parts[uint256(purpose)], paid);
            if (purpose != Purpose.SERVICES) ofFunds = Math.saturatingSub(ofFunds, _keptForServices(today));
        } else if (contribution) {
            inAll = type(uint256).max;
        } else {
            uint256 paidToOthers = _paidInAll(today) - today.paid[uint256(Purpose.CONTRIBUTIONS)];
            inAll = Math.saturatingSub(means - parts[uint256(Purpose.CONTRIBUTIONS)], paidToOthers);
        }
        uint256 counterEnd = contribution ? type(uint96).max : type(uint80).max;
        inAll = Math.min(Math.min(inAll, ofFunds + emission), counterEnd - paid);
        ofFunds = Math.min(inAll, ofFunds);
    }

    /// @dev What can be minted now. Nothing in recovery mode, which lets what is earned wait instead of making rewards fail.
    function _emissionNow(Today memory today, IFTNSToken token_) internal view returns (uint256) {
        uint256 left = today.budget - today.minted;
        if (left == 0 || token_.recoveryUntil() > block.timestamp) return 0;
        return Math.min(left, Math.saturatingSub(token_.MAX_SUPPLY(), token_.totalSupply()));
    }

    function _meansOf(Today memory today, uint256 emission) internal pure returns (uint256) {
        return today.funds + _paidInAll(today) + emission;
    }

    /// @dev `amount` by shares. Three are rounded down; the contributions' part is the rest.
    function _partsOf(uint256 amount) internal view returns (uint256[PURPOSES] memory parts) {
        parts[uint256(Purpose.YIELD)] = amount * _yieldShare / WHOLE;
        parts[uint256(Purpose.CLAIMS)] = amount * _claimsShare / WHOLE;
        parts[uint256(Purpose.SERVICES)] = amount * _servicesShare / WHOLE;
        parts[uint256(Purpose.CONTRIBUTIONS)] = amount - parts[uint256(Purpose.YIELD)]
            - parts[uint256(Purpose.CLAIMS)] - parts[uint256(Purpose.SERVICES)];
    }

    /// @dev Second from which the shares are open to all.
    function _openToAllAt(Today memory today) internal pure returns (uint256) {
        return ProtocolTime.startOf(today.day + 1) - OPEN_TO_ALL_FOR;
    }

    function _isOpenToAll(Today memory today) internal view returns (bool) {
        return block.timestamp >= _openToAllAt(today);
    }

    /// @dev The services' share of the day's funds, rounded down, less what they were paid; nothing in the last hour.
    function _keptForServices(Today memory today) private view returns (uint256) {
        if (_isOpenToAll(today)) return 0;
        uint256 fundsOfDay = today.funds + _paidInAll(today) - today.minted;
        return Math.saturatingSub(fundsOfDay * _servicesShare / WHOLE, today.paid[uint256(Purpose.SERVICES)]);
    }

    function _paidInAll(Today memory today) private pure returns (uint256) {
        return today.paid[0] + today.paid[1] + today.paid[2] + today.paid[3];
    }

    // Internals: collaborators and parameters

    function _token() internal view returns (IFTNSToken token_) {
        token_ = token;
        if (address(token_) == address(0)) revert NotInitialized();
    }

    function _setToken(IFTNSToken token_) internal {
        token = token_;
    }

    /// @dev What a day's budget would be now, rounded down (holders gain), and whether that is known. A source that fails does
    /// not stop the payments that need no `M`: until it answers they are made out of funds, and nothing is fixed.
    function _newBudget(IFTNSToken token_) private view returns (bool known, uint256 budget) {
        try multiplierSource.multiplier() returns (uint256 multiplier) {
            if (multiplier < MIN_MULTIPLIER || multiplier > MAX_MULTIPLIER) return (false, 0);
            budget = token_.totalSupply() * _emissionShare * Math.min(multiplier, WAD) / (WAD * WAD);
            return (true, budget - budget % BUDGET_UNIT);
        } catch {
            return (false, 0);
        }
    }

    /// @dev `M` as it holds for contributions of `kind`. A source that reverts makes the reward revert too: paying at a guessed
    /// `M` would pay some the wrong amount for ever, while an unpaid proof can be submitted again.
    function _multiplierFor(uint8 kind) internal view returns (uint256) {
        return _requireMultiplier(multiplierSource.multiplierFor(kind));
    }

    function _requireMultiplier(uint256 multiplier) private pure returns (uint256) {
        if (multiplier < MIN_MULTIPLIER || multiplier > MAX_MULTIPLIER) {
            revert MultiplierOutOfBounds(multiplier, MIN_MULTIPLIER, MAX_MULTIPLIER);
        }
        return multiplier;
    }

    /// @dev Reads the new source once, so that a wrong address fails here and not at the next reward.
    function _setMultiplierSource(IMultiplierSource multiplierSource_) internal {
        if (address(multiplierSource_).code.length == 0) revert NotAContract(address(multiplierSource_));
        multiplierSource = multiplierSource_;
        _requireMultiplier(multiplierSource_.multiplier());
        _multiplierFor(0);
    }

    function _setEmissionShare(uint256 share) internal {
        if (share > MAX_EMISSION_SHARE) revert EmissionShareOutOfBounds(share, MAX_EMISSION_SHARE);
        _emissionShare = uint64(share);
        emit EmissionShareChanged(share);
    }

    function _setShares(uint256 yieldShare, uint256 claimsShare, uint256 servicesShare) internal {
        _yieldShare = _basisPoints(yieldShare);
        _claimsShare = _basisPoints(claimsShare);
        _servicesShare = _basisPoints(servicesShare);
        uint256 others = yieldShare + claimsShare + servicesShare;
        if (others > MAX_OTHER_SHARES) revert SharesOutOfBounds(others, MAX_OTHER_SHARES);
        emit SharesChanged(_partsOf(WAD));
    }

    function _basisPoints(uint256 share) private pure returns (uint16) {
        if (share > MAX_OTHER_SHARES) revert SharesOutOfBounds(share, MAX_OTHER_SHARES);
        if (share % BASIS_POINT != 0) revert ShareTooFine(share, BASIS_POINT);
        return uint16(share / BASIS_POINT);
    }
}
