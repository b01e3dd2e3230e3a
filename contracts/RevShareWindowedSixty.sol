// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {WindowedRevenue} from "./WindowedRevenue.sol";

/// @title What the upgradeable token may become: with its layout, and other terms in its code.
contract RevShareWindowedSixty is WindowedRevenue, Initializable {
    uint256 public constant SNAPSHOT_CLAIMABLE_NUMBER = 2;
    uint256 public constant percentClaimable = 60;
    uint256 public constant snapshotInterval = 0;

    constructor() ERC20("", "") {
        _disableInitializers();
    }

    function lastSnapshotBlock() external view returns (uint256) {
        return _lastSnapshot;
    }

    function _percent() internal pure override returns (uint256) {
        return percentClaimable;
    }

    function _interval() internal pure override returns (uint256) {
        return snapshotInterval;
    }

    function _window() internal pure override returns (uint256) {
        return SNAPSHOT_CLAIMABLE_NUMBER;
    }

    function _clock() internal view override returns (uint256) {
        return block.number;
    }
}
