// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevShareWindowedSeconds} from "./RevShareWindowedSeconds.sol";

/// @title Windowed revenue token whose Snapshot logs do not come from snapshot() frames alone.
/// @notice A snapshot() that is too early succeeds and logs nothing. Two other functions take a
///         snapshot at any time, and one of them has money paid in first by a call of its own.
contract RevShareDistributor is RevShareWindowedSeconds {
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

    function snapshot() external override returns (uint256) {
        if (_clock() - _lastSnapshot <= _interval()) return 0;
        return _takeSnapshot();
    }

    /// @notice Takes a snapshot without a snapshot() frame, without waiting for the interval.
    function distribute() external payable returns (uint256) {
        _lastSnapshot = 0;
        return _takeSnapshot();
    }

    /// @notice Calls `payer`, which pays this contract, then distributes: the log comes after a
    ///         sub-call of its own frame. Calls `after_` when it has distributed.
    function collect(address payer, bytes calldata data, bytes calldata after_) external returns (uint256 id) {
        (bool paid, ) = payer.call(data);
        require(paid, "collect failed");
        _lastSnapshot = 0;
        id = _takeSnapshot();
        if (after_.length > 0) {
            (paid, ) = payer.call(after_);
            require(paid, "collect failed");
        }
    }
}
