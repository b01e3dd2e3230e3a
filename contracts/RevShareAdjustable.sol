// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {WindowedRevenue} from "./WindowedRevenue.sol";

/// @title Windowed revenue token whose every term can be changed, with and without a log, and whose
///        claims can be paused. Interval in seconds.
/// @notice Anyone may call any setter: this is a devnet contract.
contract RevShareAdjustable is WindowedRevenue {
    uint256 public percentClaimable;
    uint256 public SNAPSHOT_CLAIMABLE_NUMBER;
    uint256 public snapshotInterval;
    bool public paused;

    event TermsChanged(uint256 percentClaimable, uint256 window, uint256 interval);

    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        uint256 percent,
        uint256 window,
        uint256 interval
    ) payable ERC20(name_, symbol_) {
        percentClaimable = percent;
        SNAPSHOT_CLAIMABLE_NUMBER = window;
        snapshotInterval = interval;
        _lastSnapshot = block.timestamp;
        _mint(msg.sender, supply);
    }

    /// @notice Logs what it changed.
    function setTerms(uint256 percent, uint256 window, uint256 interval) external {
        percentClaimable = percent;
        SNAPSHOT_CLAIMABLE_NUMBER = window;
        snapshotInterval = interval;
        emit TermsChanged(percent, window, interval);
    }

    function setPercentClaimable(uint256 percent) external {
        percentClaimable = percent;
    }

    function setWindow(uint256 window) external {
        SNAPSHOT_CLAIMABLE_NUMBER = window;
    }

    function setSnapshotInterval(uint256 interval) external {
        snapshotInterval = interval;
    }

    function setPaused(bool isPaused) external {
        paused = isPaused;
    }

    function lastSnapshotTimestamp() external view returns (uint256) {
        return _lastSnapshot;
    }

    /// @dev Views answer while claims are paused; a claim asks for the share of its own caller.
    function claimableRevenue(address account, uint256 id) public view override returns (uint256) {
        require(!paused || msg.sender != account, "claims are paused");
        return super.claimableRevenue(account, id);
    }

    function _percent() internal view override returns (uint256) {
        return percentClaimable;
    }

    function _interval() internal view override returns (uint256) {
        return snapshotInterval;
    }

    function _window() internal view override returns (uint256) {
        return SNAPSHOT_CLAIMABLE_NUMBER;
    }

    function _clock() internal view override returns (uint256) {
        return block.timestamp;
    }
}
