// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevenueAsset} from "./RevenueAsset.sol";

/// @title An ERC-20 token whose balances can shrink without a log, as rebasing tokens do.
contract ShrinkingAsset is RevenueAsset {
    constructor() RevenueAsset("Shrinking", "SHR", 18) {}

    /// @notice No log tells of it.
    function shrink(address of_, uint256 amount) external {
        balanceOf[of_] -= amount;
        totalSupply -= amount;
    }
}
