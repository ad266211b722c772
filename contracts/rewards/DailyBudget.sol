// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixedPointMathLib as Math} from "solady/src/utils/FixedPointMathLib.sol";
import {IFTNSToken} from "../interfaces/IFTNSToken.sol";
import {IMultiplierSource} from "../interfaces/IMultiplierSource.sol";
import {DayBudget, IRewardPool} from "../interfaces/IRewardPool.sol";
import {ProtocolTime} from "../libraries/ProtocolTime.sol";
import {Purpose} from "../types/Purpose.sol";
import {DayWords} from "./DayWords.sol";

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
///    left of the contributions' part can always be paid. Where the means shrink, because recovery mode ends minting, or a vote
///    lowers a share, what was paid stays paid, and then yield and claims wait until the others together are within it again.
/// 5. Funds are spent before anything is minted, except that until the last hour the services' share of the day's funds is
///    kept for them: nothing is ever minted for services, and a keeper who comes last must find something.
/// 6. The emission budget is fixed by the day's first payment. Whoever makes it in time chooses between the `M` and supply of
///    two moments of one day; funds and means are never fixed.
abstract contract DailyBudget is IRewardPool {
    using DayWords for uint256;

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
    uint256 private constant CLAIMS_SHIFT = 16;
    uint256 private constant SERVICES_SHIFT = 32;

    // Storage

    /// @dev In memory: the present day.
    struct Today {
        uint256 day;
        /// The last hour has begun.
        bool openToAll;
        /// The budget is stored already.
        bool begun;
        /// The budget is known. It is not where no payment has fixed it and `M` cannot be read.
        bool known;
        uint256 shares; // see `_shares`
        uint256 budget; // FTNS, as the others
        uint256 minted;
        uint256 funds;
        uint256 contributions; // paid for them, as the next three
        uint256 yield;
        uint256 claims;
        uint256 services;
        uint256 paidInAll;
    }

    /// @inheritdoc IRewardPool
    IFTNSToken public token;
    /// @dev In the token's slot: `| services 16 | claims 16 | yield 16 |` in basis points.
    uint48 private _shares;
    /// @inheritdoc IRewardPool
    IMultiplierSource public multiplierSource;
    uint64 private _emissionShare; // WAD, in the source's slot
    /// @dev There, too, as every reward reads it: rewards of single proofs above it vest (FTNS).
    uint32 internal _vestingAbove;
    /// @dev See DayWords.
    uint256 private _emissionWord;
    uint256 private _othersWord;

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
    function shares() public view returns (uint256[4] memory all) {
        (all[1], all[2], all[3]) = _partsOf(WAD, _shares);
        all[0] = WAD - all[1] - all[2] - all[3];
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
        view_.openToAll = today.openToAll;
        view_.means = _meansOf(today, emission);
        view_.funds = today.funds;
        view_.keptForServices = Math.min(_keptForServices(today), today.funds);
        view_.emissionBudget = today.budget;
        view_.emissionLeft = emission;
        view_.paid = [today.contributions, today.yield, today.claims, today.services];
        for (uint256 i; i < 4; ++i) {
            Purpose purpose = Purpose(i);
            (uint256 inAll, uint256 ofFunds) = _room(today, purpose, emission);
            view_.left[i] = purpose == Purpose.SERVICES ? ofFunds : inAll;
        }
    }

    // Internals: reading and writing the day

    /// @dev The present day. Where no payment has fixed its budget yet, it is what it would be now.
    function _loadToday(IFTNSToken token_) internal view returns (Today memory today) {
        uint256 day = ProtocolTime.today();
        today.day = day;
        today.openToAll = block.timestamp >= _openToAllAt(day);
        today.shares = _shares;
        uint256 word = _emissionWord;
        if (word.dayOf() == day) {
            (today.begun, today.known) = (true, true);
            today.budget = word.budgetOf();
            today.minted = word.mintedOf();
            today.contributions = word.contributionsOf();
        } else {
            (today.known, today.budget) = _newBudget(token_);
        }
        word = _othersWord;
        if (word.dayOf() == day) {
            today.yield = word.yieldOf();
            today.claims = word.claimsOf();
            today.services = word.servicesOf();
        }
        unchecked {
            today.paidInAll = today.contributions + today.yield + today.claims + today.services;
        }
        today.funds = token_.balanceOf(address(this));
    }

    /// @dev Counts a payment that `_room` allowed, and fixes the day's budget if it is the first. A day whose budget is not known
    /// has no contributions and no mints, so all there is to count goes into the other word. No field overflows: `_room` ends
    /// where the counters do, and no more than the budget is minted.
    function _count(Today memory today, Purpose purpose, uint256 fromFunds, uint256 minted) internal {
        unchecked {
            uint256 amount = fromFunds + minted;
            if (amount == 0) return;
            if (purpose == Purpose.CONTRIBUTIONS) today.contributions += amount;
            else if (purpose == Purpose.YIELD) today.yield += amount;
            else if (purpose == Purpose.CLAIMS) today.claims += amount;
            else today.services += amount;
            if (purpose != Purpose.CONTRIBUTIONS) {
                _othersWord = DayWords.othersWord(today.day, today.yield, today.claims, today.services);
                if (minted == 0 && (today.begun || !today.known)) return;
            }
            _emissionWord = DayWords.emissionWord(today.day, today.budget, today.minted + minted, today.contributions);
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
        unchecked {
            minted = Math.min(amount, inAll) - fromFunds;
        }
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

    /// @dev What can be paid for `purpose` while `emission` can be minted: in all, and out of funds, which is never more.
    /// Nothing overflows: all amounts are below 2^100 (see DayWords; the hard cap) and shares at most 10,000.
    function _room(Today memory today, Purpose purpose, uint256 emission)
        internal
        pure
        returns (uint256 inAll, uint256 ofFunds)
    {
        unchecked {
            ofFunds = today.funds;
            if (purpose != Purpose.SERVICES) ofFunds = Math.zeroFloorSub(ofFunds, _keptForServices(today));
            inAll = Math.min(ofFunds + emission, _leftByShares(today, purpose, _meansOf(today, emission)));
            ofFunds = Math.min(inAll, ofFunds);
        }
    }

    /// @dev What the shares, and the end of the counter, leave for `purpose` out of `means`.
    function _leftByShares(Today memory today, Purpose purpose, uint256 means) private pure returns (uint256 left) {
        unchecked {
            (uint256 forYield, uint256 forClaims, uint256 forServices) = _partsOf(means, today.shares);
            uint256 forOthers = forYield + forClaims + forServices;
            uint256 part;
            uint256 paid;
            if (purpose == Purpose.CONTRIBUTIONS) (part, paid) = (means - forOthers, today.contributions);
            else if (purpose == Purpose.YIELD) (part, paid) = (forYield, today.yield);
            else if (purpose == Purpose.CLAIMS) (part, paid) = (forClaims, today.claims);
            else (part, paid) = (forServices, today.services);

            left = DayWords.counterEnd(purpose) - paid;
            bool openToAll = today.openToAll;
            if (!openToAll) left = Math.min(left, Math.zeroFloorSub(part, paid));
            if (purpose != Purpose.CONTRIBUTIONS && (openToAll || purpose != Purpose.SERVICES)) {
                left = Math.min(left, Math.zeroFloorSub(forOthers, today.paidInAll - today.contributions));
            }
        }
    }

    /// @dev What can be minted now. Nothing in recovery mode, which lets what is earned wait instead of making rewards fail.
    function _emissionNow(Today memory today, IFTNSToken token_) internal view returns (uint256) {
        uint256 left = today.budget - today.minted;
        if (left == 0 || token_.recoveryUntil() > block.timestamp) return 0;
        return Math.min(left, Math.zeroFloorSub(token_.MAX_SUPPLY(), token_.totalSupply()));
    }

    function _meansOf(Today memory today, uint256 emission) internal pure returns (uint256) {
        unchecked {
            return today.funds + today.paidInAll + emission;
        }
    }

    /// @dev The others' parts of `amount` by `shares_`, each rounded down; contributions have the rest.
    function _partsOf(uint256 amount, uint256 shares_)
        internal
        pure
        returns (uint256 forYield, uint256 forClaims, uint256 forServices)
    {
        unchecked {
            forYield = amount * uint16(shares_) / WHOLE;
            forClaims = amount * uint16(shares_ >> CLAIMS_SHIFT) / WHOLE;
            forServices = amount * uint16(shares_ >> SERVICES_SHIFT) / WHOLE;
        }
    }

    /// @dev Second from which the shares of `day` are open to all.
    function _openToAllAt(uint256 day) internal pure returns (uint256) {
        unchecked {
            return ProtocolTime.startOf(day + 1) - OPEN_TO_ALL_FOR;
        }
    }

    /// @dev The services' share of the day's funds, rounded down, less what they were paid; nothing in the last hour.
    function _keptForServices(Today memory today) private pure returns (uint256) {
        if (today.openToAll) return 0;
        unchecked {
            uint256 fundsOfDay = today.funds + today.paidInAll - today.minted;
            (,, uint256 forServices) = _partsOf(fundsOfDay, today.shares);
            return Math.zeroFloorSub(forServices, today.services);
        }
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
            return (true, budget - budget % DayWords.BUDGET_UNIT);
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
        uint256 yields = _basisPoints(yieldShare);
        uint256 claims = _basisPoints(claimsShare);
        uint256 services = _basisPoints(servicesShare);
        uint256 others = yieldShare + claimsShare + servicesShare;
        if (others > MAX_OTHER_SHARES) revert SharesOutOfBounds(others, MAX_OTHER_SHARES);
        _shares = uint48(yields | claims << CLAIMS_SHIFT | services << SERVICES_SHIFT);
        emit SharesChanged(shares());
    }

    /// @dev Bounded first, so that the sum of three cannot overflow.
    function _basisPoints(uint256 share) private pure returns (uint256) {
        if (share > MAX_OTHER_SHARES) revert SharesOutOfBounds(share, MAX_OTHER_SHARES);
        if (share % BASIS_POINT != 0) revert ShareTooFine(share, BASIS_POINT);
        return share / BASIS_POINT;
    }
}
