// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title Sells tokens at one price and delivers them at once (docs/domain.md#sales).
contract FixedPriceSale {
    using SafeERC20 for IERC20;

    event TokensPurchased(
        address indexed purchaser,
        address indexed beneficiary,
        uint256 value,
        uint256 amount
    );
    event CrowdsaleFinalized();

    IERC20 public immutable token;
    /// @notice What is paid with; the zero address for ETH.
    address public immutable raiseAsset;
    /// @notice Tokens (their smallest unit) for one smallest unit of the raise asset.
    uint256 public immutable rate;
    address public immutable wallet;

    uint256 public weiRaised;
    bool public finalized;
    mapping(address => uint256) public paidFor;
    mapping(address => uint256) public boughtBy;

    constructor(address token_, address raiseAsset_, uint256 rate_, address wallet_) {
        token = IERC20(token_);
        raiseAsset = raiseAsset_;
        rate = rate_;
        wallet = wallet_;
    }

    receive() external payable {
        _buyForWei(msg.sender);
    }

    function buyTokens(address beneficiary) external payable {
        _buyForWei(beneficiary);
    }

    function buyTokens(address beneficiary, uint256 value) external {
        require(raiseAsset != address(0), "sale: raises ETH");
        IERC20(raiseAsset).safeTransferFrom(msg.sender, wallet, value);
        _deliver(beneficiary, value);
    }

    function finalize() external {
        require(!finalized, "sale: already finalised");
        finalized = true;
        emit CrowdsaleFinalized();
    }

    function _buyForWei(address beneficiary) private {
        require(raiseAsset == address(0), "sale: raises an ERC-20");
        _deliver(beneficiary, msg.value);
        Address.sendValue(payable(wallet), msg.value);
    }

    function _deliver(address beneficiary, uint256 value) private {
        require(!finalized && value > 0, "sale: closed, or nothing paid");
        uint256 amount = value * rate;
        weiRaised += value;
        paidFor[beneficiary] += value;
        boughtBy[beneficiary] += amount;
        token.safeTransfer(beneficiary, amount);
        emit TokensPurchased(msg.sender, beneficiary, value, amount);
    }
}
