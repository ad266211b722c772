// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDataFeeOracle} from "../interfaces/IDataFeeOracle.sol";

/// @notice The part of the OP Stack's predeploy that is asked (from its Fjord upgrade on).
interface IGasPriceOracle {
    /// @param unsignedTxSize bytes of the transaction without its signature
    /// @return fee wei, as for data that cannot be compressed
    function getL1FeeUpperBound(uint256 unsignedTxSize) external view returns (uint256 fee);
}

/// @title OptimismDataFee
/// @notice The data fee of OP Stack chains. Their exact fee (`getL1Fee`) compresses the transaction on the chain, at some 50 gas a
/// byte; the bound by size costs nothing, and is close for signatures, which do not compress.
contract OptimismDataFee is IDataFeeOracle {
    /// @notice The predeploy.
    IGasPriceOracle public constant ORACLE = IGasPriceOracle(0x420000000000000000000000000000000000000F);

    /// @inheritdoc IDataFeeOracle
    function dataFee(uint256 size) external view returns (uint256) {
        return ORACLE.getL1FeeUpperBound(size);
    }
}
