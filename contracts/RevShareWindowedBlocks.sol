// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevShareWindowed} from "./RevShareWindowed.sol";

/// @title Windowed revenue token whose snapshot interval counts blocks (older versions).
contract RevShareWindowedBlocks is RevShareWindowed {
    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        uint256 percentClaimable_,
        uint256 window,
        uint256 snapshotIntervalBlocks
    ) payable RevShareWindowed(name_, symbol_, supply, percentClaimable_, window, snapshotIntervalBlocks) {}

    function lastSnapshotBlock() external view returns (uint256) {
        return _lastSnapshot;
    }

    function _clock() internal view override returns (uint256) {
        return block.number;
    }
}
