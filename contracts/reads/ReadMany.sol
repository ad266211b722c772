// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What one read came to.
struct Answer {
    bool success;
    /// What it returned, or reverted with.
    bytes data;
}

/// @title ReadMany
/// @notice Reads many views in one `eth_call`. It is never deployed: a call without a receiver runs this constructor, which
/// returns the answers in place of a contract's code. So it needs no address, on any chain, and all answers are of one block.
/// @dev Nodes hold what a constructor returns to the size of a contract's code. It stops before that: whoever asked sees by the
/// number of answers how far it came, and asks for the rest again; if there is none, for each by itself. One that burns the gas it
/// gets leaves half of what was there to the next: what failed without a word is asked by itself, too.
contract ReadMany {
    /// @dev Bytes of answers, with their heads; a contract may have 24,576.
    uint256 private constant MAX_BYTES = 22_000;
    /// @dev Of an answer beside its data: two offsets, flag, length and padding.
    uint256 private constant HEAD_BYTES = 160;

    /// @param targets whom to ask
    /// @param calls what to ask each, as many as targets
    constructor(address[] memory targets, bytes[] memory calls) {
        Answer[] memory answers = new Answer[](targets.length);
        uint256 count;
        for (uint256 size; count < targets.length; count++) {
            // Half of what is left: one that burns all it gets leaves enough for the others.
            (bool success, bytes memory data) = targets[count].staticcall{gas: gasleft() / 2}(calls[count]);
            size += data.length + HEAD_BYTES;
            if (size > MAX_BYTES) break;
            answers[count] = Answer(success, data);
        }
        // solhint-disable-next-line no-inline-assembly
        assembly {
            mstore(answers, count)
        }
        bytes memory encoded = abi.encode(answers);
        // solhint-disable-next-line no-inline-assembly
        assembly {
            return(add(encoded, 32), mload(encoded))
        }
    }
}
