// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

/// Proxy of an upgradeable revenue token whose answers are as long as anybody likes: right, with zeros behind.
contract BulkyProxy is ERC1967Proxy {
    /// keccak256("bulky.size") - 1
    bytes32 private constant SIZE_SLOT = bytes32(uint256(keccak256("bulky.size")) - 1);

    constructor(
        address implementation,
        bytes memory initializeCall
    ) payable ERC1967Proxy(implementation, initializeCall) {}

    /// From now on each answer has `size` bytes at least.
    function answerWith(uint256 size) external {
        bytes32 slot = SIZE_SLOT;
        assembly {
            sstore(slot, size)
        }
    }

    function _delegate(address implementation) internal override {
        bytes32 slot = SIZE_SLOT;
        assembly {
            calldatacopy(0, 0, calldatasize())
            let isDone := delegatecall(gas(), implementation, 0, calldatasize(), 0, 0)
            let size := returndatasize()
            returndatacopy(0, 0, size)
            if iszero(isDone) {
                revert(0, size)
            }
            let wanted := sload(slot)
            if and(gt(size, 0), lt(size, wanted)) {
                calldatacopy(size, calldatasize(), sub(wanted, size))
                size := wanted
            }
            return(0, size)
        }
    }
}
