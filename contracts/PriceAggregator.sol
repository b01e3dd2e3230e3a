// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Publishes a price as Chainlink's aggregators do: one log for each round.
contract PriceAggregator {
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    uint8 public immutable decimals;
    string public description;

    struct Round {
        int256 answer;
        uint256 updatedAt;
        uint256 answeredInRound;
    }

    uint256 public latestRound;
    mapping(uint256 => Round) private _rounds;

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

    /// @notice A round that gets no answer of its own and takes over the one before; logs nothing.
    function skip() external {
        latestRound++;
        _rounds[latestRound] = _rounds[latestRound - 1];
    }

    function latestRoundData()
        external
        view
        returns (uint80, int256, uint256, uint256, uint80)
    {
        return getRoundData(uint80(latestRound));
    }

    function getRoundData(uint80 id)
        public
        view
        returns (uint80, int256, uint256, uint256, uint80)
    {
        Round memory round = _rounds[id];
        require(round.updatedAt > 0, "No data present");
        return (id, round.answer, round.updatedAt, round.updatedAt, uint80(round.answeredInRound));
    }

    function _publish(int256 answer, uint256 updatedAt) private {
        latestRound++;
        _rounds[latestRound] = Round(answer, updatedAt, latestRound);
        emit AnswerUpdated(answer, latestRound, updatedAt);
    }
}
