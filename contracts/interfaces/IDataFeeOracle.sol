// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IDataFeeOracle
/// @notice What a rollup charges, beside gas, for publishing a transaction's data. Each kind of rollup tells it in its own way;
/// KeeperJobs asks one contract of this kind, and believes it up to a highest fee for each job.
interface IDataFeeOracle {
    /// @notice The fee for a transaction of `size` bytes, at the prices of this block; where the chain knows it, at most what the
    /// present transaction was charged.
    /// @param size bytes of the transaction
    /// @return fee wei of the chain's coin
    function dataFee(uint256 size) external view returns (uint256 fee);
}
