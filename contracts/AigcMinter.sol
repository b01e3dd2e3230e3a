// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AigcCollection} from "./AigcCollection.sol";

/// @title Sells the tokens of a collection and passes its own fee on to a payee.
contract AigcMinter {
    address payable public immutable payee;

    constructor(address payable payee_) {
        payee = payee_;
    }

    /// @notice Mints one token per prompt, each for mintWei; what is left of the value is the fee.
    function buy(AigcCollection collection, bytes[] calldata prompts, uint256 mintWei) external payable {
        for (uint256 i = 0; i < prompts.length; ++i) {
            collection.mint{value: mintWei}(msg.sender, prompts[i]);
        }
        _passOn(msg.value - mintWei * prompts.length);
    }

    /// @notice Token and content by two internal calls, the fee first.
    function buyWithData(
        AigcCollection collection,
        bytes calldata prompt,
        bytes calldata aigcData,
        bytes calldata proof,
        uint256 mintWei
    ) external payable {
        _passOn(msg.value - mintWei);
        uint256 tokenId = collection.mint{value: mintWei}(msg.sender, prompt);
        collection.addAigcData(tokenId, prompt, aigcData, proof);
    }

    function _passOn(uint256 valueWei) private {
        if (valueWei == 0) return;
        (bool sent, ) = payee.call{value: valueWei}("");
        require(sent, "minter: the payee refused");
    }
}
