// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Snapshot} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Snapshot.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";

/// @title An ERC-4626 vault over a revenue token, or over the shares of another pool.
contract RevenueVault is ERC4626, ERC20Snapshot {
    constructor(IERC20 asset_) ERC20("Vaulted", "VLT") ERC4626(asset_) {}

    receive() external payable {}

    /// Keeps the shares of everybody as they are now: `balanceOfAt` says them. Logs a `Snapshot` of its own.
    function mark() external {
        _snapshot();
    }

    function decimals() public view override(ERC20, ERC4626) returns (uint8) {
        return ERC4626.decimals();
    }

    function _beforeTokenTransfer(
        address from,
        address to,
        uint256 amount
    ) internal override(ERC20, ERC20Snapshot) {
        ERC20Snapshot._beforeTokenTransfer(from, to, amount);
    }

    /// Claims for the vault: what it does with the money is its own affair.
    function claim(uint256 snapshotId) external {
        (bool done,) = asset().call(abi.encodeWithSignature("claim(uint256)", snapshotId));
        require(done, "vault: nothing to claim");
    }
}
