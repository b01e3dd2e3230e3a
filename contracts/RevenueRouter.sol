// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Performs any sequence of calls in one transaction, and is a holder itself.
/// @notice Without storage of its own, so that code run by delegatecall can write where it
///         likes.
contract RevenueRouter {
    struct Call {
        address target;
        uint256 value;
        bytes data;
        bool mayFail;
    }

    receive() external payable {}

    /// @notice Calls in order. A failure is swallowed where mayFail, else the whole reverts.
    function execute(Call[] calldata calls) external payable {
        for (uint256 i = 0; i < calls.length; ++i) {
            Call calldata step = calls[i];
            (bool success, bytes memory result) = step.target.call{value: step.value}(step.data);
            _settle(success, result, step.mayFail);
        }
    }

    /// @notice Runs the target's code on the router's storage: nothing happens to the target.
    function executeDelegate(address target, bytes calldata data, bool mayFail) external payable {
        (bool success, bytes memory result) = target.delegatecall(data);
        _settle(success, result, mayFail);
    }

    /// @notice Calls the target without the right to change anything.
    function executeStatic(address target, bytes calldata data, bool mayFail) external payable {
        (bool success, bytes memory result) = target.staticcall(data);
        _settle(success, result, mayFail);
    }

    /// @notice Always reverts: as the last call of a nested execute() it undoes the others.
    function alwaysRevert() external payable {
        revert("router reverts on demand");
    }

    function _settle(bool success, bytes memory result, bool mayFail) private pure {
        if (!mayFail) {
            Address.verifyCallResult(success, result, "router: call failed");
        }
    }
}
