// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFTNSGovernor} from "./IFTNSGovernor.sol";
import {IStakingVault} from "./IStakingVault.sol";

/// @notice What became of a deposit.
enum Deposit {
    /// There is none.
    NONE,
    /// Locked in the proposer's stake until the vote is over.
    HELD,
    /// The proposal succeeded, or enough took part. It was released, or holds for a next proposal.
    FREED,
    SLASHED
}

/// @title IProposalDeposits
/// @notice A proposal costs a deposit, which is lost where nobody cares for it.
///
/// It is a part of the proposer's stake (see IStakingVault), which the proposer locks towards this contract before: one call of
/// `lock`. It is free again when the proposal succeeded or 5 % of the voting supply took part in the vote, and slashed to the
/// reward pool otherwise, also when the proposal was withdrawn. It earns and votes all the time. While the vault does not admit
/// this contract, so that nobody can lock anything, a proposal costs nothing: no vote can make the next one impossible.
/// @dev Amounts are FTNS with 18 decimals.
interface IProposalDeposits {
    event DepositHeld(uint256 indexed proposalId, address indexed proposer, uint256 amount);
    /// @notice `amount` of the stake of `proposer` is held no more. It was released, or stays locked for a next proposal.
    event DepositFreed(uint256 indexed proposalId, address indexed proposer, uint256 amount);
    event DepositSlashed(uint256 indexed proposalId, address indexed proposer, uint256 amount);
    event DepositSet(uint256 oldDeposit, uint256 newDeposit);
    event GovernorSet(IFTNSGovernor governor);

    error NotAContract(address target);
    error NotTheGovernor(address caller);
    /// @notice The governor is named once.
    error GovernorIsFixed(IFTNSGovernor governor);
    /// @notice `proposer` has locked `locked` towards this contract, and needs `needed`: call `lock` of the staking vault first.
    error DepositMissing(address proposer, uint256 locked, uint256 needed);
    /// @notice Nothing is held of `proposer`.
    error DepositNotHeld(address proposer, Deposit state);
    /// @notice The vote on `proposalId` is not over.
    error VoteStillOpen(uint256 proposalId);
    /// @notice `proposer` has locked nothing here but the deposit that is held.
    error NothingUnused(address proposer);
    error DepositOutOfBounds(uint256 deposit, uint256 min, uint256 max);

    /// @notice Where deposits are locked.
    /// @return StakingVault
    function VAULT() external view returns (IStakingVault);

    /// @notice Whose proposals these are.
    /// @return zero before it is named
    function governor() external view returns (IFTNSGovernor);

    /// @notice Deposit for proposals from now on (default 1,000 FTNS).
    /// @return FTNS, 18 decimals
    function deposit() external view returns (uint256);

    /// @notice The latest deposit of `proposer`.
    /// @param proposer any address
    /// @return proposalId what it is or was held for, of IGovernor; zero where `state` is NONE
    /// @return amount FTNS, 18 decimals
    /// @return state what became of it
    function depositOf(address proposer) external view returns (uint256 proposalId, uint256 amount, Deposit state);

    /// @notice Holds a deposit for a new proposal. Only the governor calls it. The deposit of the proposer's last proposal is
    /// settled first; what is freed of it stays locked, for this one.
    /// @param proposer has locked it before, else it reverts with `DepositMissing`
    /// @param index of the proposal, by `proposalIdAt` of the governor
    function hold(address proposer, uint256 index) external;

    /// @notice Frees or slashes the deposit of `proposer`, by what became of its latest proposal. Anyone may call it once the
    /// vote is over.
    /// @dev Reverts with `DepositNotHeld` or `VoteStillOpen`.
    /// @param proposer who made the proposal
    function settle(address proposer) external;

    /// @notice Releases what the caller locked towards this contract and no proposal holds.
    /// @dev Reverts with `NothingUnused`.
    /// @return amount FTNS, 18 decimals
    function releaseUnused() external returns (uint256 amount);

    /// @notice Names the governor, once. Restricted.
    /// @param governor_ FTNSGovernor
    function initialize(IFTNSGovernor governor_) external;

    /// @notice Sets the deposit for proposals from now on. Restricted.
    /// @param deposit_ 100 to 10,000 FTNS (18 decimals)
    function setDeposit(uint256 deposit_) external;
}
