// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";

/// @title Creates a token by CREATE2 with value, and so is its first holder.
contract RevenueCreator {
    event Created(address token);

    function create(bytes32 salt, bytes calldata initCode) external payable returns (address token) {
        token = Create2.deploy(msg.value, salt, initCode);
        emit Created(token);
    }

    /// @notice Where create() will put it: ETH can be sent there before.
    function predict(bytes32 salt, bytes32 initCodeHash) external view returns (address) {
        return Create2.computeAddress(salt, initCodeHash);
    }

    function transfer(IERC20 token, address to, uint256 amount) external returns (bool) {
        return token.transfer(to, amount);
    }
}
