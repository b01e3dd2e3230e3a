// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A payment token that calls back while it is being transferred, as ERC-777 tokens do.
contract ReentrantPaymentToken is ERC20 {
    address private target;
    bytes private data;

    constructor(uint256 supply) ERC20("Reentrant", "RE") {
        _mint(msg.sender, supply);
    }

    /// @notice What the next transfer calls, once.
    function program(address target_, bytes calldata data_) external {
        target = target_;
        data = data_;
    }

    function _afterTokenTransfer(address, address, uint256) internal override {
        if (target == address(0)) return;
        address called = target;
        target = address(0);
        (bool success, ) = called.call(data);
        require(success, "token: the call failed");
    }
}
