// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @title Checks what a snapshot gave to a holder against the root that the ledger committed to.
contract EntitlementVerifier {
    /// @param root `Snapshot.commitment.root` of the API
    /// @param amount the holder's share of the snapshot, claimed or not
    /// @param proof `entitlementProof.proof` of the API
    function verify(bytes32 root, address holder, uint256 amount, bytes32[] calldata proof)
        external
        pure
        returns (bool)
    {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(holder, amount))));
        return MerkleProof.verifyCalldata(proof, root, leaf);
    }
}
