// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Stands before the aggregators of a feed, one after the other; it logs nothing itself.
contract PriceProxy {
    address public aggregator;
    uint16 public phaseId;

    constructor(address aggregator_) {
        confirmAggregator(aggregator_);
    }

    function confirmAggregator(address aggregator_) public {
        aggregator = aggregator_;
        phaseId++;
    }
}
