// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {AigcCollection} from "./AigcCollection.sol";

/// @title Mints once more, for money, while it is given the first of several tokens.
contract AigcReceiver is IERC721Receiver {
    address private _to;
    bytes private _again;
    uint256 private _againWei;

    function run(
        AigcCollection collection,
        bytes[] calldata prompts,
        bytes calldata again,
        uint256 againWei
    ) external payable {
        (_to, _again, _againWei) = (msg.sender, again, againWei);
        collection.mintMany{value: msg.value - againWei}(address(this), prompts);
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        if (_again.length > 0) {
            bytes memory again = _again;
            delete _again;
            AigcCollection(msg.sender).mint{value: _againWei}(_to, again);
        }
        return IERC721Receiver.onERC721Received.selector;
    }
}
