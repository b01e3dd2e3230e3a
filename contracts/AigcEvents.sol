// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Writes the logs of ERC-7007 in each of the shapes that are in use (docs/domain.md#collections).
/// @notice The name and the types of the event are the same in all of them; what is indexed
///         is not, so that only the number of topics tells them apart.
abstract contract AigcEvents {
    bytes32 internal constant AIGC_DATA = keccak256("AigcData(uint256,bytes,bytes,bytes)");
    bytes32 internal constant UPDATE = keccak256("Update(uint256,bytes,bytes)");

    /// @notice Topics of a log of this collection: 4, 3 or 1.
    uint256 public immutable topicCount;

    constructor(uint256 topics) {
        require(topics == 4 || topics == 3 || topics == 1, "aigc: no such shape");
        topicCount = topics;
    }

    function _logAigcData(uint256 tokenId, bytes memory prompt, bytes memory aigcData, bytes memory proof) internal {
        if (topicCount == 4) {
            _log4(AIGC_DATA, tokenId, prompt, aigcData, abi.encode(proof));
        } else if (topicCount == 3) {
            _log3(AIGC_DATA, tokenId, prompt, abi.encode(aigcData, proof));
        } else {
            _log1(AIGC_DATA, abi.encode(tokenId, prompt, aigcData, proof));
        }
    }

    function _logUpdate(uint256 tokenId, bytes memory prompt, bytes memory aigcData) internal {
        if (topicCount == 4) {
            _log4(UPDATE, tokenId, prompt, aigcData, "");
        } else if (topicCount == 3) {
            _log3(UPDATE, tokenId, prompt, abi.encode(aigcData));
        } else {
            _log1(UPDATE, abi.encode(tokenId, prompt, aigcData));
        }
    }

    function _log4(bytes32 topic, uint256 tokenId, bytes memory prompt, bytes memory aigcData, bytes memory data) private {
        bytes32 promptHash = keccak256(prompt);
        bytes32 dataHash = keccak256(aigcData);
        assembly {
            log4(add(data, 32), mload(data), topic, tokenId, promptHash, dataHash)
        }
    }

    function _log3(bytes32 topic, uint256 tokenId, bytes memory prompt, bytes memory data) private {
        bytes32 promptHash = keccak256(prompt);
        assembly {
            log3(add(data, 32), mload(data), topic, tokenId, promptHash)
        }
    }

    function _log1(bytes32 topic, bytes memory data) private {
        assembly {
            log1(add(data, 32), mload(data), topic)
        }
    }
}
