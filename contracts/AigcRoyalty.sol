// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AigcCollection} from "./AigcCollection.sol";
import {AigcToken} from "./AigcToken.sol";
import {IERC165, IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title A collection with royalties (ERC-2981) for its payee.
contract AigcRoyalty is AigcCollection, IERC2981 {
    uint256 public immutable royaltyPercent;

    constructor(
        string memory name,
        string memory symbol,
        uint256 topics,
        address payable payee,
        uint256 payeePercent,
        uint256 royaltyPercent_
    ) AigcCollection(name, symbol, topics, payee, payeePercent) {
        royaltyPercent = royaltyPercent_;
    }

    function royaltyInfo(uint256, uint256 salePrice)
        external
        view
        override
        returns (address, uint256)
    {
        return (payee, salePrice * royaltyPercent / 100);
    }

    /// @notice Sends what mints left here to the payee.
    function withdraw() external {
        Address.sendValue(payee, address(this).balance);
    }

    function supportsInterface(bytes4 interfaceId)
        public
        view
        override(AigcToken, IERC165)
        returns (bool)
    {
        return interfaceId == type(IERC2981).interfaceId || super.supportsInterface(interfaceId);
    }
}
