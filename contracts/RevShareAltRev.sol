// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Snapshot} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Snapshot.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A revenue token with the AltRevToken extension of ERC-7641: it shares ERC-20 assets
///        beside ETH, each by the windowed policy (docs/domain.md#windowed), over the same snapshots.
/// @notice One claim pays an account's share of a snapshot in every asset, one burn likewise.
contract RevShareAltRev is ERC20Snapshot {
    using SafeERC20 for IERC20;

    struct Pools {
        bool accepted;
        mapping(uint256 id => uint256) claimable; // CA[id]
        mapping(uint256 id => uint256) claimed; // CL[id]
        uint256 redeemPool; // R
        uint256 redeemedFromNew; // r
    }

    /// @dev Stands for ETH.
    address private constant NATIVE = address(0);

    uint256 public immutable percentClaimable;
    uint256 public immutable SNAPSHOT_CLAIMABLE_NUMBER;
    uint256 public immutable snapshotInterval;
    uint256 public lastSnapshotTimestamp;
    address public immutable owner;

    /// @dev ETH first, then the accepted ERC-20 tokens in the order of their acceptance.
    address[] private _assets;
    mapping(address asset => Pools) private _pools;
    mapping(uint256 id => mapping(address account => bool)) private _hasClaimed;

    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        uint256 percentClaimable_,
        uint256 window,
        uint256 snapshotIntervalSeconds,
        address[] memory assets
    ) payable ERC20(name_, symbol_) {
        percentClaimable = percentClaimable_;
        SNAPSHOT_CLAIMABLE_NUMBER = window;
        snapshotInterval = snapshotIntervalSeconds;
        lastSnapshotTimestamp = block.timestamp;
        owner = msg.sender;
        _accept(NATIVE);
        for (uint256 i = 0; i < assets.length; ++i) {
            _accept(assets[i]);
        }
        _mint(msg.sender, supply);
    }

    receive() external payable {}

    /// @notice Shares another ERC-20 token from now on, with what is here of it already.
    function addRevenueToken(address asset) external {
        require(msg.sender == owner, "not the owner");
        _accept(asset);
    }

    /// @notice The ERC-20 tokens that are shared.
    function revenueTokens() external view returns (address[] memory assets) {
        assets = new address[](_assets.length - 1);
        for (uint256 i = 0; i < assets.length; ++i) {
            assets[i] = _assets[i + 1];
        }
    }

    function snapshot() external returns (uint256 id) {
        require(block.timestamp - lastSnapshotTimestamp > snapshotInterval, "too early");
        uint256[] memory newRevenue = new uint256[](_assets.length);
        for (uint256 i = 0; i < newRevenue.length; ++i) {
            newRevenue[i] = _newRevenue(_assets[i]);
        }
        id = _snapshot();
        lastSnapshotTimestamp = block.timestamp;
        for (uint256 i = 0; i < newRevenue.length; ++i) {
            _assign(_pools[_assets[i]], id, newRevenue[i]);
        }
    }

    function claimableRevenue(address account, uint256 id) external view returns (uint256) {
        return claimableERC20(account, id, NATIVE);
    }

    /// @notice Reverts like claimableRevenue of a windowed token; 0 for what is not shared.
    function claimableERC20(address account, uint256 id, address asset) public view returns (uint256) {
        require(!_hasClaimed[id][account], "already claimed");
        require(_getCurrentSnapshotId() - id < SNAPSHOT_CLAIMABLE_NUMBER, "snapshot unclaimable");
        return (balanceOfAt(account, id) * _pools[asset].claimable[id]) / totalSupplyAt(id);
    }

    function claim(uint256 id) external {
        uint256[] memory amounts = new uint256[](_assets.length);
        bool pays;
        for (uint256 i = 0; i < amounts.length; ++i) {
            amounts[i] = claimableERC20(msg.sender, id, _assets[i]);
            _pools[_assets[i]].claimed[id] += amounts[i];
            pays = pays || amounts[i] > 0;
        }
        require(pays, "nothing claimable");
        _hasClaimed[id][msg.sender] = true;
        _pay(amounts);
    }

    function redeemableOnBurn(uint256 amount) external view returns (uint256) {
        return redeemableERC20OnBurn(amount, NATIVE);
    }

    function redeemableERC20OnBurn(uint256 amount, address asset) public view returns (uint256) {
        if (!_pools[asset].accepted) return 0;
        (uint256 fromNew, uint256 fromPool) = _redeemable(amount, asset);
        return fromNew + fromPool;
    }

    function burn(uint256 amount) external {
        uint256[] memory amounts = new uint256[](_assets.length);
        for (uint256 i = 0; i < amounts.length; ++i) {
            (uint256 fromNew, uint256 fromPool) = _redeemable(amount, _assets[i]);
            _pools[_assets[i]].redeemPool -= fromPool;
            _pools[_assets[i]].redeemedFromNew += fromNew;
            amounts[i] = fromNew + fromPool;
        }
        _burn(msg.sender, amount);
        _pay(amounts);
    }

    function _accept(address asset) private {
        require(!_pools[asset].accepted && asset != address(this), "not acceptable");
        _pools[asset].accepted = true;
        _assets.push(asset);
    }

    function _assign(Pools storage pools, uint256 id, uint256 newRevenue) private {
        uint256 window = SNAPSHOT_CLAIMABLE_NUMBER;
        uint256 assigned = (newRevenue * percentClaimable) / 100;
        uint256 rolledOver = id < window ? 0 : pools.claimable[id - window] - pools.claimed[id - window];
        pools.claimable[id] = assigned + rolledOver;
        pools.redeemPool += newRevenue - assigned - pools.redeemedFromNew;
        pools.redeemedFromNew = 0;
    }

    /// @dev N = B + r - R - pool(last).
    function _newRevenue(address asset) private view returns (uint256) {
        Pools storage pools = _pools[asset];
        uint256 assigned;
        uint256 id = _getCurrentSnapshotId();
        for (uint256 left = SNAPSHOT_CLAIMABLE_NUMBER; left > 0 && id > 0; --left) {
            assigned += pools.claimable[id] - pools.claimed[id];
            --id;
        }
        return _held(asset) + pools.redeemedFromNew - pools.redeemPool - assigned;
    }

    function _redeemable(uint256 amount, address asset) private view returns (uint256, uint256) {
        Pools storage pools = _pools[asset];
        uint256 supply = totalSupply();
        uint256 open = (_newRevenue(asset) * (100 - percentClaimable)) / 100 - pools.redeemedFromNew;
        return ((amount * open) / supply, (amount * pools.redeemPool) / supply);
    }

    function _held(address asset) private view returns (uint256) {
        return asset == NATIVE ? address(this).balance : IERC20(asset).balanceOf(address(this));
    }

    /// @dev ETH last: whoever gets it may call back, and has to find nothing that is owed yet.
    /// @param amounts in the order of _assets; what is 0 is not paid
    function _pay(uint256[] memory amounts) private {
        for (uint256 i = 1; i < amounts.length; ++i) {
            if (amounts[i] > 0) IERC20(_assets[i]).safeTransfer(msg.sender, amounts[i]);
        }
        if (amounts[0] > 0) {
            (bool paid, ) = msg.sender.call{value: amounts[0]}("");
            require(paid, "payment failed");
        }
    }
}
