// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ComposedRules} from "./ComposedRules.sol";
import {RevShareComposed} from "./RevShareComposed.sol";

/// @title A relative whose `claim(address,uint256)` pays for all snapshots up to an id at once.
contract RevShareClaimUpTo is RevShareComposed {
    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        ComposedRules memory rules
    ) payable RevShareComposed(name_, symbol_, supply, rules) {}

    function claim(address account, uint256 upTo) external {
        uint256 sum;
        for (uint256 id = 1; id <= upTo; ++id) {
            if (claimableRevenue(account, id) > 0) sum += _take(account, id);
        }
        _pay(account, sum);
    }
}
