// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title A collection of ERC-7007's older drafts: one `Mint` log for token and content.
/// @notice The earlier draft logs no receiver and the hash of the content, the later one the
///         receiver and the content itself.
contract AigcDraft is ERC721 {
    event Mint(uint256 indexed tokenId, bytes indexed prompt, bytes indexed aigcData, string uri, bytes proof);
    event Mint(
        address indexed to,
        uint256 indexed tokenId,
        bytes indexed prompt,
        bytes aigcData,
        string uri,
        bytes proof
    );

    constructor(string memory name, string memory symbol) ERC721(name, symbol) {}

    function mint(
        bytes calldata prompt,
        bytes calldata aigcData,
        string calldata uri,
        bytes calldata proof
    ) external payable returns (uint256 tokenId) {
        tokenId = uint256(keccak256(prompt));
        _mint(msg.sender, tokenId);
        emit Mint(tokenId, prompt, aigcData, uri, proof);
    }

    function mint(
        address to,
        bytes calldata prompt,
        bytes calldata aigcData,
        string calldata uri,
        bytes calldata proof
    ) external payable returns (uint256 tokenId) {
        tokenId = uint256(keccak256(prompt));
        _mint(to, tokenId);
        emit Mint(to, tokenId, prompt, aigcData, uri, proof);
    }

    function burn(uint256 tokenId) external {
        require(_isApprovedOrOwner(msg.sender, tokenId), "aigc: not the owner");
        _burn(tokenId);
    }
}
