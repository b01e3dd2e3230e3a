// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20Snapshot} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Snapshot.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Looks like a revenue token and is neither variant: claim() pays nothing,
///        percentClaimable() always reverts, the other getters are missing.
contract HalfRevenueToken is ERC20Snapshot {
    constructor(string memory name_, string memory symbol_, uint256 supply) payable ERC20(name_, symbol_) {
        _mint(msg.sender, supply);
    }

    receive() external payable {}

    function percentClaimable() external pure returns (uint256) {
        revert("percentage was never set");
    }

    function snapshot() external returns (uint256) {
        return _snapshot();
    }

    function claim(uint256 id) external {}
}
