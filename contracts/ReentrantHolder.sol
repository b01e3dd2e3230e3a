// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title A holder that answers a payment of the token with calls of its own.
contract ReentrantHolder {
    struct Step {
        address target;
        uint256 value;
        bytes data;
        /// Let a failure of this call revert the payment that triggered it.
        bool propagate;
        /// Leave the rest of the queue to the next payment.
        bool pause;
    }

    address public trigger;
    uint256 public next;
    Step[] private _queue;

    receive() external payable {
        if (msg.sender != trigger) return;
        while (next < _queue.length) {
            Step memory step = _queue[next];
            // Before the call: a payment made by the call goes on with the next step.
            ++next;
            _perform(step.target, step.value, step.data, step.propagate);
            if (step.pause) return;
        }
    }

    /// @notice Replaces the queue. Payments by `trigger_` work it off.
    function program(address trigger_, Step[] calldata steps) external payable {
        delete _queue;
        next = 0;
        trigger = trigger_;
        for (uint256 i = 0; i < steps.length; ++i) {
            _queue.push(steps[i]);
        }
    }

    /// @notice Makes one call as this holder. A failure reverts.
    function run(address target, uint256 value, bytes calldata data) external payable {
        _perform(target, value, data, true);
    }

    function _perform(address target, uint256 value, bytes memory data, bool propagate) private {
        (bool success, bytes memory result) = target.call{value: value}(data);
        if (propagate) {
            Address.verifyCallResult(success, result, "holder: call failed");
        }
    }
}
