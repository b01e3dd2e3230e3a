// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {BeaconProxy} from "@openzeppelin/contracts/proxy/beacon/BeaconProxy.sol";

/// @title Revenue token whose code a beacon names.
contract RevShareBeaconProxy is BeaconProxy {
    constructor(
        address beacon,
        bytes memory initializeCall
    ) payable BeaconProxy(beacon, initializeCall) {}
}
