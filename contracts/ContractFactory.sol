// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Creates revenue tokens, ERC-7007 collections and sales, and logs what it created.
contract ContractFactory {
    event TokenCreated(address indexed token, address creator);
    event CollectionCreated(address collection);
    event SaleCreated(address sale, address indexed token);

    error CreationFailed();

    /// @notice Creates a token from its creation code with constructor arguments.
    function createToken(bytes calldata code, bytes32 salt) external payable returns (address token) {
        token = _createToken(code, salt);
        emit TokenCreated(token, msg.sender);
    }

    /// @notice Creates many tokens of the same code.
    function createTokens(bytes calldata code, uint256 first, uint256 count) external {
        for (uint256 i = first; i < first + count; ++i) {
            emit TokenCreated(_createToken(code, bytes32(i)), msg.sender);
        }
    }

    function createCollection(bytes calldata code, bytes32 salt) external {
        emit CollectionCreated(_create(code, salt));
    }

    function createSale(bytes calldata code, bytes32 salt, address token) external {
        emit SaleCreated(_create(code, salt), token);
    }

    /// @notice Names any address as a created token, whatever it is.
    function announceToken(address token) external {
        emit TokenCreated(token, msg.sender);
    }

    /// @dev The supply is minted to this contract and goes on to the creator.
    function _createToken(bytes calldata code, bytes32 salt) private returns (address token) {
        token = _create(code, salt);
        IERC20(token).transfer(msg.sender, IERC20(token).balanceOf(address(this)));
    }

    function _create(bytes calldata code, bytes32 salt) private returns (address created) {
        bytes memory creation = code;
        uint256 value = msg.value;
        assembly ("memory-safe") {
            created := create2(value, add(creation, 0x20), mload(creation), salt)
        }
        require(created != address(0), CreationFailed());
    }
}
