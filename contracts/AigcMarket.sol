// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title A marketplace that pays royalties as ERC-2981 asks: plain ETH, from the market.
contract AigcMarket {
    struct Offer {
        address seller;
        uint256 priceWei;
    }

    mapping(address => mapping(uint256 => Offer)) public offers;

    /// @notice The seller must have approved this contract.
    function offer(IERC721 collection, uint256 tokenId, uint256 priceWei) external {
        require(collection.ownerOf(tokenId) == msg.sender, "market: not the owner");
        offers[address(collection)][tokenId] = Offer(msg.sender, priceWei);
    }

    /// @notice Trades the token, pays the royalty to who is to have it and the rest to the seller.
    function buy(IERC721 collection, uint256 tokenId) public payable {
        Offer memory taken = offers[address(collection)][tokenId];
        require(taken.seller != address(0) && msg.value == taken.priceWei, "market: no such offer");
        delete offers[address(collection)][tokenId];
        collection.transferFrom(taken.seller, msg.sender, tokenId);
        (address receiver, uint256 royalty) =
            IERC2981(address(collection)).royaltyInfo(tokenId, taken.priceWei);
        if (royalty > 0) Address.sendValue(payable(receiver), royalty);
        Address.sendValue(payable(taken.seller), taken.priceWei - royalty);
    }

    /// @notice Buys, and makes another call on the way, as aggregators do.
    function buyAndCall(IERC721 collection, uint256 tokenId, address target, bytes calldata data)
        external
        payable
    {
        buy(collection, tokenId);
        Address.functionCall(target, data);
    }
}
