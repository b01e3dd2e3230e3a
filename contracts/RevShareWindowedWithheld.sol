// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevShareWindowedUpgradeable} from "./RevShareWindowedUpgradeable.sol";

/// @title What the upgradeable token may become: every getter as before, and a tenth of each claim
///        is withheld.
contract RevShareWindowedWithheld is RevShareWindowedUpgradeable {
    function claimableRevenue(address account, uint256 id) public view override returns (uint256) {
        uint256 share = super.claimableRevenue(account, id);
        return share - share / 10;
    }
}
