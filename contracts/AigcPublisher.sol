// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AigcCollection} from "./AigcCollection.sol";
import {AigcOracle} from "./AigcOracle.sol";

/// @title Mints for its customers, asks an oracle, and passes the result on to the collection.
contract AigcPublisher {
    AigcCollection public immutable collection;
    AigcOracle public immutable oracle;

    constructor(AigcCollection collection_, AigcOracle oracle_) {
        collection = collection_;
        oracle = oracle_;
    }

    function publish(uint256 modelId, bytes calldata prompt, uint256 mintWei) external payable {
        collection.mint{value: mintWei}(msg.sender, prompt);
        oracle.requestCallback{value: msg.value - mintWei}(modelId, prompt, address(this), 1_000_000, prompt);
    }

    function aiOracleCallback(uint256, bytes calldata output, bytes calldata prompt) external {
        require(msg.sender == address(oracle), "publisher: not the oracle");
        collection.addAigcData(uint256(keccak256(prompt)), prompt, output, "");
    }
}
