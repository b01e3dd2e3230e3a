// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {AigcEvents} from "./AigcEvents.sol";

/// @title What the ERC-7007 collections of the devnet have in common.
/// @notice Of the value of a mint a percentage goes to the payee at once; the rest stays here.
abstract contract AigcToken is ERC721, AigcEvents {
    bytes4 internal constant IERC7007 = 0x702c55a6;
    bytes4 internal constant IERC7007_UPDATABLE = 0x3f37dce2;

    address payable public immutable payee;
    uint256 public immutable payeePercent;

    constructor(
        string memory name,
        string memory symbol,
        uint256 topics,
        address payable payee_,
        uint256 payeePercent_
    ) ERC721(name, symbol) AigcEvents(topics) {
        payee = payee_;
        payeePercent = payeePercent_;
    }

    /// @notice Runs calls on itself: their frames are delegated, with the sender's value.
    function multicall(bytes[] calldata calls) external payable {
        for (uint256 i = 0; i < calls.length; ++i) {
            Address.functionDelegateCall(address(this), calls[i]);
        }
    }

    function burn(uint256 tokenId) external {
        require(_isApprovedOrOwner(msg.sender, tokenId), "aigc: not the owner");
        _burn(tokenId);
    }

    /// @notice Payable, so that it can stand beside a mint in a multicall.
    function addAigcData(uint256 tokenId, bytes calldata prompt, bytes calldata aigcData, bytes calldata proof)
        external
        payable
    {
        require(_exists(tokenId), "aigc: no such token");
        _logAigcData(tokenId, prompt, aigcData, proof);
    }

    function supportsInterface(bytes4 interfaceId) public view virtual override returns (bool) {
        return interfaceId == IERC7007 || super.supportsInterface(interfaceId);
    }

    function _payOut(uint256 valueWei) internal {
        uint256 part = (valueWei * payeePercent) / 100;
        if (part == 0) return;
        (bool sent, ) = payee.call{value: part}("");
        require(sent, "aigc: the payee refused");
    }
}
