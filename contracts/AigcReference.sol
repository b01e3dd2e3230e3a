// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// @title A collection that behaves like ERC-7007's reference code.
/// @notice Anybody may add data to any token, with any prompt whose proof fits; the interface ids
///         of ERC-7007 are not reported. A proof fits if it is the hash of prompt and content.
contract AigcReference is ERC721 {
    event AigcData(uint256 indexed tokenId, bytes indexed prompt, bytes aigcData, bytes proof);

    /// @notice While set, no proof is accepted: as after a change of the verifier.
    bool public isPaused;
    /// @notice Ids count from 1 in place of the prompt's hash; then `prompt` tells what is whose.
    bool public immutable countsIds;
    uint256 private _lastTokenId;
    mapping(uint256 tokenId => string) private _prompts;

    constructor(string memory name, string memory symbol, bool countsIds_) ERC721(name, symbol) {
        countsIds = countsIds_;
    }

    function mint(address to, bytes calldata prompt_, bytes calldata aigcData, bytes calldata proof)
        external
        payable
        returns (uint256 tokenId)
    {
        tokenId = mintOnly(to, prompt_);
        addAigcData(tokenId, prompt_, aigcData, proof);
    }

    function mintOnly(address to, bytes calldata prompt_) public payable returns (uint256 tokenId) {
        tokenId = countsIds ? ++_lastTokenId : uint256(keccak256(prompt_));
        _safeMint(to, tokenId);
        if (countsIds) _prompts[tokenId] = string(prompt_);
    }

    function burn(uint256 tokenId) external {
        require(_isApprovedOrOwner(msg.sender, tokenId), "aigc: not the owner");
        _burn(tokenId);
    }

    function addAigcData(
        uint256 tokenId,
        bytes calldata prompt_,
        bytes calldata aigcData,
        bytes calldata proof
    ) public {
        require(ownerOf(tokenId) != address(0), "aigc: no such token");
        require(verify(prompt_, aigcData, proof), "aigc: the proof does not fit");
        emit AigcData(tokenId, prompt_, aigcData, proof);
    }

    function setPrompt(uint256 tokenId, string calldata prompt_) external {
        require(ownerOf(tokenId) == msg.sender, "aigc: not the owner");
        _prompts[tokenId] = prompt_;
    }

    function pause() external {
        isPaused = true;
    }

    function prompt(uint256 tokenId) external view returns (string memory) {
        require(countsIds, "aigc: ids are hashes of prompts");
        return _prompts[tokenId];
    }

    function verify(bytes calldata prompt_, bytes calldata aigcData, bytes calldata proof)
        public
        view
        returns (bool success)
    {
        return !isPaused && keccak256(proof) == keccak256(proofOf(prompt_, aigcData));
    }

    function proofOf(bytes calldata prompt_, bytes calldata aigcData)
        public
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(keccak256(abi.encodePacked(prompt_, aigcData)));
    }
}
