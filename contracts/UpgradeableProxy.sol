// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

/// @title Proxy of a revenue token that anyone may upgrade.
contract UpgradeableProxy is ERC1967Proxy {
    constructor(
        address implementation,
        bytes memory initializeCall
    ) payable ERC1967Proxy(implementation, initializeCall) {}

    /// @notice Changes the code, and calls the new one if `call_` is not empty.
    function upgradeToAndCall(address implementation, bytes calldata call_) external payable {
        _upgradeToAndCall(implementation, call_, false);
    }
}
