// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDataFeeOracle} from "../../interfaces/IDataFeeOracle.sol";
import {IArbGasInfo} from "../../keepers/ArbitrumDataFee.sol";
import {IGasPriceOracle} from "../../keepers/OptimismDataFee.sol";

/// @notice Put in the place of the OP Stack's predeploy: its formula from the Fjord upgrade on, with scalars like OP Mainnet's.
contract GasPriceOraclePredeploy is IGasPriceOracle {
    uint256 public l1BaseFee;
    uint256 public blobBaseFee;

    function set(uint256 l1BaseFee_, uint256 blobBaseFee_) external {
        (l1BaseFee, blobBaseFee) = (l1BaseFee_, blobBaseFee_);
    }

    /// @dev As GasPriceOracle 1.3.0: the bound of FastLZ's length, and the linear regression of it.
    function getL1FeeUpperBound(uint256 unsignedTxSize) external view returns (uint256) {
        uint256 size = unsignedTxSize + 68;
        int256 estimated = -42_585_600 + 836_500 * int256(size + size / 255 + 16);
        if (estimated < 100_000_000) estimated = 100_000_000;
        return uint256(estimated) * (5_227 * 16 * l1BaseFee + 1_014_213 * blobBaseFee) / 1e12;
    }
}

/// @notice Put in the place of Arbitrum's precompile.
contract ArbGasInfoPrecompile is IArbGasInfo {
    uint256 public perByte;
    uint256 public charged;

    function set(uint256 perByte_, uint256 charged_) external {
        (perByte, charged) = (perByte_, charged_);
    }

    function getCurrentTxL1GasFees() external view returns (uint256) {
        return charged;
    }

    function getPricesInWei() external view returns (uint256, uint256, uint256, uint256, uint256, uint256) {
        return (perByte * 140, perByte, 2e12, 1e8, 0, 1e8);
    }
}

/// @notice Says what it was told to say.
contract DataFeeTold is IDataFeeOracle {
    uint256 public perByte;
    uint256 public flat;

    function set(uint256 perByte_, uint256 flat_) external {
        (perByte, flat) = (perByte_, flat_);
    }

    function dataFee(uint256 size) external view returns (uint256) {
        return perByte * size + flat;
    }
}
