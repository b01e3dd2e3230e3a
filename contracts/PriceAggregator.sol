// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Publishes a price as Chainlink's aggregators do: one log for each round.
contract PriceAggregator {
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    uint8 public immutable decimals;
    string public description;

    uint256 public latestRound;
    int256 public latestAnswer;
    uint256 public latestTimestamp;

    constructor(uint8 decimals_, string memory description_) {
        decimals = decimals_;
        description = description_;
    }

    /// @notice A new round with the time of the block.
    function submit(int256 answer) external {
        _publish(answer, block.timestamp);
    }

    /// @notice A new round that says another time than its block has.
    function submitAt(int256 answer, uint256 updatedAt) external {
        _publish(answer, updatedAt);
    }

    function latestRoundData()
        external
        view
        returns (uint80, int256, uint256, uint256, uint80)
    {
        require(latestRound > 0, "No data present");
        uint80 round = uint80(latestRound);
        return (round, latestAnswer, latestTimestamp, latestTimestamp, round);
    }

    function _publish(int256 answer, uint256 updatedAt) private {
        latestRound++;
        latestAnswer = answer;
        latestTimestamp = updatedAt;
        emit AnswerUpdated(answer, latestRound, updatedAt);
    }
}
