// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevShareWindowedUpgradeable} from "./RevShareWindowedUpgradeable.sol";

/// @title What the upgradeable token may become: the same policy, and a way to change its terms.
contract RevShareWindowedNext is RevShareWindowedUpgradeable {
    function version() external pure returns (uint256) {
        return 2;
    }

    function setPercentClaimable(uint256 percentClaimable_) external {
        percentClaimable = percentClaimable_;
    }
}
