// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title A holder that answers each payment with a great many bytes.
contract BombHolder {
    uint256 private constant BYTES = 300_000;

    receive() external payable {
        assembly {
            return(0, BYTES)
        }
    }

    /// @notice Makes one call as this holder. A failure reverts.
    function run(address target, bytes calldata data) external {
        (bool success, bytes memory result) = target.call(data);
        Address.verifyCallResult(success, result, "holder: call failed");
    }
}
