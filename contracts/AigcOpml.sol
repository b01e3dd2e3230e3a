// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AigcToken} from "./AigcToken.sol";
import {AigcOracle} from "./AigcOracle.sol";

/// @title An opML collection: an oracle writes the content, and may write it again.
/// @notice Token ids count from 1; the prompt is kept here until the oracle calls back, so it
///         is in the call data of the mint only.
contract AigcOpml is AigcToken {
    AigcOracle public immutable oracle;
    uint256 public immutable modelId;
    uint256 public lastTokenId;
    mapping(uint256 tokenId => bytes) public promptOf;
    mapping(uint256 tokenId => bool) public hasData;

    constructor(
        string memory name,
        string memory symbol,
        uint256 topics,
        address payable payee,
        uint256 payeePercent,
        AigcOracle oracle_,
        uint256 modelId_
    ) AigcToken(name, symbol, topics, payee, payeePercent) {
        oracle = oracle_;
        modelId = modelId_;
    }

    function mint(address to, bytes calldata prompt) external payable returns (uint256 tokenId) {
        tokenId = ++lastTokenId;
        promptOf[tokenId] = prompt;
        uint256 feeWei = msg.value / 10;
        _mint(to, tokenId);
        oracle.requestCallback{value: feeWei}(modelId, prompt, address(this), 1_000_000, abi.encode(tokenId));
        _payOut(msg.value - feeWei);
    }

    function aiOracleCallback(uint256 requestId, bytes calldata output, bytes calldata callbackData) external {
        require(msg.sender == address(oracle), "aigc: not the oracle");
        uint256 tokenId = abi.decode(callbackData, (uint256));
        if (hasData[tokenId]) {
            _logUpdate(tokenId, promptOf[tokenId], output);
        } else {
            hasData[tokenId] = true;
            _logAigcData(tokenId, promptOf[tokenId], output, abi.encode(oracle, requestId));
        }
    }

    /// @notice ERC-7007's own way to write a later result.
    function update(bytes calldata prompt, bytes calldata aigcData) external {
        uint256 tokenId = lastTokenId;
        require(hasData[tokenId], "aigc: nothing to update");
        _logUpdate(tokenId, prompt, aigcData);
    }

    function supportsInterface(bytes4 interfaceId) public view override returns (bool) {
        return interfaceId == IERC7007_UPDATABLE || super.supportsInterface(interfaceId);
    }
}
