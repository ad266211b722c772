// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Put in the place of a contract that others rely on: whatever is called, it fails in one of the ways there are.
contract Reverting {
    fallback() external {
        revert("broken");
    }
}

contract BurningGas {
    fallback() external {
        assembly ("memory-safe") {
            invalid()
        }
    }
}

/// @notice Answers, or fails with, more data than anybody can copy.
contract DataBomb {
    fallback() external {
        assembly ("memory-safe") {
            revert(0, 1000000)
        }
    }
}

/// @notice Answers with words that mean nothing.
contract Garbage {
    fallback(bytes calldata) external returns (bytes memory) {
        bytes memory noise = new bytes(1024);
        for (uint256 i; i < 1024; ++i) {
            noise[i] = 0xff;
        }
        return noise;
    }
}

/// @notice Answers with nothing at all.
contract Silent {
    fallback() external {}
}

/// @notice A price history that says a record is due and takes it without recording anything, whatever it answers.
contract IdleHistory {
    function lastRecord() external view returns (uint256, uint256, uint256) {
        return (1, block.timestamp - 2 hours, block.timestamp);
    }

    function hasNewRound() external pure returns (bool) {
        return true;
    }

    function record() external pure returns (uint256) {
        return 1;
    }
}
