// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {RevShareWindowedSeconds} from "./RevShareWindowedSeconds.sol";

/// @title Windowed revenue token whose functions can be reached without a CALL frame.
contract RevShareMulticall is RevShareWindowedSeconds {
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

    /// @notice Runs each call by DELEGATECALL to itself; msg.sender stays the caller.
    /// @dev With value, only payable functions succeed, and each of those frames repeats the
    ///      value of this one, which arrived once.
    function multicall(bytes[] calldata calls) external payable returns (bytes[] memory results) {
        results = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            results[i] = Address.functionDelegateCall(address(this), calls[i]);
        }
    }

    /// @notice Pays in and takes a snapshot inside this frame: the log Snapshot(id) appears
    ///         without a snapshot() frame.
    function distributeAndSnapshot() external payable returns (uint256) {
        return _takeSnapshot();
    }
}
