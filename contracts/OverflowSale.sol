// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A sale that logs deposits and harvests: to be described by a mapping in imo.yaml.
contract OverflowSale {
    using SafeERC20 for IERC20;

    event Deposit(address indexed user, uint256 amount);
    event Harvest(address indexed user, uint256 offeringAmount, uint256 excessAmount);
    event AdminWithdraw(uint256 amount);

    IERC20 public immutable lpToken;
    IERC20 public immutable offeringToken;
    uint256 public immutable raisingAmount;
    uint256 public immutable offeringAmount;
    uint256 public immutable endTime;

    uint256 public totalAmount;
    mapping(address => uint256) public deposited;
    mapping(address => bool) public harvested;
    mapping(address => uint256) public claimedOf;
    mapping(address => uint256) public refundedOf;

    constructor(
        address offeringToken_,
        address lpToken_,
        uint256 raisingAmount_,
        uint256 offeringAmount_,
        uint256 endTime_
    ) {
        offeringToken = IERC20(offeringToken_);
        lpToken = IERC20(lpToken_);
        raisingAmount = raisingAmount_;
        offeringAmount = offeringAmount_;
        endTime = endTime_;
    }

    function deposit(uint256 amount) external {
        require(block.timestamp < endTime && amount > 0, "overflow: closed, or nothing");
        lpToken.safeTransferFrom(msg.sender, address(this), amount);
        deposited[msg.sender] += amount;
        totalAmount += amount;
        emit Deposit(msg.sender, amount);
    }

    function harvest() external {
        require(block.timestamp >= endTime, "overflow: open");
        require(!harvested[msg.sender] && deposited[msg.sender] > 0, "overflow: nothing");
        harvested[msg.sender] = true;
        uint256 offering = offeringOf(msg.sender);
        uint256 excess = excessOf(msg.sender);
        claimedOf[msg.sender] = offering;
        refundedOf[msg.sender] = excess;
        if (offering > 0) offeringToken.safeTransfer(msg.sender, offering);
        if (excess > 0) lpToken.safeTransfer(msg.sender, excess);
        emit Harvest(msg.sender, offering, excess);
    }

    function finish() external {
        require(block.timestamp >= endTime, "overflow: open");
        emit AdminWithdraw(totalAmount);
    }

    function offeringOf(address user) public view returns (uint256) {
        if (totalAmount > raisingAmount) return deposited[user] * offeringAmount / totalAmount;
        return deposited[user] * offeringAmount / raisingAmount;
    }

    function excessOf(address user) public view returns (uint256) {
        if (totalAmount <= raisingAmount) return 0;
        return deposited[user] - deposited[user] * raisingAmount / totalAmount;
    }
}
