// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Pays by self-destruct: no function of the beneficiary runs.
contract SelfDestructor {
    /// @param beneficiary Paid at once, inside the creation, unless it is the zero address.
    constructor(address payable beneficiary) payable {
        if (beneficiary != address(0)) selfdestruct(beneficiary);
    }

    receive() external payable {}

    function destroy(address payable beneficiary) external payable {
        selfdestruct(beneficiary);
    }
}
