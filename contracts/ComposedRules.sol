// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title The parts that RevShareComposed is made of: one number each, or one bit.
struct ComposedRules {
    uint256 percentClaimable; // of new revenue, 0..100
    uint256 window; // snapshots that can be claimed, counted from the newest; 0: all
    uint256 interval; // more than this between two snapshots
    uint256 rollOver; // what happens to the rest of a snapshot that leaves the window
    uint256 parts; // bits PART_
    uint256 getters; // bits GETTER_
    uint256 functions; // bits FUNCTION_
    uint256 windowSaid; // by the getter, with GETTER_WINDOW_LIES
    uint256 percentLater; // from block percentLaterFrom on, with PART_PERCENT_BY_BLOCK
    uint256 percentLaterFrom;
    uint256 feePercent; // kept from each claim
    uint256 silentPercent; // of the first supply, minted without a log
    address asset; // shared instead of ETH, if it is not 0
}

uint256 constant ROLL_OVER_NONE = 0;
uint256 constant ROLL_OVER_NEXT_SNAPSHOT = 1;
uint256 constant ROLL_OVER_REDEEM_POOL = 2;

uint256 constant PART_WINDOWED_ROUNDING = 1 << 0;
uint256 constant PART_SECONDS = 1 << 1;
uint256 constant PART_CLAIMED_IS_ZERO = 1 << 2;
uint256 constant PART_EARLY_DOES_NOTHING = 1 << 3;
uint256 constant PART_END_OF_BLOCK = 1 << 4;
uint256 constant PART_DEPOSIT_TO_POOL = 1 << 5;
uint256 constant PART_BATCH_IN_ONE_SUM = 1 << 6;
uint256 constant PART_WHOLE_BALANCE = 1 << 7;
uint256 constant PART_BURN_PAYS_NOTHING = 1 << 8;
uint256 constant PART_PAUSE_STOPS_VIEWS = 1 << 9;
uint256 constant PART_FEE_STAYS = 1 << 10;
uint256 constant PART_VIEW_IS_NET = 1 << 11;
uint256 constant PART_PERCENT_BY_BLOCK = 1 << 12;
uint256 constant PART_OWNER_HAS_NO_SHARE = 1 << 13;
uint256 constant PART_CLAIM_ROUNDS_UP = 1 << 14;
uint256 constant PART_SNAPSHOT_BONUS = 1 << 15;

uint256 constant GETTER_PERCENT = 1 << 0;
uint256 constant GETTER_WINDOW = 1 << 1;
uint256 constant GETTER_INTERVAL = 1 << 2;
uint256 constant GETTER_LAST_SNAPSHOT = 1 << 3;
uint256 constant GETTER_WINDOW_LIES = 1 << 4;

uint256 constant FUNCTION_CLAIM_BATCH = 1 << 0;
uint256 constant FUNCTION_CLAIM_FOR = 1 << 1;
uint256 constant FUNCTION_CLAIM_TO = 1 << 2;
uint256 constant FUNCTION_CLAIM_ALL = 1 << 3;
uint256 constant FUNCTION_BURN_FROM = 1 << 4;
uint256 constant FUNCTION_DISTRIBUTE = 1 << 5;
uint256 constant FUNCTION_BRIDGE = 1 << 6;
uint256 constant FUNCTION_INIT_HOLDER = 1 << 7;
uint256 constant FUNCTION_DEPOSIT = 1 << 8;
uint256 constant FUNCTION_SET_TERMS = 1 << 9;
uint256 constant FUNCTION_PAUSE = 1 << 10;
uint256 constant FUNCTION_BLACKLIST = 1 << 11;
uint256 constant FUNCTION_REBASE = 1 << 12;
uint256 constant FUNCTION_SILENT_MINT = 1 << 13;
uint256 constant FUNCTION_SWEEP = 1 << 14;
uint256 constant FUNCTION_CONFIGURE = 1 << 15;
