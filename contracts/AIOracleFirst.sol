// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AIOracleFirstEvents, AIOracleFirstIndexedEvents} from "./AIOracleEvents.sol";

/// @title The first AI oracle: models paid in ETH, one inference for each request, revenue paid
///        as `transfer` does.
contract AIOracleFirst {
    struct Model {
        bytes32 modelHash;
        bytes32 programHash;
        uint256 fee;
        address receiver;
        uint256 receiverPercentage;
        uint256 accumulateRevenue;
    }

    struct Request {
        address account;
        address callbackContract;
        bytes4 functionSelector;
        uint64 gasLimit;
    }

    address public immutable owner;
    /// @notice Whether account and request id are indexed in the logs.
    bool public immutable indexesLogs;
    /// @notice Whether a removed model's revenue is paid; if not, it waits for a re-upload.
    bool public immutable paysOnRemoval;
    /// @notice Wei for each unit of a callback's gas: that of the newest result's transaction.
    uint256 public gasPrice;
    uint256 public requestCount;
    mapping(uint256 => Request) public requests;

    mapping(uint256 => Model) private models;
    mapping(uint256 => bool) private modelExists;

    modifier onlyOwner() {
        require(msg.sender == owner, "oracle: not the owner");
        _;
    }

    modifier ifModelExists(uint256 modelId) {
        require(modelExists[modelId], "oracle: no such model");
        _;
    }

    constructor(bool indexesLogs_, bool paysOnRemoval_) {
        owner = msg.sender;
        indexesLogs = indexesLogs_;
        paysOnRemoval = paysOnRemoval_;
    }

    function uploadModel(
        uint256 modelId,
        bytes32 modelHash,
        bytes32 programHash,
        uint256 fee,
        address receiver,
        uint256 receiverPercentage
    ) external onlyOwner {
        require(!modelExists[modelId], "oracle: model exists");
        modelExists[modelId] = true;
        _setModel(modelId, modelHash, programHash, fee, receiver, receiverPercentage);
    }

    function updateModel(
        uint256 modelId,
        bytes32 modelHash,
        bytes32 programHash,
        uint256 fee,
        address receiver,
        uint256 receiverPercentage
    ) external onlyOwner ifModelExists(modelId) {
        _setModel(modelId, modelHash, programHash, fee, receiver, receiverPercentage);
    }

    function setModelFee(uint256 modelId, uint256 fee) external onlyOwner ifModelExists(modelId) {
        models[modelId].fee = fee;
    }

    function setModelReceiver(
        uint256 modelId,
        address receiver
    ) external onlyOwner ifModelExists(modelId) {
        models[modelId].receiver = receiver;
    }

    function setModelReceiverPercentage(
        uint256 modelId,
        uint256 receiverPercentage
    ) external onlyOwner ifModelExists(modelId) {
        require(receiverPercentage <= 100, "oracle: more than 100 percent");
        models[modelId].receiverPercentage = receiverPercentage;
    }

    function removeModel(uint256 modelId) external onlyOwner ifModelExists(modelId) {
        if (paysOnRemoval && models[modelId].accumulateRevenue > 0) _payRevenue(modelId);
        modelExists[modelId] = false;
    }

    function claimModelRevenue(uint256 modelId) external ifModelExists(modelId) {
        require(models[modelId].accumulateRevenue > 0, "oracle: no revenue");
        _payRevenue(modelId);
    }

    function requestCallback(
        uint256 modelId,
        bytes calldata input,
        address callbackContract,
        bytes4 functionSelector,
        uint64 gasLimit
    ) external payable ifModelExists(modelId) {
        Model storage model = models[modelId];
        require(msg.value >= model.fee + gasPrice * gasLimit, "oracle: insufficient fee");
        require(input.length > 0, "oracle: no input");
        model.accumulateRevenue += (model.fee * model.receiverPercentage) / 100;
        uint256 requestId = ++requestCount;
        requests[requestId] = Request(msg.sender, callbackContract, functionSelector, gasLimit);
        _logRequest(requestId, modelId, input);
    }

    function invokeCallback(uint256 requestId, bytes calldata output) external onlyOwner {
        Request memory request = requests[requestId];
        if (request.callbackContract != address(0)) {
            (bool success, ) = request.callbackContract.call{gas: request.gasLimit}(
                abi.encodeWithSelector(request.functionSelector, requestId, output, bytes(""))
            );
            require(success, "oracle: callback failed");
        }
        if (indexesLogs) {
            emit AIOracleFirstIndexedEvents.AICallbackResult(request.account, requestId, output);
        } else {
            emit AIOracleFirstEvents.AICallbackResult(requestId, output);
        }
        gasPrice = tx.gasprice;
    }

    function getModel(
        uint256 modelId
    ) external view ifModelExists(modelId) returns (Model memory) {
        return models[modelId];
    }

    function _setModel(
        uint256 modelId,
        bytes32 modelHash,
        bytes32 programHash,
        uint256 fee,
        address receiver,
        uint256 receiverPercentage
    ) private {
        require(receiverPercentage <= 100, "oracle: more than 100 percent");
        Model storage model = models[modelId];
        model.modelHash = modelHash;
        model.programHash = programHash;
        model.fee = fee;
        model.receiver = receiver;
        model.receiverPercentage = receiverPercentage;
    }

    function _payRevenue(uint256 modelId) private {
        Model storage model = models[modelId];
        // What `transfer` did: only the stipend of 2300 gas for the receiver.
        (bool success, ) = model.receiver.call{value: model.accumulateRevenue, gas: 0}("");
        require(success, "oracle: payment failed");
        model.accumulateRevenue = 0;
    }

    function _logRequest(uint256 requestId, uint256 modelId, bytes calldata input) private {
        Request memory request = requests[requestId];
        if (indexesLogs) {
            emit AIOracleFirstIndexedEvents.AICallbackRequest(
                request.account,
                requestId,
                modelId,
                input,
                request.callbackContract,
                request.functionSelector,
                request.gasLimit
            );
        } else {
            emit AIOracleFirstEvents.AICallbackRequest(
                request.account,
                requestId,
                modelId,
                input,
                request.callbackContract,
                request.functionSelector,
                request.gasLimit
            );
        }
    }
}
