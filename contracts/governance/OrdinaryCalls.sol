// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Bound, IOrdinaryCalls, OrdinaryRule} from "../interfaces/IOrdinaryCalls.sol";
import {SpendingBuckets} from "./SpendingBuckets.sol";

/// @title OrdinaryCalls
/// @notice See IOrdinaryCalls.
contract OrdinaryCalls is AccessManaged, SpendingBuckets {
    // Constants

    bytes32 private constant EXECUTOR_ROLE = keccak256("EXECUTOR_ROLE");

    // Storage

    mapping(address target => mapping(bytes4 selector => OrdinaryRule)) private _rules;

    // Constructor

    /// @param authority the AccessManager
    /// @param treasury the timelock
    constructor(address authority, address treasury) AccessManaged(authority) SpendingBuckets(treasury) {}

    // Views

    /// @inheritdoc IOrdinaryCalls
    function ruleOf(address target, bytes4 selector) external view returns (OrdinaryRule memory) {
        return _rules[target][selector];
    }

    /// @inheritdoc IOrdinaryCalls
    function areOrdinary(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas)
        external
        view
        returns (bool)
    {
        // As long as the proposal, which its proposer pays for: quadratic in the calls that spend, whose sums must fit too.
        address[] memory assets = new address[](targets.length);
        uint256[] memory amounts = new uint256[](targets.length);
        for (uint256 i = 0; i < targets.length; ++i) {
            (bool ordinary, address asset, uint256 amount) = _examine(targets[i], values[i], calldatas[i]);
            if (!ordinary) return false;
            if (amount == 0) continue;
            (assets[i], amounts[i]) = (asset, amount);
            uint256 room = capacityOf(asset);
            for (uint256 j = 0; j <= i; ++j) {
                if (amounts[j] == 0 || assets[j] != asset) continue;
                if (amounts[j] > room) return false;
                room -= amounts[j];
            }
        }
        return true;
    }

    /// @inheritdoc IOrdinaryCalls
    function maySoon(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas)
        external
        view
        returns (bool)
    {
        // As long as the proposal, which its proposer pays for. What spends is not counted in its bucket here: it waits.
        for (uint256 i = 0; i < targets.length; ++i) {
            bytes calldata data = calldatas[i];
            if (values[i] != 0 || data.length < 4) return false;
            Bound bound = _rules[targets[i]][bytes4(data)].bound;
            if (bound == Bound.SOON) continue;
            (bool ordinary,, uint256 amount) = _examine(targets[i], 0, data);
            if (!ordinary || amount != 0) return false;
        }
        return true;
    }

    // Writes

    /// @inheritdoc IOrdinaryCalls
    function count(address[] calldata targets, uint256[] calldata values, bytes[] calldata calldatas) external {
        if (!IAccessControl(TREASURY).hasRole(EXECUTOR_ROLE, msg.sender)) revert NotTheExecutor(msg.sender);
        for (uint256 i = 0; i < targets.length; ++i) {
            (bool ordinary, address asset, uint256 amount) = _examine(targets[i], values[i], calldatas[i]);
            if (!ordinary) revert NoLongerOrdinary(i);
            if (amount != 0) _fill(asset, amount);
        }
    }

    // Governance

    /// @inheritdoc IOrdinaryCalls
    function setRule(address target, bytes4 selector, OrdinaryRule calldata rule) external restricted {
        if (rule.bound != Bound.NEVER) {
            if (target.code.length == 0) revert NotAContract(target);
            if (target == TREASURY || target == authority() || target == address(this) || _passesCallsOn(selector)) {
                revert NeverOrdinary(target, selector);
            }
        }
        bool named = rule.bound == Bound.SPENDING;
        bool limited = rule.bound == Bound.LOWERING;
        bool fits = (rule.asset != address(0)) == named && (rule.current != bytes4(0)) == limited
            && (named || limited || rule.argument == 0);
        if (!fits) revert InvalidRule(rule);
        _rules[target][selector] = rule;
        emit RuleSet(target, selector, rule);
    }

    // Internals

    /// @return ordinary whether a rule allows the call, the size of what it spends aside
    /// @return asset what it spends, where `amount` is not zero
    /// @return amount in the asset's units
    function _examine(address target, uint256 value, bytes calldata data)
        private
        view
        returns (bool ordinary, address asset, uint256 amount)
    {
        if (data.length == 0) return (value != 0, address(0), value);
        if (value != 0 || data.length < 4) return (false, address(0), 0);
        OrdinaryRule memory rule = _rules[target][bytes4(data)];
        if (rule.bound == Bound.NEVER || rule.bound == Bound.SOON) return (false, address(0), 0);
        if (rule.bound == Bound.ALWAYS) return (true, address(0), 0);

        uint256 start = 4 + 32 * uint256(rule.argument);
        if (data.length < start + 32) return (false, address(0), 0);
        uint256 argument = uint256(bytes32(data[start:start + 32]));
        if (rule.bound == Bound.SPENDING) return (true, rule.asset, argument);
        (bool answered, bytes memory answer) = target.staticcall(abi.encodePacked(rule.current));
        return (answered && answer.length == 32 && argument <= uint256(bytes32(answer)), address(0), 0);
    }

    /// @dev Functions of contracts that exist by the dozen which let others act in the treasury's place, or call anything.
    function _passesCallsOn(bytes4 selector) private pure returns (bool) {
        return selector == bytes4(keccak256("approve(address,uint256)"))
            || selector == bytes4(keccak256("increaseAllowance(address,uint256)"))
            || selector == bytes4(keccak256("setApprovalForAll(address,bool)"))
            || selector == bytes4(keccak256("execute(address,bytes)"))
            || selector == bytes4(keccak256("execute(address,uint256,bytes)"))
            || selector == bytes4(keccak256("multicall(bytes[])"))
            || selector == bytes4(keccak256("relay(address,uint256,bytes)"))
            || selector == TimelockController.schedule.selector || selector == TimelockController.scheduleBatch.selector
            || selector == TimelockController.execute.selector || selector == TimelockController.executeBatch.selector;
    }
}
