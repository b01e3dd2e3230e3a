// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Makes calls one after the other, and says what each answered.
/// @notice Never deployed: a node puts its code at the address of a holder for the length of one
///         `eth_call`, so that the holder pays, claims and burns without a key and without a trace.
contract RehearsalActor {
    struct Step {
        address target;
        uint256 value;
        bytes data;
    }

    struct Answer {
        bool success;
        bytes returnData;
    }

    receive() external payable {}

    function act(Step[] calldata steps) external returns (Answer[] memory answers) {
        answers = new Answer[](steps.length);
        for (uint256 i = 0; i < steps.length; ++i) {
            (bool success, bytes memory returnData) = steps[i].target.call{value: steps[i].value}(steps[i].data);
            answers[i] = Answer(success, returnData);
        }
    }
}
