// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {UpgradeableBeacon} from "@openzeppelin/contracts/proxy/beacon/UpgradeableBeacon.sol";

/// @title Names the code of revenue tokens; who changes it logs that here, not at a token.
contract TokenBeacon is UpgradeableBeacon {
    constructor(address implementation) UpgradeableBeacon(implementation) {}
}
