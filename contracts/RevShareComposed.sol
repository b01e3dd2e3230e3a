// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {
    ComposedRules,
    FUNCTION_BLACKLIST,
    FUNCTION_BRIDGE,
    FUNCTION_BURN_FROM,
    FUNCTION_CLAIM_ALL,
    FUNCTION_CLAIM_BATCH,
    FUNCTION_CLAIM_FOR,
    FUNCTION_CLAIM_TO,
    FUNCTION_CONFIGURE,
    FUNCTION_DEPOSIT,
    FUNCTION_DISTRIBUTE,
    FUNCTION_INIT_HOLDER,
    FUNCTION_PAUSE,
    FUNCTION_REBASE,
    FUNCTION_SET_TERMS,
    FUNCTION_SILENT_MINT,
    FUNCTION_SWEEP,
    GETTER_INTERVAL,
    GETTER_LAST_SNAPSHOT,
    GETTER_PERCENT,
    GETTER_WINDOW,
    GETTER_WINDOW_LIES,
    PART_BATCH_IN_ONE_SUM,
    PART_DEPOSIT_TO_POOL,
    PART_SECONDS
} from "./ComposedRules.sol";
import {ComposedRevenue} from "./ComposedRevenue.sol";

/// @title A relative of ERC-7641 whose every rule is a choice, for `npm run prove:odd`.
/// @notice A function or getter that was not chosen reverts without data, like one that is not
///         there. Anyone may call any setter: this is a devnet contract.
contract RevShareComposed is ComposedRevenue {
    constructor(string memory name_, string memory symbol_, uint256 supply, ComposedRules memory rules) payable {
        if (supply > 0) _start(name_, symbol_, supply, rules);
    }

    receive() external payable {}

    /// @notice What the constructor does, for use behind a proxy.
    function initialize(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        ComposedRules memory rules
    ) external payable {
        require(_owner == address(0), "initialized");
        _start(name_, symbol_, supply, rules);
    }

    /// @notice Other rules, as new code behind a proxy may bring them.
    function reconfigure(ComposedRules calldata rules) external payable {
        _rules = rules;
    }

    /// @notice What the contract really goes by, for the judge; no program knows this view.
    function termsInForce() external view returns (uint256, uint256, uint256, bool) {
        return (_percent(), _rules.window, _rules.interval, _hasPart(PART_SECONDS));
    }

    function percentClaimable() external view returns (uint256) {
        _needGetter(GETTER_PERCENT);
        return _percent();
    }

    function SNAPSHOT_CLAIMABLE_NUMBER() external view returns (uint256) {
        _needGetter(GETTER_WINDOW);
        return _rules.getters & GETTER_WINDOW_LIES == 0 ? _rules.window : _rules.windowSaid;
    }

    function snapshotInterval() external view returns (uint256) {
        _needGetter(GETTER_INTERVAL);
        return _rules.interval;
    }

    function lastSnapshotTimestamp() external view returns (uint256) {
        _needGetter(GETTER_LAST_SNAPSHOT);
        if (!_hasPart(PART_SECONDS)) revert();
        return _lastSnapshot;
    }

    function lastSnapshotBlock() external view returns (uint256) {
        _needGetter(GETTER_LAST_SNAPSHOT);
        if (_hasPart(PART_SECONDS)) revert();
        return _lastSnapshot;
    }

    function snapshot() external returns (uint256) {
        return _takeSnapshot();
    }

    /// @notice Pays in and takes a snapshot: the log Snapshot(id) without a snapshot() frame.
    function distribute() external payable returns (uint256) {
        _need(FUNCTION_DISTRIBUTE);
        return _takeSnapshot();
    }

    function deposit(bytes calldata note) external payable {
        _need(FUNCTION_DEPOSIT);
        if (_hasPart(PART_DEPOSIT_TO_POOL)) _redeemPool += msg.value;
    }

    function claim(uint256 id) external {
        _pay(msg.sender, _take(msg.sender, id));
    }

    function claimBatch(uint256[] calldata ids) external {
        _need(FUNCTION_CLAIM_BATCH);
        uint256 sum;
        for (uint256 i = 0; i < ids.length; ++i) {
            uint256 amount = _take(msg.sender, ids[i]);
            if (_hasPart(PART_BATCH_IN_ONE_SUM)) sum += amount;
            else _pay(msg.sender, amount);
        }
        _pay(msg.sender, sum);
    }

    function claimFor(address account, uint256 id) external {
        _need(FUNCTION_CLAIM_FOR);
        _pay(account, _take(account, id));
    }

    function claimTo(uint256 id, address recipient) external {
        _need(FUNCTION_CLAIM_TO);
        _pay(recipient, _take(msg.sender, id));
    }

    function claimAll() external {
        _need(FUNCTION_CLAIM_ALL);
        _pay(msg.sender, _takeAll(msg.sender));
    }

    function burn(uint256 amount) external {
        _redeem(msg.sender, amount);
    }

    /// @dev Without an allowance: anyone may burn for anyone, who is paid.
    function burnFrom(address account, uint256 amount) external {
        _need(FUNCTION_BURN_FROM);
        _redeem(account, amount);
    }

    function bridgeOut(uint256 amount) external {
        _need(FUNCTION_BRIDGE);
        _burnFrom(msg.sender, amount);
    }

    function bridgeIn(address to, uint256 amount) external {
        _need(FUNCTION_BRIDGE);
        _mint(to, amount, true);
    }

    /// @notice Gives parts of the owner's tokens to first holders.
    function initHolder(address[] calldata accounts, uint256[] calldata amounts) external {
        _need(FUNCTION_INIT_HOLDER);
        for (uint256 i = 0; i < accounts.length; ++i) {
            _move(_owner, accounts[i], amounts[i]);
            emit Transfer(_owner, accounts[i], amounts[i]);
        }
    }

    function setInterval(uint256 interval) external {
        _need(FUNCTION_SET_TERMS);
        _rules.interval = interval;
    }

    function setPercent(uint256 percent) external {
        _need(FUNCTION_SET_TERMS);
        _rules.percentClaimable = percent;
    }

    function setWindow(uint256 window) external {
        _need(FUNCTION_SET_TERMS);
        _rules.window = window;
    }

    function setPaused(bool isPaused) external {
        _need(FUNCTION_PAUSE);
        _isPaused = isPaused;
    }

    function setListed(address account, bool isListed) external {
        _need(FUNCTION_BLACKLIST);
        _isListed[account] = isListed;
    }

    function rebase(uint256 factor) external {
        _need(FUNCTION_REBASE);
        _factor = factor;
    }

    function silentMint(address to, uint256 amount) external {
        _need(FUNCTION_SILENT_MINT);
        _mint(to, amount, false);
    }

    function sweep(uint256 amount) external {
        _need(FUNCTION_SWEEP);
        _pay(_owner, amount);
    }

    /// @notice A setter whose name says nothing.
    function configure(uint256 percent, uint256 interval) external {
        _need(FUNCTION_CONFIGURE);
        _rules.percentClaimable = percent;
        _rules.interval = interval;
    }

    function _start(string memory name_, string memory symbol_, uint256 supply, ComposedRules memory rules) private {
        _rules = rules;
        _owner = msg.sender;
        name = name_;
        symbol = symbol_;
        _factor = 100;
        _lastSnapshot = _clock();
        uint256 silent = (supply * rules.silentPercent) / 100;
        if (silent > 0) _mint(msg.sender, silent, false);
        if (silent < supply) _mint(msg.sender, supply - silent, true);
    }

    function _need(uint256 function_) private view {
        if (_rules.functions & function_ == 0) revert();
    }

    function _needGetter(uint256 getter) private view {
        if (_rules.getters & getter == 0) revert();
    }
}
