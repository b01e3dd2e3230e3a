// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {
    ComposedRules,
    PART_END_OF_BLOCK
} from "./ComposedRules.sol";

/// @title Balances of a composed revenue token, at snapshots too.
/// @notice A balance is a number of parts times a factor that rebase() changes without a log.
abstract contract ComposedShares {
    struct Checkpoint {
        uint256 key; // the number of snapshots before the change, or the block of the change
        uint256 parts;
    }

    uint256 private constant NO_FACTOR = 100;

    ComposedRules internal _rules;
    address internal _owner;
    string public name;
    string public symbol;
    uint256 internal _lastSnapshotId;
    uint256 internal _factor;
    mapping(uint256 id => uint256) private _blockAt;
    mapping(uint256 id => uint256) private _factorAt;
    mapping(address account => Checkpoint[]) private _checkpoints;
    mapping(address account => bool) internal _isListed;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Snapshot(uint256 id);

    function decimals() external pure returns (uint8) {
        return 18;
    }

    function balanceOf(address account) public view returns (uint256) {
        return (_newest(account) * _factor) / NO_FACTOR;
    }

    function totalSupply() public view returns (uint256) {
        return balanceOf(address(0));
    }

    function balanceOfAt(address account, uint256 id) public view returns (uint256) {
        require(id > 0, "ERC20Snapshot: id is 0");
        require(id <= _lastSnapshotId, "ERC20Snapshot: nonexistent id");
        return (_partsAt(account, _hasPart(PART_END_OF_BLOCK) ? _blockAt[id] : id - 1) * _factorAt[id]) / NO_FACTOR;
    }

    function totalSupplyAt(uint256 id) public view returns (uint256) {
        return balanceOfAt(address(0), id);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _move(msg.sender, to, amount);
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    /// @dev The zero address keeps the supply.
    function _mint(address to, uint256 amount, bool isLogged) internal {
        uint256 parts = _toParts(amount);
        _write(address(0), _newest(address(0)) + parts);
        _write(to, _newest(to) + parts);
        if (isLogged) emit Transfer(address(0), to, amount);
    }

    function _burnFrom(address from, uint256 amount) internal {
        uint256 parts = _toParts(amount);
        _write(from, _newest(from) - parts);
        _write(address(0), _newest(address(0)) - parts);
        emit Transfer(from, address(0), amount);
    }

    function _move(address from, address to, uint256 amount) internal {
        require(to != address(0), "transfer to nobody");
        uint256 parts = _toParts(amount);
        _write(from, _newest(from) - parts);
        _write(to, _newest(to) + parts);
    }

    function _nextSnapshot() internal returns (uint256 id) {
        id = ++_lastSnapshotId;
        _blockAt[id] = block.number;
        _factorAt[id] = _factor;
        emit Snapshot(id);
    }

    function _hasPart(uint256 part) internal view returns (bool) {
        return _rules.parts & part != 0;
    }

    function _toParts(uint256 amount) private view returns (uint256) {
        return (amount * NO_FACTOR) / _factor;
    }

    function _newest(address account) private view returns (uint256) {
        Checkpoint[] storage all = _checkpoints[account];
        return all.length == 0 ? 0 : all[all.length - 1].parts;
    }

    function _partsAt(address account, uint256 key) private view returns (uint256) {
        Checkpoint[] storage all = _checkpoints[account];
        for (uint256 i = all.length; i > 0; --i) {
            if (all[i - 1].key <= key) return all[i - 1].parts;
        }
        return 0;
    }

    function _write(address account, uint256 parts) private {
        uint256 key = _hasPart(PART_END_OF_BLOCK) ? block.number : _lastSnapshotId;
        Checkpoint[] storage all = _checkpoints[account];
        if (all.length > 0 && all[all.length - 1].key == key) all[all.length - 1].parts = parts;
        else all.push(Checkpoint(key, parts));
    }
}
