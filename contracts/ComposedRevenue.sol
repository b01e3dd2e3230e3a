// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {
    PART_BURN_PAYS_NOTHING,
    PART_CLAIMED_IS_ZERO,
    PART_CLAIM_ROUNDS_UP,
    PART_EARLY_DOES_NOTHING,
    PART_FEE_STAYS,
    PART_OWNER_HAS_NO_SHARE,
    PART_PAUSE_STOPS_VIEWS,
    PART_PERCENT_BY_BLOCK,
    PART_SECONDS,
    PART_SNAPSHOT_BONUS,
    PART_VIEW_IS_NET,
    PART_WHOLE_BALANCE,
    PART_WINDOWED_ROUNDING,
    ROLL_OVER_NEXT_SNAPSHOT,
    ROLL_OVER_REDEEM_POOL
} from "./ComposedRules.sol";
import {ComposedShares} from "./ComposedShares.sol";

/// @title The revenue of a composed token: what snapshots assign, claims take and burns pay.
abstract contract ComposedRevenue is ComposedShares {
    address private constant TREASURY = address(0xfee);

    uint256 internal _lastSnapshot; // in the unit of the interval
    bool internal _isPaused;
    uint256 internal _redeemPool; // R
    uint256 private _claimPool; // C
    uint256 private _redeemedFromNew; // r
    mapping(uint256 id => uint256) private _claimable; // CA[id]
    mapping(uint256 id => uint256) private _claimed; // CL[id]
    mapping(uint256 id => mapping(address account => bool)) private _hasClaimed;

    function claimableRevenue(address account, uint256 id) public view returns (uint256) {
        if (_isPaused && _hasPart(PART_PAUSE_STOPS_VIEWS)) revert("paused");
        bool isClaimed = _hasClaimed[id][account];
        require(!isClaimed || _hasPart(PART_CLAIMED_IS_ZERO), "already claimed");
        uint256 share = _shareAt(account, id);
        if (isClaimed || _isListed[account]) return 0;
        return _hasPart(PART_VIEW_IS_NET) ? share - _feeOf(share) : share;
    }

    function redeemableOnBurn(uint256 amount) external view returns (uint256) {
        (uint256 fromNew, uint256 fromPool) = _redeemable(amount);
        return fromNew + fromPool;
    }

    function _percent() internal view returns (uint256) {
        bool isLater = _hasPart(PART_PERCENT_BY_BLOCK) && block.number >= _rules.percentLaterFrom;
        return isLater ? _rules.percentLater : _rules.percentClaimable;
    }

    function _clock() internal view returns (uint256) {
        return _hasPart(PART_SECONDS) ? block.timestamp : block.number;
    }

    /// @return id 0 where it came too early and nothing happened
    function _takeSnapshot() internal returns (uint256 id) {
        if (_clock() - _lastSnapshot <= _rules.interval) {
            require(_hasPart(PART_EARLY_DOES_NOTHING), "snapshot interval is too short");
            return 0;
        }
        if (_hasPart(PART_SNAPSHOT_BONUS)) _pay(msg.sender, _newRevenue() / 100);
        uint256 newRevenue = _newRevenue();
        uint256 assigned = (newRevenue * _percent()) / 100;
        id = _nextSnapshot();
        _lastSnapshot = _clock();
        uint256 window = _rules.window;
        uint256 leaving = window == 0 || id <= window ? 0 : _claimable[id - window] - _claimed[id - window];
        _claimable[id] = assigned;
        _claimPool += assigned;
        if (_rules.rollOver == ROLL_OVER_NEXT_SNAPSHOT) _claimable[id] += leaving;
        if (_rules.rollOver == ROLL_OVER_REDEEM_POOL) {
            _claimPool -= leaving;
            _redeemPool += leaving;
        }
        _redeemPool += newRevenue - assigned - _redeemedFromNew;
        _redeemedFromNew = 0;
    }

    /// @return amount what the account is to be paid, booked already
    function _take(address account, uint256 id) internal returns (uint256 amount) {
        require(!_isPaused, "paused");
        require(!_isListed[account] && !_hasClaimed[id][account], "not claimable");
        amount = _shareAt(account, id);
        require(amount > 0, "no claimable revenue");
        _hasClaimed[id][account] = true;
        _claimed[id] += amount;
        _claimPool -= amount;
        uint256 fee = _feeOf(amount);
        if (!_hasPart(PART_FEE_STAYS)) _pay(TREASURY, fee);
        amount -= fee;
    }

    /// @dev All that the account can still claim, without the fee of each.
    function _takeAll(address account) internal returns (uint256 sum) {
        uint256 window = _rules.window;
        for (uint256 id = _lastSnapshotId; id > 0; --id) {
            if (window != 0 && _lastSnapshotId - id >= window) break;
            if (!_hasClaimed[id][account] && _shareAt(account, id) > 0) sum += _take(account, id);
        }
    }

    function _redeem(address account, uint256 amount) internal {
        (uint256 fromNew, uint256 fromPool) = _redeemable(amount);
        if (!_hasPart(PART_WHOLE_BALANCE)) {
            _redeemPool -= fromPool;
            _redeemedFromNew += fromNew;
        }
        _burnFrom(account, amount);
        _pay(account, fromNew + fromPool);
    }

    function _pay(address to, uint256 amount) internal {
        if (amount == 0) return;
        if (_rules.asset != address(0)) {
            require(IERC20(_rules.asset).transfer(to, amount), "payment failed");
            return;
        }
        (bool paid, ) = to.call{value: amount}("");
        require(paid, "payment failed");
    }

    function _shareAt(address account, uint256 id) private view returns (uint256) {
        uint256 age = _lastSnapshotId - id;
        require(_rules.window == 0 || age < _rules.window, "snapshot unclaimable");
        uint256 supply = totalSupplyAt(id);
        if (_hasPart(PART_OWNER_HAS_NO_SHARE)) {
            if (account == _owner) return 0;
            supply -= balanceOfAt(_owner, id);
        }
        uint256 product = balanceOfAt(account, id) * _claimable[id];
        if (product > 0 && _hasPart(PART_CLAIM_ROUNDS_UP)) return (product - 1) / supply + 1;
        return product / supply;
    }

    function _feeOf(uint256 share) private view returns (uint256) {
        return (share * _rules.feePercent) / 100;
    }

    function _held() private view returns (uint256) {
        return _rules.asset == address(0) ? address(this).balance : IERC20(_rules.asset).balanceOf(address(this));
    }

    /// @dev N = B + r - R - C. Where the rest rolls over to the next snapshot, C is what is
    ///      unclaimed inside the window, as the public contracts compute it.
    function _newRevenue() private view returns (uint256) {
        uint256 assigned = _claimPool;
        if (_rules.rollOver == ROLL_OVER_NEXT_SNAPSHOT && _rules.window != 0) {
            assigned = 0;
            uint256 id = _lastSnapshotId;
            for (uint256 left = _rules.window; left > 0 && id > 0; --left) {
                assigned += _claimable[id] - _claimed[id];
                --id;
            }
        }
        return _held() + _redeemedFromNew - _redeemPool - assigned;
    }

    function _redeemable(uint256 amount) private view returns (uint256 fromNew, uint256 fromPool) {
        uint256 supply = totalSupply();
        if (_hasPart(PART_BURN_PAYS_NOTHING)) return (0, 0);
        if (_hasPart(PART_WHOLE_BALANCE)) return (0, (amount * _held()) / supply);
        uint256 rest = _newRevenue() * (100 - _percent());
        if (_hasPart(PART_WINDOWED_ROUNDING)) fromNew = (amount * (rest / 100 - _redeemedFromNew)) / supply;
        else fromNew = (amount * (rest - _redeemedFromNew * 100)) / 100 / supply;
        fromPool = (amount * _redeemPool) / supply;
    }
}
