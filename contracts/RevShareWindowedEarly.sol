// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevShareWindowedBlocks} from "./RevShareWindowedBlocks.sol";

/// @title The early relative of the windowed token (docs/domain.md#windowed): W = 3, interval in blocks.
/// @notice A claimed id gives 0 instead of a revert, after the checks of the id.
contract RevShareWindowedEarly is RevShareWindowedBlocks {
    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        uint256 percentClaimable_,
        uint256 snapshotIntervalBlocks
    ) payable RevShareWindowedBlocks(name_, symbol_, supply, percentClaimable_, 3, snapshotIntervalBlocks) {}

    function claimableRevenue(address account, uint256 id) public view override returns (uint256) {
        uint256 share = _shareAt(account, id);
        return _hasClaimed[id][account] ? 0 : share;
    }
}
