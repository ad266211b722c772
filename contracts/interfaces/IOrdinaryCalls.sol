// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How far a call is ordinary.
enum Bound {
    /// Not at all: it takes a constitutional vote.
    NEVER,
    /// Whatever its arguments are; the called contract has bounds of its own.
    ALWAYS,
    /// As long as its argument is at most what `current` of the same contract says now.
    LOWERING,
    /// As long as it moves no more of an asset of the treasury than its bucket takes.
    SPENDING,
    /// Not at all, but what a constitutional vote decides about it waits no longer than what an ordinary one does.
    SOON
}

/// @notice A rule about one function of one contract. One slot.
struct OrdinaryRule {
    Bound bound;
    /// LOWERING, SPENDING: number of the argument (a uint256) that is limited, from 0.
    uint8 argument;
    /// LOWERING: selector of the view without arguments that tells the value of now.
    bytes4 current;
    /// SPENDING: the token of which `argument` is an amount.
    address asset;
}

/// @title IOrdinaryCalls
/// @notice The list of what an ordinary vote may do. What it doesn't name takes a constitutional vote: the list itself too.
///
/// What the treasury spends by ordinary votes is limited for each asset, coins of the chain included, by a leaky bucket: it
/// takes 0.5 % of what the treasury holds, and empties within 30 days. So in no 30 days is it more than 1 %.
/// @dev Coins are sent by a call without data, and are the asset zero. A call with data and coins is never ordinary.
interface IOrdinaryCalls {
    event RuleSet(address indexed target, bytes4 indexed selector, OrdinaryRule rule);
    /// @notice `amount` of `asset` was spent by an ordinary vote; the bucket holds `level` now.
    event Spent(address indexed asset, uint256 amount, uint256 level);

    error NotAContract(address target);
    /// @notice No vote can put this on the list: it would make everything ordinary.
    error NeverOrdinary(address target, bytes4 selector);
    /// @notice A rule that says more, or less, than its bound needs.
    error InvalidRule(OrdinaryRule rule);
    /// @notice Call number `index` is not ordinary any more: the list, or what is in force, changed since it was proposed.
    error NoLongerOrdinary(uint256 index);
    /// @notice The bucket of `asset` has room for `room` now. The same call can be tried again later.
    error BucketFull(address asset, uint256 room, uint256 amount);
    error NotTheExecutor(address caller);

    /// @notice The account whose assets and acts are ruled: the timelock.
    /// @return address
    function TREASURY() external view returns (address);

    /// @notice What an ordinary vote may do with function `selector` of `target`.
    /// @param target a contract
    /// @param selector of a function
    /// @return bound NEVER where there is no rule
    function ruleOf(address target, bytes4 selector) external view returns (OrdinaryRule memory);

    /// @notice Whether all calls of a proposal are ordinary now.
    /// @dev Looks at amounts against what a bucket takes when it is empty, not against what it holds now: a full bucket makes an
    /// ordinary call wait, not constitutional.
    /// @param targets of the calls, one for each of `values` and `calldatas`
    /// @param values coins (wei)
    /// @param calldatas selectors and arguments
    /// @return false also for what no rule can be about
    function areOrdinary(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas)
        external
        view
        returns (bool);

    /// @notice Whether a constitutional proposal waits no longer than an ordinary one: each of its calls is on the list, as SOON or as
    /// ordinary now.
    /// @param targets of the calls, one for each of `values` and `calldatas`
    /// @param values coins (wei)
    /// @param calldatas selectors and arguments
    /// @return false also for what no rule can be about
    function maySoon(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas)
        external
        view
        returns (bool);

    /// @notice What can be spent of `asset` by ordinary votes now.
    /// @param asset a token; zero = coins of the chain
    /// @return room in the asset's own units
    function roomOf(address asset) external view returns (uint256 room);

    /// @notice What the bucket of `asset` takes when it is empty: 0.5 % of what the treasury holds of it now.
    /// @param asset a token; zero = coins of the chain
    /// @return in the asset's own units, rounded down
    function capacityOf(address asset) external view returns (uint256);

    /// @notice Checks the calls of an ordinary proposal once more, and counts what they spend. Reverts with `NoLongerOrdinary`,
    /// `BucketFull`, or `NotTheExecutor` for anyone but an executor of the treasury.
    /// @param targets of the calls
    /// @param values coins (wei)
    /// @param calldatas selectors and arguments
    function count(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas) external;

    /// @notice Sets what an ordinary vote may do with function `selector` of `target`. Restricted.
    /// @dev Warning: a rule about a function that passes calls on makes ordinary whatever it can call. The known ones are refused.
    /// @param target a contract, but for the treasury, the authority and this list
    /// @param selector of a function
    /// @param rule NEVER takes it off the list
    function setRule(address target, bytes4 selector, OrdinaryRule calldata rule) external;
}
