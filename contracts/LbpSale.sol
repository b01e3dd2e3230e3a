// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A liquidity bootstrapping pool: shares are bought and sold along a curve, and
///        redeemed for tokens when the sale is over (docs/domain.md#sales).
/// @notice The curve is assets * shares = constant over virtual reserves; the real pools'
///         weights change it, not the events. A fee of 1 % is taken in what is paid in.
contract LbpSale {
    using SafeERC20 for IERC20;

    event Buy(address indexed caller, uint256 assets, uint256 shares, uint256 swapFee);
    event Sell(address indexed caller, uint256 shares, uint256 assets, uint256 swapFee);
    event Redeem(address indexed caller, uint256 indexed streamID, uint256 shares);
    event Close(
        uint256 assets,
        uint256 platformFees,
        uint256 swapFeesAsset,
        uint256 swapFeesShare
    );

    IERC20 public immutable share;
    IERC20 public immutable asset;
    address public immutable manager;
    uint256 public immutable saleEnd;

    uint256 public reserveAssets;
    uint256 public reserveShares;
    uint256 public totalSwapFeesAsset;
    uint256 public totalSwapFeesShare;
    uint256 public totalPurchased;
    bool public closed;
    mapping(address => uint256) public purchasedShares;
    mapping(address => uint256) public redeemedShares;

    constructor(
        address share_,
        address asset_,
        uint256 virtualAssets,
        uint256 virtualShares,
        uint256 saleEnd_,
        address manager_
    ) {
        share = IERC20(share_);
        asset = IERC20(asset_);
        reserveAssets = virtualAssets;
        reserveShares = virtualShares;
        saleEnd = saleEnd_;
        manager = manager_;
    }

    modifier whenSaleActive() {
        require(block.timestamp < saleEnd, "lbp: over");
        _;
    }

    /// @notice The shares are the recipient's; the log names the caller only.
    function swapExactAssetsForShares(
        uint256 assetsIn,
        uint256 minSharesOut,
        address recipient
    ) external whenSaleActive returns (uint256 sharesOut) {
        uint256 fee = assetsIn / 100;
        uint256 net = assetsIn - fee;
        sharesOut = reserveShares * net / (reserveAssets + net);
        require(sharesOut > 0 && sharesOut >= minSharesOut, "lbp: slippage");
        reserveAssets += net;
        reserveShares -= sharesOut;
        _bought(recipient, assetsIn, sharesOut, fee);
    }

    function swapAssetsForExactShares(
        uint256 sharesOut,
        uint256 maxAssetsIn,
        address recipient
    ) external whenSaleActive returns (uint256 assetsIn) {
        require(sharesOut > 0 && sharesOut < reserveShares, "lbp: out of shares");
        uint256 net = reserveAssets * sharesOut / (reserveShares - sharesOut) + 1;
        uint256 fee = net / 100;
        assetsIn = net + fee;
        require(assetsIn <= maxAssetsIn, "lbp: slippage");
        reserveAssets += net;
        reserveShares -= sharesOut;
        _bought(recipient, assetsIn, sharesOut, fee);
    }

    /// @notice The shares are the caller's; the assets go to the recipient.
    function swapExactSharesForAssets(
        uint256 sharesIn,
        uint256 minAssetsOut,
        address recipient
    ) external whenSaleActive returns (uint256 assetsOut) {
        uint256 fee = sharesIn / 100;
        uint256 net = sharesIn - fee;
        assetsOut = reserveAssets * net / (reserveShares + net);
        require(assetsOut > 0 && assetsOut >= minAssetsOut, "lbp: slippage");
        reserveAssets -= assetsOut;
        reserveShares += net;
        purchasedShares[msg.sender] -= sharesIn;
        totalPurchased -= sharesIn;
        totalSwapFeesShare += fee;
        asset.safeTransfer(recipient, assetsOut);
        emit Sell(msg.sender, sharesIn, assetsOut, fee);
    }

    /// @notice Pays the caller's shares out in tokens after the end.
    function redeem(address recipient, bool) external returns (uint256 shares) {
        require(closed, "lbp: not closed");
        shares = purchasedShares[msg.sender];
        require(shares > 0, "lbp: nothing to redeem");
        purchasedShares[msg.sender] = 0;
        redeemedShares[msg.sender] += shares;
        share.safeTransfer(recipient, shares);
        emit Redeem(msg.sender, 0, shares);
    }

    function close() external {
        require(block.timestamp >= saleEnd && !closed, "lbp: not over, or closed");
        closed = true;
        uint256 assets = asset.balanceOf(address(this));
        asset.safeTransfer(manager, assets);
        emit Close(assets, 0, totalSwapFeesAsset, totalSwapFeesShare);
    }

    function _bought(address recipient, uint256 assetsIn, uint256 sharesOut, uint256 fee) private {
        asset.safeTransferFrom(msg.sender, address(this), assetsIn);
        purchasedShares[recipient] += sharesOut;
        totalPurchased += sharesOut;
        totalSwapFeesAsset += fee;
        emit Buy(msg.sender, assetsIn, sharesOut, fee);
    }
}
