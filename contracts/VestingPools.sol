// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";

/// @title A vesting wallet as OpenZeppelin 5 has it: its owner may pass it on.
contract OwnedVesting is Ownable {
    constructor(address owner_) {
        transferOwnership(owner_);
    }

    receive() external payable {}
}

/// @title A vesting wallet as OpenZeppelin 4 has it: no event names its beneficiary.
contract FixedVesting is VestingWallet {
    constructor(address beneficiary_) VestingWallet(beneficiary_, 0, 1) {}
}
