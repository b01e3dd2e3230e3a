// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevShareWindowedSeconds} from "./RevShareWindowedSeconds.sol";

/// @title Windowed revenue token that leaves for other chains and comes back.
/// @notice bridgeOut logs Transfer(holder -> 0) like a burn, and redeems nothing.
contract RevShareBridged is RevShareWindowedSeconds {
    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        uint256 percentClaimable_,
        uint256 window,
        uint256 snapshotIntervalSeconds
    )
        payable
        RevShareWindowedSeconds(name_, symbol_, supply, percentClaimable_, window, snapshotIntervalSeconds)
    {}

    function bridgeOut(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    /// @dev Anyone may call it: this is a devnet contract.
    function bridgeIn(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
