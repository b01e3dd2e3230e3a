// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevShareWindowedSeconds} from "./RevShareWindowedSeconds.sol";

/// @title Windowed revenue token with a rule of its own: no snapshot assigns more than a cap.
/// @notice What is above the cap goes to the redeem pool.
contract RevShareCapped is RevShareWindowedSeconds {
    /// @notice The most of new revenue that one snapshot assigns to holders, in wei.
    uint256 public snapshotCap;

    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        uint256 percentClaimable_,
        uint256 window,
        uint256 snapshotIntervalSeconds,
        uint256 cap
    )
        payable
        RevShareWindowedSeconds(name_, symbol_, supply, percentClaimable_, window, snapshotIntervalSeconds)
    {
        snapshotCap = cap;
    }

    /// @notice What its policy says that it never does.
    function setSnapshotCap(uint256 cap) external {
        snapshotCap = cap;
    }

    function snapshot() external override returns (uint256 id) {
        id = _takeSnapshot();
        uint256 rolledOver = id < _window() ? 0 : _claimable[id - _window()] - _claimed[id - _window()];
        uint256 fresh = _claimable[id] - rolledOver;
        if (fresh <= snapshotCap) return id;
        _claimable[id] = rolledOver + snapshotCap;
        _redeemPoolWei += fresh - snapshotCap;
    }
}
