// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevShareWindowedSeconds} from "./RevShareWindowedSeconds.sol";

/// @title Windowed revenue token that makes many transfers in one call, for benchmarks only.
contract RevShareBench is RevShareWindowedSeconds {
    constructor(
        string memory name_,
        string memory symbol_,
        uint256 supply,
        uint256 percentClaimable_,
        uint256 window,
        uint256 snapshotIntervalSeconds
    )
        payable
        RevShareWindowedSeconds(name_, symbol_, supply, percentClaimable_, window, snapshotIntervalSeconds)
    {}

    /// @notice Address of the bench holder with this index.
    function benchHolder(uint256 index) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("bench holder", index)))));
    }

    /// @notice Gives the holders first..last-1 an uneven part of the caller's tokens: the
    ///         holder i gets balance / 2**20 * (1 + i % 7) of what the caller has left.
    function benchDistribute(uint256 first, uint256 last) external {
        for (uint256 i = first; i < last; ++i) {
            _transfer(msg.sender, benchHolder(i), (balanceOf(msg.sender) >> 20) * (1 + (i % 7)));
        }
    }

    /// @notice Makes `count` transfers between pseudo-random holders among the first `holders`.
    ///         Each moves between 0 and 1/64 of what the sender has.
    function benchTransfers(uint256 seed, uint256 count, uint256 holders) external {
        for (uint256 i = 0; i < count; ++i) {
            uint256 random = uint256(keccak256(abi.encode(seed, i)));
            address from = benchHolder((random & type(uint64).max) % holders);
            address to = benchHolder(((random >> 64) & type(uint64).max) % holders);
            uint256 part = (random >> 128) & type(uint16).max;
            _transfer(from, to, (balanceOf(from) >> 22) * part);
        }
    }
}
