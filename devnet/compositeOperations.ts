// SPDX-License-Identifier: GPL-3.0-or-later
import type { TransactionRequest } from './chain.js';
import { creationCode, encodeCall } from './deploy.js';
import {
  type Action,
  actAs,
  type BundleStep,
  bundleAction,
  type Holder,
  programReentrant,
  routerBundle,
} from './holder.js';
import { drawAction, drawActionKind, drawAmount, drawHolder } from './tokenActions.js';
import type { World } from './world.js';
import type { WorldToken } from './worldTokens.js';

/** An approval, and a transfer by the approved account. */
export function approvalAndTransferFrom(world: World, token: WorldToken): TransactionRequest[] {
  const { random } = world;
  const owner = drawHolder(world, token);
  const spender = random.pick(world.accounts);
  const amount = drawAmount(world, token, owner);
  const target = token.contract.address;
  const approval = encodeCall(token.contract, 'approve', [spender, amount]);
  const args = [owner.address, random.pick(world.holders).address, amount];
  return [
    actAs(owner, { target, data: approval, valueWei: 0n }),
    { from: spender, to: target, data: encodeCall(token.contract, 'transferFrom', args) },
  ];
}

/** Money by a self-destruct, in a creation or of a contract that was there before. */
export function selfDestructReceipt(world: World, token: WorldToken): TransactionRequest {
  const { random, selfDestructor } = world;
  const from = random.pick(world.accounts);
  const valueWei = random.amount(10n ** 18n);
  const beneficiary = [token.contract.address];
  if (random.chance(50)) {
    return { from, data: creationCode('SelfDestructor', beneficiary), valueWei };
  }
  const data = encodeCall(selfDestructor, 'destroy', beneficiary);
  return { from, to: selfDestructor.address, data, valueWei };
}

/** Money through the splitter: to all tokens at once, or by amounts to some. */
export function splitterReceipt(world: World, token: WorldToken): TransactionRequest {
  const { random, splitter } = world;
  const from = random.pick(world.accounts);
  const to = splitter.address;
  if (random.chance(40)) return { from, to, valueWei: random.amount(10n ** 18n) };
  return { from, to, ...splitAction(world, token) };
}

function splitAction(world: World, token: WorldToken): Action {
  const { random, splitter } = world;
  const receivers = [token.contract.address, random.pick(world.tokens).contract.address];
  const amounts = receivers.map(() => random.amount(10n ** 18n));
  return {
    target: splitter.address,
    data: encodeCall(splitter, 'split', [receivers, amounts]),
    valueWei: amounts.reduce((sum, amount) => sum + amount, 0n),
  };
}

/** Several actions of the router in one transaction, some of which fail inside it. */
export function bundle(world: World, token: WorldToken): TransactionRequest {
  const steps = drawSteps(world, token, world.random.integer(2, 7));
  return routerBundle(world.router, world.random.pick(world.accounts), steps);
}

/** The like, undone as a whole by its last step. */
export function revertedBundle(world: World, token: WorldToken): TransactionRequest {
  const steps = [...drawSteps(world, token, world.random.integer(1, 4)), revertingStep(world)];
  return routerBundle(world.router, world.random.pick(world.accounts), steps);
}

function drawSteps(world: World, token: WorldToken, count: number): BundleStep[] {
  return Array.from({ length: count }, () => {
    const { random } = world;
    const subject = random.chance(80) ? token : random.pick(world.tokens);
    return { ...drawStep(world, subject), mayFail: !random.chance(6) };
  });
}

function drawStep(world: World, token: WorldToken): Action {
  const { random } = world;
  const router = routerHolder(world);
  switch (random.integer(1, 12)) {
    case 1: {
      // Receipts and more in a frame that reverts, swallowed by the frame above it.
      const kinds = ['receipt', 'snapshot', 'receipt', 'burn', 'claim'] as const;
      const undone = kinds.slice(0, random.integer(1, kinds.length)).map((kind) => ({
        ...drawAction(world, token, router, kind),
        mayFail: true,
      }));
      return bundleAction(world.router, [...undone, revertingStep(world)]);
    }
    case 2:
      return splitAction(world, token);
    case 3:
      return {
        target: world.selfDestructor.address,
        data: encodeCall(world.selfDestructor, 'destroy', [token.contract.address]),
        valueWei: random.amount(10n ** 18n),
      };
    case 4: {
      // Another contract claims or burns, several frames deep.
      const holder = random.pick(world.holders.filter(({ kind }) => kind !== 'account'));
      const kind = random.pick(['claim', 'burn', 'transfer'] as const);
      const {
        to = '',
        data = '',
        valueWei = 0n,
      } = actAs(holder, drawAction(world, token, holder, kind));
      return { target: to, data, valueWei };
    }
    default:
      return drawAction(world, token, router, drawActionKind(world, token));
  }
}

function routerHolder(world: World): Holder {
  const { router, accounts } = world;
  const [operator = ''] = accounts;
  return { kind: 'router', address: router.address, contract: router, operator };
}

function revertingStep({ router }: World): BundleStep {
  const data = encodeCall(router, 'alwaysRevert');
  return { target: router.address, data, valueWei: 0n, mayFail: false };
}

/** A holder claims or burns, and acts again from the payments it gets. */
export function reentrantOperation(world: World, token: WorldToken): TransactionRequest[] {
  const { random } = world;
  const holder = random.pick(world.holders.filter(({ kind }) => kind === 'reentrant'));
  const steps = Array.from({ length: random.integer(1, 4) }, () => ({
    ...drawReentrantAction(world, token, holder),
    propagate: random.chance(12),
    pause: random.chance(30),
  }));
  const kind = random.pick(['claim', 'claimBatch', 'burn', 'burn'] as const);
  return [
    programReentrant(holder, token.contract, steps),
    actAs(holder, drawAction(world, token, holder, kind)),
  ];
}

function drawReentrantAction(world: World, token: WorldToken, holder: Holder): Action {
  const { random } = world;
  const kinds = ['claim', 'burn', 'transfer', 'snapshot', 'deposit', 'receipt'] as const;
  const action = drawAction(world, token, holder, random.pick(kinds));
  // It pays from what it was paid, and may well have less than this.
  return action.valueWei === 0n ? action : { ...action, valueWei: random.amount(10n ** 15n) };
}

/** The router runs the token's code on itself, or without the right to write: no effect. */
export function callWithoutEffect(
  world: World,
  token: WorldToken,
  name: 'executeDelegate' | 'executeStatic',
): TransactionRequest {
  const { random, router } = world;
  const kinds = ['snapshot', 'deposit', 'claim', 'burn', 'transfer', 'receipt'] as const;
  const action = drawAction(world, token, routerHolder(world), random.pick(kinds));
  const data = encodeCall(router, name, [token.contract.address, action.data, true]);
  const from = random.pick(world.accounts);
  return { from, to: router.address, data, valueWei: action.valueWei };
}
