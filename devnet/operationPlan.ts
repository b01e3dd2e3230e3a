// SPDX-License-Identifier: GPL-3.0-or-later
import type { TransactionRequest } from './chain.js';
import {
  approvalAndTransferFrom,
  bundle,
  callWithoutEffect,
  reentrantOperation,
  revertedBundle,
  selfDestructReceipt,
  splitterReceipt,
} from './compositeOperations.js';
import { actAs } from './holder.js';
import { drawAction, drawActionKind, drawHolder, type TokenActionKind } from './tokenActions.js';
import type { World } from './world.js';
import type { WorldToken } from './worldTokens.js';

/** What can happen in a random world. */
export type OperationKind =
  | TokenActionKind
  | 'transferFrom'
  | 'selfDestruct'
  | 'splitter'
  | 'bundle'
  | 'revertedBundle'
  | 'reentrant'
  | 'delegateCall'
  | 'staticCall'
  | 'untracedBalance'
  | 'untracedTip';

/** An operation, and the one or two transactions that it takes. */
export interface PlannedOperation {
  kind: OperationKind;
  transactions: TransactionRequest[];
}

/** A random operation with a random token; it may well revert. */
export function planOperation(world: World): PlannedOperation {
  const { random } = world;
  const token = random.pick(world.tokens);
  const one = (kind: OperationKind, transaction: TransactionRequest) => ({
    kind,
    transactions: [transaction],
  });
  const kind = random.weighted<OperationKind | 'action'>([
    ['action', 68],
    ['bundle', 9],
    ['reentrant', 6],
    ['transferFrom', 4],
    ['selfDestruct', 3],
    ['splitter', 3],
    ['revertedBundle', 3],
    ['delegateCall', 2],
    ['staticCall', 2],
  ]);
  switch (kind) {
    case 'bundle':
      return one(kind, bundle(world, token));
    case 'reentrant':
      return { kind, transactions: reentrantOperation(world, token) };
    case 'transferFrom':
      return { kind, transactions: approvalAndTransferFrom(world, token) };
    case 'selfDestruct':
      return one(kind, selfDestructReceipt(world, token));
    case 'splitter':
      return one(kind, splitterReceipt(world, token));
    case 'revertedBundle':
      return one(kind, revertedBundle(world, token));
    case 'delegateCall':
      return one(kind, callWithoutEffect(world, token, 'executeDelegate'));
    case 'staticCall':
      return one(kind, callWithoutEffect(world, token, 'executeStatic'));
    default:
      return planAction(world, token);
  }
}

function planAction(world: World, token: WorldToken): PlannedOperation {
  const kind = drawActionKind(world, token);
  const holder = drawHolder(world, token);
  return { kind, transactions: [actAs(holder, drawAction(world, token, holder, kind))] };
}
