// SPDX-License-Identifier: GPL-3.0-or-later
import { hexlify, toUtf8Bytes } from 'ethers';
import { encodeCall } from './deploy.js';
import type { Action, Holder } from './holder.js';
import type { World } from './world.js';
import type { WorldToken } from './worldTokens.js';

/** What a holder can do with a token by one call. */
export type TokenActionKind =
  | 'transfer'
  | 'receipt'
  | 'deposit'
  | 'snapshot'
  | 'claim'
  | 'claimBatch'
  | 'burn'
  | 'bridgeOut'
  | 'bridgeIn'
  | 'multicall'
  | 'distributeAndSnapshot';

/** Most that one random payment brings, in wei. */
const GREATEST_PAYMENT_WEI = 20n * 10n ** 18n;

const everyToken: [TokenActionKind, number][] = [
  ['transfer', 24],
  ['receipt', 12],
  ['deposit', 4],
  ['snapshot', 9],
  ['claim', 24],
  ['claimBatch', 8],
  ['burn', 10],
];

/** A kind of action that the token has, by its weight. */
export function drawActionKind(world: World, token: WorldToken): TokenActionKind {
  const extra: [TokenActionKind, number][] = [];
  if (token.label === 'bridged') extra.push(['bridgeOut', 8], ['bridgeIn', 8]);
  if (token.label === 'multicall') extra.push(['multicall', 14], ['distributeAndSnapshot', 8]);
  return world.random.weighted([...everyToken, ...extra]);
}

/** A random call of that kind by that holder; it may well revert. */
export function drawAction(
  world: World,
  token: WorldToken,
  holder: Holder,
  kind: TokenActionKind,
): Action {
  const { random } = world;
  const target = token.contract.address;
  const call = (name: string, args: readonly unknown[] = [], valueWei = 0n): Action => ({
    target,
    data: encodeCall(token.contract, name, args),
    valueWei,
  });
  switch (kind) {
    case 'transfer':
      return call('transfer', [drawRecipient(world, holder), drawAmount(world, token, holder)]);
    case 'receipt':
      return { target, data: '0x', valueWei: random.amount(GREATEST_PAYMENT_WEI) };
    case 'deposit': {
      const note = hexlify(toUtf8Bytes(`note ${random.uint32()}`));
      return call('deposit', [note], random.amount(GREATEST_PAYMENT_WEI));
    }
    case 'snapshot':
      return call('snapshot');
    case 'claim':
      return call('claim', [drawSnapshotId(world, token, holder)]);
    case 'claimBatch':
      return call('claimBatch', [drawSnapshotIds(world, token)]);
    case 'burn':
    case 'bridgeOut':
      return call(kind, [drawAmount(world, token, holder)]);
    case 'bridgeIn':
      return call('bridgeIn', [
        drawRecipient(world, holder),
        random.amount(token.supply / 10n + 2n),
      ]);
    case 'distributeAndSnapshot':
      return call('distributeAndSnapshot', [], random.amount(GREATEST_PAYMENT_WEI));
    case 'multicall':
      return drawMulticall(world, token, holder);
  }
}

/** With value all of the parts are deposits, for nothing else may be called with value. */
function drawMulticall(world: World, token: WorldToken, holder: Holder): Action {
  const { random } = world;
  const withValue = random.chance(25);
  const parts = Array.from({ length: random.integer(1, 4) }, () => {
    const kinds = ['transfer', 'snapshot', 'claim', 'claimBatch', 'burn'] as const;
    const kind = withValue ? 'deposit' : random.pick(kinds);
    return drawAction(world, token, holder, kind).data;
  });
  return {
    target: token.contract.address,
    data: encodeCall(token.contract, 'multicall', [parts]),
    valueWei: withValue ? random.amount(GREATEST_PAYMENT_WEI) : 0n,
  };
}

/** Mostly other holders; sometimes the holder itself, or a token, which never claims. */
function drawRecipient(world: World, holder: Holder): string {
  const { random } = world;
  if (random.chance(5)) return holder.address;
  if (random.chance(3)) return random.pick(world.tokens).contract.address;
  return random.pick(world.holders).address;
}

/** Mostly a part of the balance; sometimes nothing, everything or more than everything. */
export function drawAmount(world: World, token: WorldToken, holder: Holder): bigint {
  const { random } = world;
  const balance = world.book.balanceOf(token.contract.address, holder.address);
  return random.weighted([
    [random.amount(balance / 3n), 60],
    [balance > 0n ? 1n + random.bigint(balance / 20n) : 0n, 30],
    [0n, 4],
    [balance, 4],
    [balance + 1n, 2],
  ]);
}

/** Mostly an id that can be claimed and that the holder did not try yet. */
function drawSnapshotId(world: World, token: WorldToken, holder: Holder): bigint {
  const { random, triedClaims } = world;
  const address = token.contract.address;
  const last = world.book.lastSnapshotId(address);
  if (random.chance(6)) return random.bigint(last + 1n);
  for (let id = last; id > 0n && isOpen(token, id, last); id -= 1n) {
    const key = `${address}/${holder.address}/${id}`;
    if (triedClaims.has(key) || random.chance(25)) continue;
    triedClaims.add(key);
    return id;
  }
  return random.bigint(last + 1n);
}

function drawSnapshotIds(world: World, token: WorldToken): bigint[] {
  const { random } = world;
  const last = world.book.lastSnapshotId(token.contract.address);
  const open: bigint[] = [];
  for (let id = last; id > 0n && isOpen(token, id, last) && open.length < 6; id -= 1n) {
    if (random.chance(60)) open.push(id);
  }
  return random.shuffled(random.chance(10) ? [...open, random.bigint(last + 2n)] : open);
}

function isOpen({ window }: WorldToken, id: bigint, last: bigint): boolean {
  return window === null || last - id < BigInt(window);
}

/** Mostly one that has tokens. */
export function drawHolder(world: World, token: WorldToken): Holder {
  const { random, book, holders } = world;
  const address = token.contract.address;
  const owning = holders.filter((holder) => book.balanceOf(address, holder.address) > 0n);
  return random.pick(owning.length > 0 && random.chance(92) ? owning : holders);
}
