// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A pool whose events are its own: to be described by a mapping in imo.yaml.
contract OddPool {
    using SafeERC20 for IERC20;

    event Locked(uint256 weight, address indexed owner, uint256 amount, bytes note);
    event Unlocked(address indexed owner, uint256 weight);
    /// One event for two parties.
    event Handed(address indexed from, address indexed to, uint256 weight);
    /// What the owner has from now on.
    event Boosted(address indexed owner, uint256 newWeight);

    IERC20 public immutable token;
    uint256 public totalWeight;
    mapping(address => uint256) public weightOf;

    constructor(IERC20 token_) {
        token = token_;
    }

    function lockFor(address owner, uint256 amount, uint256 factor) external {
        token.safeTransferFrom(msg.sender, address(this), amount);
        weightOf[owner] += amount * factor;
        totalWeight += amount * factor;
        emit Locked(amount * factor, owner, amount, "locked");
    }

    function unlock(uint256 weight) external {
        uint256 amount = weight * token.balanceOf(address(this)) / totalWeight;
        weightOf[msg.sender] -= weight;
        totalWeight -= weight;
        token.safeTransfer(msg.sender, amount);
        emit Unlocked(msg.sender, weight);
    }

    function hand(address to, uint256 weight) external {
        weightOf[msg.sender] -= weight;
        weightOf[to] += weight;
        emit Handed(msg.sender, to, weight);
    }

    function boost(address owner, uint256 newWeight) external {
        totalWeight = totalWeight - weightOf[owner] + newWeight;
        weightOf[owner] = newWeight;
        emit Boosted(owner, newWeight);
    }
}
