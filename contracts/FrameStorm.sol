// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// Fills blocks with what is cheap to send and dear to read: frames, deep trees, logs, bytes.
contract FrameStorm {
    event Transfer(address indexed from, address indexed to, uint256 value);

    bytes private large;

    receive() external payable {}

    /// Calls `target` without data `count` times, with `each` wei.
    function calls(address target, uint256 count, uint256 each) external payable {
        for (uint256 i = 0; i < count; ++i) {
            assembly {
                pop(call(gas(), target, each, 0, 0, 0, 0))
            }
        }
    }

    /// Calls itself `depth` times, one inside the other, and then `target` with all its money.
    function deep(address target, uint256 depth) external payable {
        if (depth > 0) this.deep{value: msg.value}(target, depth - 1);
        else {
            (bool isPaid,) = target.call{value: msg.value}("");
            require(isPaid);
        }
    }

    /// Writes logs that look like those of a token.
    function logs(address to, uint256 count) external {
        for (uint256 i = 0; i < count; ++i) emit Transfer(msg.sender, to, i);
    }

    /// Answers with `size` bytes.
    function answer(uint256 size) external pure returns (bytes memory) {
        return new bytes(size);
    }
}
