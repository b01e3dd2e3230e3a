// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AIOracleFirstEvents} from "./AIOracleEvents.sol";

/// @title The first public AI oracle: one fee for every model, and nobody to pay it out to.
/// @notice Models are numbers that the prover behind it knows. Nothing in the logs is indexed.
contract AIOracleFlat is AIOracleFirstEvents {
    struct Request {
        address account;
        uint256 modelId;
        bytes input;
        address callbackContract;
        bytes4 functionSelector;
        uint64 gasLimit;
        bytes output;
    }

    /// @notice Wei for each request, whatever the model.
    uint256 public fee;
    address public immutable server;
    uint256 private _requestCount;
    mapping(uint256 requestId => Request) public requests;

    modifier onlyServer() {
        require(msg.sender == server, "oracle: not the server");
        _;
    }

    constructor(uint256 fee_) {
        fee = fee_;
        server = msg.sender;
    }

    function setFee(uint256 fee_) external onlyServer {
        fee = fee_;
    }

    /// @notice A setter of another name, as a changed copy has it.
    function changeTariff(uint256 fee_) external onlyServer {
        fee = fee_;
    }

    function requestCallback(
        uint256 modelId,
        bytes calldata input,
        address callbackContract,
        bytes4 functionSelector,
        uint64 gasLimit
    ) external payable {
        require(msg.value >= fee, "oracle: insufficient fee");
        uint256 requestId = ++_requestCount;
        requests[requestId] =
            Request(msg.sender, modelId, input, callbackContract, functionSelector, gasLimit, "");
        emit AICallbackRequest(
            msg.sender, requestId, modelId, input, callbackContract, functionSelector, gasLimit
        );
    }

    function invokeCallback(uint256 requestId, bytes calldata output) external onlyServer {
        requests[requestId].output = output;
        _deliver(requestId);
    }

    /// @notice Anybody may deliver a result again.
    function updateResult(uint256 requestId) external {
        require(requests[requestId].output.length > 0, "oracle: no output");
        _deliver(requestId);
    }

    function _deliver(uint256 requestId) private {
        Request memory request = requests[requestId];
        if (request.callbackContract != address(0)) {
            (bool success,) = request.callbackContract.call{gas: request.gasLimit}(
                abi.encodeWithSelector(
                    request.functionSelector, request.modelId, request.input, request.output
                )
            );
            require(success, "oracle: callback failed");
        }
        emit AICallbackResult(requestId, request.output);
    }
}
