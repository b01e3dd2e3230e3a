// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

/// @title Proxy of an upgradeable revenue token. Value sent at creation is revenue.
contract RevShareProxy is ERC1967Proxy {
    constructor(
        address implementation,
        bytes memory initializeCall
    ) payable ERC1967Proxy(implementation, initializeCall) {}
}
