// SPDX-License-Identifier: GPL-3.0-or-later
import type { TransactionRequest } from './chain.js';
import { type DeployedContract, encodeCall } from './deploy.js';

/** One call that a holder makes. */
export interface Action {
  target: string;
  data: string;
  valueWei: bigint;
}

/** An address that holds tokens and acts for itself. */
export type Holder =
  | { kind: 'account'; address: string }
  | {
      kind: 'router' | 'reentrant' | 'rejecting';
      address: string;
      contract: DeployedContract;
      /** The account that signs for the contract. */
      operator: string;
    };

/** A contract as a holder; the operator signs. */
export function contractHolder(
  kind: 'router' | 'reentrant' | 'rejecting',
  contract: DeployedContract,
  operator: string,
): Holder {
  return { kind, address: contract.address, contract, operator };
}

/** The transaction by which the holder makes this call: `msg.sender` of the call is the holder. */
export function actAs(holder: Holder, action: Action): TransactionRequest {
  const { target, data, valueWei } = action;
  switch (holder.kind) {
    case 'account':
      return { from: holder.address, to: target, data, valueWei };
    case 'router':
      return routerBundle(holder.contract, holder.operator, [{ ...action, mayFail: false }]);
    case 'reentrant':
      return runBy(holder, [target, valueWei, data], valueWei);
    case 'rejecting':
      return runBy(holder, [target, data], valueWei);
  }
}

function runBy(
  holder: Exclude<Holder, { kind: 'account' }>,
  args: readonly unknown[],
  valueWei: bigint,
): TransactionRequest {
  const data = encodeCall(holder.contract, 'run', args);
  return { from: holder.operator, to: holder.address, data, valueWei };
}

/** A step of a router's bundle. */
export interface BundleStep extends Action {
  /** Swallow a failure of this step instead of reverting the bundle. */
  mayFail: boolean;
}

/** One transaction in which the router makes all of the calls, paid for by the sender. */
export function routerBundle(
  router: DeployedContract,
  from: string,
  steps: readonly BundleStep[],
): TransactionRequest {
  const { data, valueWei } = bundleAction(router, steps);
  return { from, to: router.address, data, valueWei, gas: 12_000_000n };
}

/** The call of the router's execute() with these steps, for use inside another call. */
export function bundleAction(router: DeployedContract, steps: readonly BundleStep[]): Action {
  const calls = steps.map(({ target, valueWei, data, mayFail }) => [
    target,
    valueWei,
    data,
    mayFail,
  ]);
  return {
    target: router.address,
    data: encodeCall(router, 'execute', [calls]),
    valueWei: steps.reduce((sum, step) => sum + step.valueWei, 0n),
  };
}

/** What a re-entrant holder does when it is paid. */
export interface ReentrantStep extends Action {
  /** Let a failure revert the payment. */
  propagate: boolean;
  /** Leave the rest of the steps to the next payment. */
  pause: boolean;
}

/** The transaction that gives a re-entrant holder its steps, for payments by the token. */
export function programReentrant(
  holder: Holder,
  token: DeployedContract,
  steps: readonly ReentrantStep[],
): TransactionRequest {
  if (holder.kind !== 'reentrant') throw new TypeError(`a ${holder.kind} holder has no program`);
  const tuples = steps.map(({ target, valueWei, data, propagate, pause }) => [
    target,
    valueWei,
    data,
    propagate,
    pause,
  ]);
  const data = encodeCall(holder.contract, 'program', [token.address, tuples]);
  return { from: holder.operator, to: holder.address, data };
}
