// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RevShareWindowedSeconds} from "./RevShareWindowedSeconds.sol";

/// @title A correct revenue token whose texts are not: bytes of any kind and length, or a revert.
contract RevShareOdd is RevShareWindowedSeconds {
    bytes private _head;
    uint256 private immutable _length;

    /// @param head what name and symbol begin with; the rest are letters
    /// @param length of name and symbol in bytes; 0: they and decimals() revert
    constructor(
        bytes memory head,
        uint256 length
    ) payable RevShareWindowedSeconds("", "", 1000, 80, 2, 10) {
        _head = head;
        _length = length;
    }

    function name() public view override returns (string memory) {
        return _text();
    }

    function symbol() public view override returns (string memory) {
        return _text();
    }

    function decimals() public view override returns (uint8) {
        require(_length > 0, "no decimals");
        return 18;
    }

    function _text() private view returns (string memory) {
        uint256 length = _length;
        require(length > 0, "no text");
        bytes memory text = new bytes(length);
        // Whole words of the letter M; memory is allocated in whole words too.
        assembly {
            let word := "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM"
            let end := add(add(text, 32), length)
            for {
                let at := add(text, 32)
            } lt(at, end) {
                at := add(at, 32)
            } {
                mstore(at, word)
            }
        }
        bytes memory head = _head;
        for (uint256 i = 0; i < head.length && i < length; ++i) {
            text[i] = head[i];
        }
        return string(text);
    }
}
