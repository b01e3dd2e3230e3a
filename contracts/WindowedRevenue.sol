// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20Snapshot} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Snapshot.sol";

/// @title The "windowed" revenue policy (docs/domain.md#windowed), for any window, unit and percentage.
/// @notice Only the last W snapshots can be claimed. What is left unclaimed in snapshot
///         id - W comes back to all holders in snapshot id.
/// @dev Where the parameters are kept (code, storage) and what the clock counts is decided
///      by the inheriting contract. Six storage slots in this order: last snapshot,
///      claimable[id], claimed sum[id], claimed flag[id][account], `R`, `r`.
abstract contract WindowedRevenue is ERC20Snapshot {
    uint256 internal _lastSnapshot;
    mapping(uint256 id => uint256 amountWei) internal _claimable; // CA[id]
    mapping(uint256 id => uint256 amountWei) internal _claimed; // CL[id]
    mapping(uint256 id => mapping(address account => bool)) internal _hasClaimed;
    uint256 internal _redeemPoolWei; // R
    uint256 internal _redeemedFromNewWei; // r

    receive() external payable {}

    /// @notice Pays revenue in, with calldata of the payer's choice.
    function deposit(bytes calldata note) external payable {}

    function snapshot() external virtual returns (uint256) {
        return _takeSnapshot();
    }

    /// @notice Reverts, in this order: claimed already, id above the last (Panic 0x11),
    ///         id out of the window, id 0.
    function claimableRevenue(address account, uint256 id) public view virtual returns (uint256) {
        require(!_hasClaimed[id][account], "already claimed");
        return _shareAt(account, id);
    }

    function claim(uint256 id) external {
        _claim(id);
    }

    /// @notice Claims inside the contract: no call frame per id, one payment per id.
    function claimBatch(uint256[] calldata ids) external {
        for (uint256 i = 0; i < ids.length; ++i) {
            _claim(ids[i]);
        }
    }

    function redeemableOnBurn(uint256 amount) external view returns (uint256) {
        (uint256 fromNew, uint256 fromPool) = _redeemable(amount);
        return fromNew + fromPool;
    }

    function burn(uint256 amount) external {
        (uint256 fromNew, uint256 fromPool) = _redeemable(amount);
        _redeemPoolWei -= fromPool;
        _redeemedFromNewWei += fromNew;
        _burn(msg.sender, amount);
        _pay(fromNew + fromPool, "burn failed");
    }

    function _takeSnapshot() internal returns (uint256 id) {
        require(_clock() - _lastSnapshot > _interval(), "snapshot interval is too short");
        uint256 window = _window();
        uint256 newRevenue = _newRevenue();
        uint256 assigned = (newRevenue * _percent()) / 100;

        id = _snapshot();
        _lastSnapshot = _clock();
        // CA[0] and CL[0] are never written, so id - window = 0 rolls over nothing.
        uint256 rolledOver = id < window ? 0 : _claimable[id - window] - _claimed[id - window];
        _claimable[id] = assigned + rolledOver;
        _redeemPoolWei += newRevenue - assigned - _redeemedFromNewWei;
        _redeemedFromNewWei = 0;
    }

    function _claim(uint256 id) private {
        uint256 amount = claimableRevenue(msg.sender, id);
        require(amount > 0, "no claimable ETH");
        _hasClaimed[id][msg.sender] = true;
        _claimed[id] += amount;
        _pay(amount, "claim failed");
    }

    /// @dev The account's part of a snapshot inside the window, claimed or not.
    function _shareAt(address account, uint256 id) internal view returns (uint256) {
        require(_getCurrentSnapshotId() - id < _window(), "snapshot unclaimable");
        return (balanceOfAt(account, id) * _claimable[id]) / totalSupplyAt(id);
    }

    /// @dev N = B + r - R - pool(last).
    function _newRevenue() private view returns (uint256) {
        return address(this).balance + _redeemedFromNewWei - _redeemPoolWei - _claimPoolWei();
    }

    /// @dev pool(last): what is unclaimed in the last W snapshots.
    function _claimPoolWei() private view returns (uint256 pool) {
        uint256 id = _getCurrentSnapshotId();
        for (uint256 left = _window(); left > 0 && id > 0; --left) {
            pool += _claimable[id] - _claimed[id];
            --id;
        }
    }

    /// @dev Floors in the order of docs/domain.md#windowed, which is not that of 2a.
    function _redeemable(uint256 amount) private view returns (uint256 fromNew, uint256 fromPool) {
        uint256 supply = totalSupply();
        uint256 open = (_newRevenue() * (100 - _percent())) / 100 - _redeemedFromNewWei;
        fromNew = (amount * open) / supply;
        fromPool = (amount * _redeemPoolWei) / supply;
    }

    function _pay(uint256 amountWei, string memory onFailure) private {
        (bool paid, ) = msg.sender.call{value: amountWei}("");
        require(paid, onFailure);
    }

    function _percent() internal view virtual returns (uint256);

    function _interval() internal view virtual returns (uint256);

    function _window() internal view virtual returns (uint256);

    /// @dev Seconds or blocks, in the unit of the interval.
    function _clock() internal view virtual returns (uint256);
}
