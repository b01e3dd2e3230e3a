// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title The logs of the first AI oracles, before anything was indexed.
interface AIOracleFirstEvents {
    event AICallbackRequest(
        address account,
        uint256 requestId,
        uint256 modelId,
        bytes input,
        address callbackContract,
        bytes4 functionSelector,
        uint64 gasLimit
    );
    event AICallbackResult(uint256 requestId, bytes output);
}

/// @title The same logs when account and request id had become indexed.
interface AIOracleFirstIndexedEvents {
    event AICallbackRequest(
        address indexed account,
        uint256 indexed requestId,
        uint256 modelId,
        bytes input,
        address callbackContract,
        bytes4 functionSelector,
        uint64 gasLimit
    );
    event AICallbackResult(address indexed account, uint256 indexed requestId, bytes output);
}

/// @title The logs of the newest AI oracle: the second request beside the newest.
interface AIOracleNewestEvents {
    event AICallbackRequest(
        address indexed account,
        uint256 indexed requestId,
        uint256 modelId,
        bytes input,
        address callbackContract,
        uint64 gasLimit,
        bytes callbackData
    );
    event AICallbackRequest(
        address indexed account,
        uint256 indexed requestId,
        uint256 modelId,
        bytes input,
        address callbackContract,
        uint64 gasLimit,
        bytes callbackData,
        uint8 inputDA,
        uint8 outputDA,
        uint256 batchSize
    );
    event AICallbackResult(
        address indexed account,
        uint256 indexed requestId,
        address invoker,
        bytes output
    );
}
