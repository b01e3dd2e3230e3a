// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {WindowedRevenue} from "./WindowedRevenue.sol";

/// @title Windowed revenue token for use behind a proxy: W = 2, interval in blocks,
///        parameters in storage, no permit, no mint after initialize().
/// @notice Storage: 9 last snapshot, 10 claimable[id], 11 claimed sum[id], 12 claimed flag
///         [id][account], 13 `R`, 14 `r`, 15 initializer, 16 percent, 17 interval, 18 name,
///         19 symbol.
contract RevShareWindowedUpgradeable is WindowedRevenue, Initializable {
    uint256 public constant SNAPSHOT_CLAIMABLE_NUMBER = 2;

    uint256 public percentClaimable;
    uint256 public snapshotInterval;
    string private _proxyName;
    string private _proxySymbol;

    constructor() ERC20("", "") {
        _disableInitializers();
    }

    /// @dev Payable, so that a proxy can be created with value: the value is revenue.
    function initialize(
        string calldata name_,
        string calldata symbol_,
        uint256 supply,
        uint256 percentClaimable_,
        uint256 snapshotIntervalBlocks
    ) external payable initializer {
        require(percentClaimable_ <= 100, "percent above 100");
        _proxyName = name_;
        _proxySymbol = symbol_;
        percentClaimable = percentClaimable_;
        snapshotInterval = snapshotIntervalBlocks;
        _lastSnapshot = block.number;
        _mint(msg.sender, supply);
    }

    function name() public view override returns (string memory) {
        return _proxyName;
    }

    function symbol() public view override returns (string memory) {
        return _proxySymbol;
    }

    function lastSnapshotBlock() external view returns (uint256) {
        return _lastSnapshot;
    }

    function _percent() internal view override returns (uint256) {
        return percentClaimable;
    }

    function _interval() internal view override returns (uint256) {
        return snapshotInterval;
    }

    function _window() internal pure override returns (uint256) {
        return SNAPSHOT_CLAIMABLE_NUMBER;
    }

    function _clock() internal view override returns (uint256) {
        return block.number;
    }
}
