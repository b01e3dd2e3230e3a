// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title A contract that asks AI oracles and is answered by them.
contract OracleUser {
    struct Ask {
        address oracle;
        uint256 value;
        bytes data;
        /// The call is made, and its frame is reverted afterwards.
        bool undone;
    }

    mapping(uint256 => bytes) public outputs;

    receive() external payable {}

    /// @notice Makes the calls in order. One that fails is swallowed.
    function ask(Ask[] calldata asks) external payable {
        for (uint256 i = 0; i < asks.length; ++i) {
            Ask calldata step = asks[i];
            if (step.undone) {
                try this.askAndRevert(step.oracle, step.value, step.data) {} catch {}
            } else {
                (bool success, ) = step.oracle.call{value: step.value}(step.data);
                success;
            }
        }
    }

    function askAndRevert(address oracle, uint256 value, bytes calldata data) external {
        (bool success, ) = oracle.call{value: value}(data);
        revert(success ? "user: undone" : "user: failed");
    }

    function approve(IERC20 token, address oracle, uint256 amount) external {
        token.approve(oracle, amount);
    }

    /// @notice Keeps an answer. Call data in `callbackData` is sent back to the oracle at once.
    function aiOracleCallback(
        uint256 requestId,
        bytes calldata output,
        bytes calldata callbackData
    ) external {
        outputs[requestId] = output;
        if (callbackData.length > 32) {
            uint256 value = abi.decode(callbackData[:32], (uint256));
            (bool success, ) = msg.sender.call{value: value}(callbackData[32:]);
            success;
        }
    }
}
