// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

interface IAigcCallback {
    function aiOracleCallback(uint256 requestId, bytes calldata output, bytes calldata callbackData) external;
}

/// @title What an ERC-7007 collection sees of an AI oracle: requests and their results.
contract AigcOracle {
    struct Request {
        address account;
        address callbackContract;
        bytes callbackData;
    }

    uint256 public lastRequestId;
    mapping(uint256 requestId => Request) private _requests;

    event AICallbackRequest(
        address indexed account,
        uint256 indexed requestId,
        uint256 modelId,
        bytes input,
        address callbackContract,
        uint64 gasLimit,
        bytes callbackData
    );
    event AICallbackResult(address indexed account, uint256 indexed requestId, address invoker, bytes output);

    function requestCallback(
        uint256 modelId,
        bytes calldata input,
        address callbackContract,
        uint64 gasLimit,
        bytes calldata callbackData
    ) external payable returns (uint256 requestId) {
        requestId = ++lastRequestId;
        _requests[requestId] = Request(msg.sender, callbackContract, callbackData);
        emit AICallbackRequest(msg.sender, requestId, modelId, input, callbackContract, gasLimit, callbackData);
    }

    /// @notice A result, or a later one for the same request.
    function invokeCallback(uint256 requestId, bytes calldata output) external {
        Request storage request = _requests[requestId];
        emit AICallbackResult(request.account, requestId, msg.sender, output);
        IAigcCallback(request.callbackContract).aiOracleCallback(requestId, output, request.callbackData);
    }
}
