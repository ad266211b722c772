// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDataFeeOracle} from "../interfaces/IDataFeeOracle.sol";

/// @notice The part of Arbitrum's precompile that is asked.
interface IArbGasInfo {
    /// @return fee wei that the present transaction was charged for its data
    function getCurrentTxL1GasFees() external view returns (uint256 fee);

    /// @return perL2Tx wei
    /// @return perL1CalldataByte wei, before compression
    /// @return perStorage wei
    /// @return perArbGasBase wei
    /// @return perArbGasCongestion wei
    /// @return perArbGasTotal wei
    function getPricesInWei()
        external
        view
        returns (
            uint256 perL2Tx,
            uint256 perL1CalldataByte,
            uint256 perStorage,
            uint256 perArbGasBase,
            uint256 perArbGasCongestion,
            uint256 perArbGasTotal
        );
}

/// @title ArbitrumDataFee
/// @notice The data fee of Arbitrum's chains. They take it as gas before a contract runs, so that no contract can measure it, but
/// tell what it was. It counts up to the price of `size` bytes: what else a transaction carries is its sender's business.
contract ArbitrumDataFee is IDataFeeOracle {
    /// @notice The precompile.
    IArbGasInfo public constant GAS_INFO = IArbGasInfo(0x000000000000000000000000000000000000006C);

    /// @inheritdoc IDataFeeOracle
    function dataFee(uint256 size) external view returns (uint256) {
        (, uint256 perByte,,,,) = GAS_INFO.getPricesInWei();
        return Math.min(GAS_INFO.getCurrentTxL1GasFees(), Math.saturatingMul(perByte, size));
    }
}
