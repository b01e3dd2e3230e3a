// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {AIOracleNewestEvents} from "./AIOracleEvents.sol";

/// @title The newest AI oracle: models paid in ETH or in a token, batches, unverifiable models.
/// @notice The logic behind a proxy: its storage is the proxy's, and so are its logs.
contract AIOracle is AIOracleNewestEvents {
    using SafeERC20 for IERC20;

    struct Model {
        bytes32 modelHash;
        bytes32 programHash;
        uint256 fee;
        address receiver;
        uint256 receiverPercentage;
        uint256 accumulateRevenue;
        address token;
        bool unverifiable;
    }

    struct Request {
        address account;
        uint256 modelId;
        bytes input;
        address callbackContract;
        uint64 gasLimit;
        bytes callbackData;
    }

    bytes4 private constant CALLBACK = bytes4(keccak256("aiOracleCallback(uint256,bytes,bytes)"));

    address public owner;
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

    function initialize(address owner_) external {
        require(owner == address(0), "oracle: initialized");
        owner = owner_;
    }

    function uploadModel(
        uint256 modelId,
        bytes32 modelHash,
        bytes32 programHash,
        uint256 fee,
        address receiver,
        uint256 receiverPercentage,
        address token,
        bool unverifiable
    ) external onlyOwner {
        require(!modelExists[modelId], "oracle: model exists");
        modelExists[modelId] = true;
        _setTerms(modelId, fee, receiver, receiverPercentage);
        _setProgram(modelId, modelHash, programHash, token, unverifiable);
    }

    function updateModel(
        uint256 modelId,
        bytes32 modelHash,
        bytes32 programHash,
        uint256 fee,
        address receiver,
        uint256 receiverPercentage,
        address token,
        bool unverifiable
    ) external onlyOwner ifModelExists(modelId) {
        _setTerms(modelId, fee, receiver, receiverPercentage);
        _setProgram(modelId, modelHash, programHash, token, unverifiable);
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
        if (models[modelId].accumulateRevenue > 0) _payRevenue(modelId);
        modelExists[modelId] = false;
    }

    function claimModelRevenue(uint256 modelId) external ifModelExists(modelId) {
        require(models[modelId].accumulateRevenue > 0, "oracle: no revenue");
        _payRevenue(modelId);
    }

    function resetGasPrice() external onlyOwner {
        gasPrice = 0;
    }

    /// @notice Logs the second event only.
    function requestCallback(
        uint256 modelId,
        bytes calldata input,
        address callbackContract,
        uint64 gasLimit,
        bytes calldata callbackData
    ) external payable returns (uint256 requestId) {
        requestId = _request(1, modelId, input, callbackContract, gasLimit, callbackData);
        _logSecond(requestId);
    }

    /// @notice Logs the second event and the newest beside it.
    function requestCallback(
        uint256 modelId,
        bytes calldata input,
        address callbackContract,
        uint64 gasLimit,
        bytes calldata callbackData,
        uint8 inputDA,
        uint8 outputDA
    ) external payable returns (uint256 requestId) {
        requestId = _request(1, modelId, input, callbackContract, gasLimit, callbackData);
        _logSecond(requestId);
        _logNewest(requestId, inputDA, outputDA, 1);
    }

    /// @notice Logs the second event and the newest beside it.
    function requestBatchInference(
        uint256 batchSize,
        uint256 modelId,
        bytes calldata input,
        address callbackContract,
        uint64 gasLimit,
        bytes calldata callbackData,
        uint8 inputDA,
        uint8 outputDA
    ) external payable returns (uint256 requestId) {
        requestId = _request(batchSize, modelId, input, callbackContract, gasLimit, callbackData);
        _logSecond(requestId);
        _logNewest(requestId, inputDA, outputDA, batchSize);
    }

    function invokeCallback(uint256 requestId, bytes calldata output) external onlyOwner {
        _deliver(requestId, output);
        gasPrice = tx.gasprice;
    }

    /// @notice A result that was challenged: delivered again, and logged like the first.
    function updateResult(uint256 requestId, bytes calldata output) external {
        require(output.length > 0, "oracle: no output");
        _deliver(requestId, output);
    }

    function getModel(
        uint256 modelId
    )
        external
        view
        ifModelExists(modelId)
        returns (
            bytes32 modelHash,
            bytes32 programHash,
            uint256 fee,
            address receiver,
            uint256 receiverPercentage,
            uint256 accumulateRevenue,
            address token,
            bool unverifiable
        )
    {
        Model memory model = models[modelId];
        return (
            model.modelHash,
            model.programHash,
            model.fee,
            model.receiver,
            model.receiverPercentage,
            model.accumulateRevenue,
            model.token,
            model.unverifiable
        );
    }

    function _setTerms(
        uint256 modelId,
        uint256 fee,
        address receiver,
        uint256 receiverPercentage
    ) private {
        require(receiverPercentage <= 100, "oracle: more than 100 percent");
        Model storage model = models[modelId];
        model.fee = fee;
        model.receiver = receiver;
        model.receiverPercentage = receiverPercentage;
    }

    function _setProgram(
        uint256 modelId,
        bytes32 modelHash,
        bytes32 programHash,
        address token,
        bool unverifiable
    ) private {
        Model storage model = models[modelId];
        model.modelHash = modelHash;
        model.programHash = programHash;
        model.token = token;
        model.unverifiable = unverifiable;
    }

    function _payRevenue(uint256 modelId) private {
        Model storage model = models[modelId];
        uint256 revenue = model.accumulateRevenue;
        model.accumulateRevenue = 0;
        if (model.token == address(0)) {
            (bool success, ) = model.receiver.call{value: revenue}("");
            require(success, "oracle: payment failed");
        } else {
            IERC20(model.token).safeTransfer(model.receiver, revenue);
        }
    }

    /// @dev Fees first: in a token they are pulled before anything is written.
    function _request(
        uint256 batchSize,
        uint256 modelId,
        bytes calldata input,
        address callbackContract,
        uint64 gasLimit,
        bytes calldata callbackData
    ) private ifModelExists(modelId) returns (uint256 requestId) {
        Model storage model = models[modelId];
        uint256 gasPart = gasPrice * gasLimit;
        if (model.token == address(0)) {
            require(msg.value >= batchSize * model.fee + gasPart, "oracle: insufficient fee");
        } else {
            require(msg.value >= gasPart, "oracle: insufficient fee");
            IERC20(model.token).safeTransferFrom(msg.sender, address(this), batchSize * model.fee);
        }
        model.accumulateRevenue += (batchSize * model.fee * model.receiverPercentage) / 100;
        require(input.length > 0, "oracle: no input");
        require((callbackContract == address(0)) == (gasLimit == 0), "oracle: bad gas limit");
        requestId = model.unverifiable
            ? _hashOf(modelId, input, callbackContract, gasLimit, callbackData)
            : ++requestCount;
        requests[requestId] = Request({
            account: msg.sender,
            modelId: modelId,
            input: input,
            callbackContract: callbackContract,
            gasLimit: gasLimit,
            callbackData: callbackData
        });
    }

    /// @dev The same request twice in a block has the same id.
    function _hashOf(
        uint256 modelId,
        bytes calldata input,
        address callbackContract,
        uint64 gasLimit,
        bytes calldata callbackData
    ) private view returns (uint256) {
        return
            uint256(
                keccak256(
                    abi.encode(
                        modelId,
                        input,
                        callbackContract,
                        gasLimit,
                        callbackData,
                        msg.sender,
                        block.timestamp
                    )
                )
            );
    }

    function _deliver(uint256 requestId, bytes calldata output) private {
        Request memory request = requests[requestId];
        if (request.callbackContract != address(0)) {
            (bool success, ) = request.callbackContract.call{gas: request.gasLimit}(
                abi.encodeWithSelector(CALLBACK, requestId, output, request.callbackData)
            );
            require(success, "oracle: callback failed");
        }
        emit AICallbackResult(request.account, requestId, msg.sender, output);
    }

    function _logSecond(uint256 requestId) private {
        Request memory request = requests[requestId];
        emit AICallbackRequest(
            request.account,
            requestId,
            request.modelId,
            request.input,
            request.callbackContract,
            request.gasLimit,
            request.callbackData
        );
    }

    function _logNewest(
        uint256 requestId,
        uint8 inputDA,
        uint8 outputDA,
        uint256 batchSize
    ) private {
        Request memory request = requests[requestId];
        emit AICallbackRequest(
            request.account,
            requestId,
            request.modelId,
            request.input,
            request.callbackContract,
            request.gasLimit,
            request.callbackData,
            inputDA,
            outputDA,
            batchSize
        );
    }
}
