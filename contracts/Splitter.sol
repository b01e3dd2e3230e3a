// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Forwards ETH to several receivers.
contract Splitter {
    address payable[] private _receivers;

    constructor(address payable[] memory receivers) payable {
        require(receivers.length > 0, "splitter: no receivers");
        _receivers = receivers;
    }

    /// @notice Splits evenly; what does not divide goes to the first receiver.
    receive() external payable {
        uint256 part = msg.value / _receivers.length;
        uint256 rest = msg.value - part * _receivers.length;
        for (uint256 i = 0; i < _receivers.length; ++i) {
            _send(_receivers[i], i == 0 ? part + rest : part);
        }
    }

    /// @notice Forwards the given amounts, which must add up to the value.
    function split(address payable[] calldata receivers, uint256[] calldata amounts) external payable {
        require(receivers.length == amounts.length, "splitter: lengths differ");
        uint256 total;
        for (uint256 i = 0; i < receivers.length; ++i) {
            total += amounts[i];
            _send(receivers[i], amounts[i]);
        }
        require(total == msg.value, "splitter: amounts do not add up to the value");
    }

    function _send(address payable receiver, uint256 amountWei) private {
        (bool sent, ) = receiver.call{value: amountWei}("");
        require(sent, "splitter: receiver refused");
    }
}
