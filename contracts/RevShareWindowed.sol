// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Snapshot} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Snapshot.sol";
import {WindowedRevenue} from "./WindowedRevenue.sol";

/// @title Windowed revenue token with permit, parameters in code.
/// @notice Storage (docs/domain.md#telling-policies-apart): 13 last snapshot, 14 claimable[id], 15 claimed sum[id],
///         16 claimed flag[id][account], 17 `R`, 18 `r`.
abstract contract RevShareWindowed is ERC20Permit, WindowedRevenue {
    /// @notice Share of new revenue that a snapshot assigns to holders, in percent.
    uint256 public immutable percentClaimable;
    /// @notice W: how many snapshots, counted from the last, can be claimed.
    uint256 public immutable SNAPSHOT_CLAIMABLE_NUMBER;
    /// @notice A snapshot needs more than this many seconds or blocks since the last.
    uint256 public immutable snapshotInterval;

    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        uint256 percentClaimable_,
        uint256 window,
        uint256 snapshotInterval_
    ) payable ERC20(name_, symbol_) ERC20Permit(name_) {
        require(percentClaimable_ <= 100, "percent above 100");
        require(window > 0, "window is 0");
        percentClaimable = percentClaimable_;
        SNAPSHOT_CLAIMABLE_NUMBER = window;
        snapshotInterval = snapshotInterval_;
        _lastSnapshot = _clock();
        _mint(msg.sender, supply);
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

    function _beforeTokenTransfer(
        address from,
        address to,
        uint256 amount
    ) internal override(ERC20, ERC20Snapshot) {
        super._beforeTokenTransfer(from, to, amount);
    }
}
