// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Snapshot} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Snapshot.sol";

/// @title Revenue token of the "reference" variant (docs/domain.md#reference).
/// @notice Snapshots stay claimable for ever. One pool `C` pays claims, one pool `K` pays
///         burns. Storage: 9 last snapshot block, 10 claimable[id], 11 claimed flag
///         [id][account], 12 `C`, 13 `K`, 14 `b`.
contract RevShareReference is ERC20Snapshot {
    uint256 private constant MINIMUM_BLOCKS_BETWEEN_SNAPSHOTS = 1000;

    /// @notice Share of new revenue that a snapshot assigns to holders, in percent.
    uint256 public immutable percentClaimable;

    uint256 private _lastSnapshotBlock; // slot 9
    mapping(uint256 id => uint256 amountWei) private _claimable; // slot 10, CA[id]
    mapping(uint256 id => mapping(address account => bool)) private _hasClaimed; // slot 11
    uint256 private _claimPoolWei; // slot 12, C
    uint256 private _burnPoolWei; // slot 13, K
    uint256 private _burnedFromNewWei; // slot 14, b

    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        uint256 percentClaimable_
    ) payable ERC20(name_, symbol_) {
        require(percentClaimable_ <= 100, "percent above 100");
        percentClaimable = percentClaimable_;
        _lastSnapshotBlock = block.number;
        _mint(msg.sender, supply);
    }

    receive() external payable {}

    /// @notice Pays revenue in, with calldata of the payer's choice.
    function deposit(bytes calldata note) external payable {}

    function snapshot() external returns (uint256 id) {
        require(
            block.number - _lastSnapshotBlock > MINIMUM_BLOCKS_BETWEEN_SNAPSHOTS,
            "snapshot interval is too short"
        );
        uint256 newRevenue = _newRevenue();
        uint256 assigned = (newRevenue * percentClaimable) / 100;

        id = _snapshot();
        _lastSnapshotBlock = block.number;
        _claimable[id] = assigned;
        _claimPoolWei += assigned;
        _burnPoolWei += newRevenue - assigned - _burnedFromNewWei;
        _burnedFromNewWei = 0;
    }

    /// @notice Reverts for an id that was never taken; 0 when already claimed.
    function claimableRevenue(address account, uint256 id) public view returns (uint256) {
        uint256 share = (balanceOfAt(account, id) * _claimable[id]) / totalSupplyAt(id);
        return _hasClaimed[id][account] ? 0 : share;
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
        _burnPoolWei -= fromPool;
        _burnedFromNewWei += fromNew;
        _burn(msg.sender, amount);
        _pay(fromNew + fromPool, "burn failed");
    }

    function _claim(uint256 id) private {
        uint256 amount = claimableRevenue(msg.sender, id);
        require(amount > 0, "no claimable ETH");
        _hasClaimed[id][msg.sender] = true;
        _claimPoolWei -= amount;
        _pay(amount, "claim failed");
    }

    /// @dev N = B + b - C - K.
    function _newRevenue() private view returns (uint256) {
        return address(this).balance + _burnedFromNewWei - _claimPoolWei - _burnPoolWei;
    }

    /// @dev Two separate floors; the first term is floored twice (by 100, then by S).
    function _redeemable(uint256 amount) private view returns (uint256 fromNew, uint256 fromPool) {
        uint256 supply = totalSupply();
        uint256 hundredfold = _newRevenue() * (100 - percentClaimable) - _burnedFromNewWei * 100;
        fromNew = (amount * hundredfold) / 100 / supply;
        fromPool = (amount * _burnPoolWei) / supply;
    }

    function _pay(uint256 amountWei, string memory onFailure) private {
        (bool paid, ) = msg.sender.call{value: amountWei}("");
        require(paid, onFailure);
    }
}
