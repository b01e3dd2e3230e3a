// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title A holder that can be paid nothing: its claims and burns revert.
contract RejectingHolder {
    receive() external payable {
        revert("no ETH, please");
    }

    /// @notice Makes one call as this holder, forwarding the value. A failure reverts.
    function run(address target, bytes calldata data) external payable {
        (bool success, bytes memory result) = target.call{value: msg.value}(data);
        Address.verifyCallResult(success, result, "holder: call failed");
    }
}
