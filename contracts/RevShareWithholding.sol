// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevShareWindowedSeconds} from "./RevShareWindowedSeconds.sol";

/// @title Windowed revenue token with the usual getters that gives less from its second snapshot on.
/// @notice A tenth of what a snapshot should assign stays new revenue.
contract RevShareWithholding is RevShareWindowedSeconds {
    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        uint256 percentClaimable_,
        uint256 window,
        uint256 snapshotIntervalSeconds
    )
        payable
        RevShareWindowedSeconds(name_, symbol_, supply, percentClaimable_, window, snapshotIntervalSeconds)
    {}

    function snapshot() external override returns (uint256 id) {
        id = _takeSnapshot();
        if (id > 1) _claimable[id] -= _claimable[id] / 10;
    }
}
