// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Who pays whom, and whose signature says how much. Their hash is the channel's id.
struct ChannelTerms {
    /// Whose wFTNS it holds, and who gets back what is not claimed.
    address payer;
    /// Who serves, and for whom is claimed.
    address operator;
    /// The key that signs vouchers: the payer's own, or one that it gave to a program.
    address voucherKey;
    /// Tells channels of the same three apart; small numbers cost the least calldata.
    uint256 salt;
}

/// @notice A voucher as an operator claims it: the channel's terms without the operator, and what its key signed.
struct Voucher {
    address payer;
    address voucherKey;
    uint256 salt;
    /// What the operator may claim of this channel in all, since it was first opened (wFTNS, 24 decimals).
    uint256 cumulative;
    /// What it claims of it in all: what it charged, where that is less than what was signed for (wFTNS, 24 decimals).
    uint256 charged;
    /// The signature in the two words of ERC-2098.
    bytes32 r;
    bytes32 vs;
}

/// @notice The payer's signature under an EIP-3009 payment of wFTNS into a channel.
struct DepositAuthorization {
    /// Seconds, as EIP-3009 has it.
    uint256 validAfter;
    uint256 validBefore;
    /// Any number; the nonce that is signed is the hash of the channel's id and of it, so that nobody can pay it into another one.
    uint256 number;
    uint8 v;
    bytes32 r;
    bytes32 s;
}

/// @notice A channel as it stands.
struct ChannelView {
    /// What came in, less what its payer took out again (wFTNS, 24 decimals).
    uint256 deposited;
    /// What was claimed in all (wFTNS, 24 decimals); never more than `deposited`.
    uint256 claimed;
    /// When the payer may take the rest out, if transfers are not restricted until then (seconds); zero without a notice.
    uint256 leavesAt;
    /// How many notices were given: the number that the next signed one bears.
    uint256 notices;
    /// What may leave it today, by claims and by its payer together: all there is, or what recovery mode allows (wFTNS).
    uint256 movable;
}
