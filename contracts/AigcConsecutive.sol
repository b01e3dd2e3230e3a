// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Consecutive} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Consecutive.sol";
import {AigcEvents} from "./AigcEvents.sol";

/// @title A collection whose first tokens were minted in one ERC-2309 log, at its creation.
contract AigcConsecutive is ERC721Consecutive, AigcEvents {
    constructor(
        string memory name,
        string memory symbol,
        uint256 topics,
        address[] memory receivers,
        uint96 count
    ) payable ERC721(name, symbol) AigcEvents(topics) {
        for (uint256 i = 0; i < receivers.length; ++i) {
            _mintConsecutive(receivers[i], count);
        }
    }

    function mint(address to, uint256 tokenId) external payable {
        _mint(to, tokenId);
    }

    function burn(uint256 tokenId) external {
        require(_isApprovedOrOwner(msg.sender, tokenId), "aigc: not the owner");
        _burn(tokenId);
    }

    function addAigcData(uint256 tokenId, bytes calldata prompt, bytes calldata aigcData, bytes calldata proof) external {
        require(_exists(tokenId), "aigc: no such token");
        _logAigcData(tokenId, prompt, aigcData, proof);
    }
}
