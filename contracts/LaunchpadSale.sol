// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title A launchpad sale (docs/domain.md#sales): deposits in a window, then tokens pro rata.
/// @notice Logs nothing. Everything is in the call frames and in these views.
contract LaunchpadSale {
    using SafeERC20 for IERC20;

    enum State {
        Open,
        Succeeded,
        Failed,
        Finalised
    }

    IERC20 public immutable token;
    /// @notice What is raised; the zero address for ETH.
    address public immutable raiseAsset;
    uint256 public immutable target;
    uint256 public immutable tokensForSale;
    uint256 public immutable startTime;
    /// @notice First second in which no deposit is taken any more.
    uint256 public immutable endTime;
    address public immutable treasury;

    uint256 public totalRaised;
    uint256 public participants;
    bool public finalized;
    mapping(address => uint256) public depositOf;
    mapping(address => uint256) public claimedOf;
    mapping(address => uint256) public refundedOf;

    constructor(
        address token_,
        address raiseAsset_,
        uint256 target_,
        uint256 tokensForSale_,
        uint256 startTime_,
        uint256 endTime_,
        address treasury_
    ) {
        token = IERC20(token_);
        raiseAsset = raiseAsset_;
        target = target_;
        tokensForSale = tokensForSale_;
        startTime = startTime_;
        endTime = endTime_;
        treasury = treasury_;
    }

    receive() external payable {
        _depositWei(msg.sender);
    }

    function deposit() external payable {
        _depositWei(msg.sender);
    }

    function depositFor(address participant) external payable {
        _depositWei(participant);
    }

    function deposit(uint256 amount) external {
        _depositTokens(msg.sender, amount);
    }

    function depositFor(address participant, uint256 amount) external {
        _depositTokens(participant, amount);
    }

    /// @notice Sends the caller the tokens that its deposit bought.
    function claim() external {
        _claim(msg.sender);
    }

    /// @notice Sends a participant its tokens, whoever asks.
    function claimFor(address participant) external {
        _claim(participant);
    }

    /// @notice Sends back what the sale does not keep of the caller's deposit.
    function refund() external {
        _refund(msg.sender);
    }

    function refundFor(address participant) external {
        _refund(participant);
    }

    /// @notice Pays the treasury what the sale keeps, or gives it back the unsold tokens.
    function finalize() external {
        require(block.timestamp >= endTime, "sale: still open");
        require(!finalized, "sale: already finalised");
        finalized = true;
        if (!_reached()) {
            token.safeTransfer(treasury, token.balanceOf(address(this)));
            return;
        }
        // Each participant's part is rounded down in what the sale keeps: a unit for each stays.
        uint256 kept = totalRaised;
        if (totalRaised > target) kept = target > participants ? target - participants : 0;
        _send(treasury, kept);
    }

    function state() external view returns (State) {
        if (finalized) return State.Finalised;
        if (block.timestamp < endTime) return State.Open;
        return _reached() ? State.Succeeded : State.Failed;
    }

    /// @notice Tokens that a participant gets, claimed or not; 0 while the sale is open.
    function allocationOf(address participant) public view returns (uint256) {
        uint256 deposited = depositOf[participant];
        if (block.timestamp < endTime || !_reached() || deposited == 0) return 0;
        return deposited * tokensForSale / totalRaised;
    }

    /// @notice What a participant gets back, taken or not; 0 while the sale is open.
    function refundOf(address participant) public view returns (uint256) {
        if (block.timestamp < endTime) return 0;
        uint256 deposited = depositOf[participant];
        if (!_reached()) return deposited;
        if (totalRaised <= target) return 0;
        return deposited - deposited * target / totalRaised;
    }

    function _reached() private view returns (bool) {
        return totalRaised >= target;
    }

    function _depositWei(address participant) private {
        require(raiseAsset == address(0), "sale: raises an ERC-20");
        _credit(participant, msg.value);
    }

    function _depositTokens(address participant, uint256 amount) private {
        require(raiseAsset != address(0), "sale: raises ETH");
        _credit(participant, amount);
        IERC20(raiseAsset).safeTransferFrom(msg.sender, address(this), amount);
    }

    function _credit(address participant, uint256 amount) private {
        require(block.timestamp >= startTime && block.timestamp < endTime, "sale: closed");
        require(amount > 0, "sale: nothing deposited");
        if (depositOf[participant] == 0) participants += 1;
        depositOf[participant] += amount;
        totalRaised += amount;
    }

    function _claim(address participant) private {
        uint256 amount = allocationOf(participant);
        require(amount > 0 && claimedOf[participant] == 0, "sale: nothing to claim");
        claimedOf[participant] = amount;
        token.safeTransfer(participant, amount);
    }

    function _refund(address participant) private {
        uint256 amount = refundOf(participant);
        require(amount > 0 && refundedOf[participant] == 0, "sale: nothing to refund");
        refundedOf[participant] = amount;
        _send(participant, amount);
    }

    function _send(address receiver, uint256 amount) private {
        if (amount == 0) return;
        if (raiseAsset == address(0)) Address.sendValue(payable(receiver), amount);
        else IERC20(raiseAsset).safeTransfer(receiver, amount);
    }
}
