// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title Signatures
/// @notice Whether somebody signed a digest. A key is tried before the account's code is looked at: most signers have none,
/// and looking costs more than recovering.
/// @dev A signature may have another form that is as good (64 or 65 bytes), so none may serve as an identity of what it signs.
library Signatures {
    uint256 private constant COMPACT_LENGTH = 64;
    uint256 private constant WORD = 32;

    /// @notice Whether the key of `signer` signed `digest`, in 65 bytes or in the 64 of ERC-2098.
    function isByKey(address signer, bytes32 digest, bytes calldata signature) internal pure returns (bool) {
        address recovered;
        // What does not fit recovers the zero address.
        if (signature.length == COMPACT_LENGTH) {
            (recovered,,) = ECDSA.tryRecover(digest, bytes32(signature[:WORD]), bytes32(signature[WORD:]));
        } else {
            (recovered,,) = ECDSA.tryRecoverCalldata(digest, signature);
        }
        return recovered == signer && signer != address(0);
    }

    /// @notice Whether `signer` signed `digest`, by its key or, where it has code, by ERC-1271.
    /// @dev Code is asked by static call: it can refuse, but change nothing.
    function isBy(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        return isByKey(signer, digest, signature)
            || (signer.code.length != 0
                && SignatureChecker.isValidERC1271SignatureNowCalldata(signer, digest, signature));
    }
}
