// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AigcToken} from "./AigcToken.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title A modern ERC-7007 collection with validity proofs: tokenId = keccak256(prompt).
contract AigcCollection is AigcToken {
    constructor(
        string memory name,
        string memory symbol,
        uint256 topics,
        address payable payee,
        uint256 payeePercent
    ) AigcToken(name, symbol, topics, payee, payeePercent) {}

    function mint(address to, bytes calldata prompt) external payable returns (uint256 tokenId) {
        tokenId = uint256(keccak256(prompt));
        _payOut(msg.value);
        _safeMint(to, tokenId);
    }

    /// @notice Several tokens for one payment.
    function mintMany(address to, bytes[] calldata prompts) external payable {
        _payOut(msg.value);
        for (uint256 i = 0; i < prompts.length; ++i) {
            _safeMint(to, uint256(keccak256(prompts[i])));
        }
    }

    /// @notice Token and content in one call.
    function mintWithData(address to, bytes calldata prompt, bytes calldata aigcData, bytes calldata proof) external payable {
        uint256 tokenId = uint256(keccak256(prompt));
        _payOut(msg.value);
        _mint(to, tokenId);
        _logAigcData(tokenId, prompt, aigcData, proof);
    }

    /// @notice A content that is put together here and stands in nobody's call data.
    function addDerivedData(uint256 tokenId, bytes calldata prompt) external {
        require(_exists(tokenId), "aigc: no such token");
        _logAigcData(tokenId, prompt, abi.encodePacked("derived from ", prompt), "");
    }
}
