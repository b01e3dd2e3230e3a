import { describe, expect, it } from 'vitest';
import { type Address, ZERO_ADDRESS } from '../../../src/address.js';
import type { Operation } from '../../../src/chain/reading/operation.js';
import { originOf } from '../../../src/chain/reading/origin.js';
import { type LogStep, possibleOrders } from '../../../src/chain/reading/possibleOrders.js';
import type { LogPlace } from '../../../src/chain/reading/tree/frames.js';

const holder: Address = `0x${'11'.repeat(20)}`;
const other: Address = `0x${'22'.repeat(20)}`;
const at = { transactionIndex: 0, transactionHash: `0x${'ab'.repeat(32)}` };
const ANYWHERE: LogPlace = { earliest: 0, latest: 100 };

const payment = (amountWei: bigint): Operation => ({
  kind: 'receipt',
  receiptKind: 'call',
  asset: null,
  payer: holder,
  amountWei,
  selector: null,
  origin: originOf({
    ...{ kind: 'call', isCall: true, isDelegateCall: false, from: holder, to: other },
    ...{ valueWei: amountWei, input: '0x', reverted: false, parent: null },
  }),
  ...at,
});
const claim = (snapshotId: bigint): Operation => ({
  kind: 'claim',
  holder,
  snapshotId,
  amountWei: 5n,
  paidInAssets: [],
  ...at,
});
const redemption = (by: Address, burned: bigint): Operation => ({
  kind: 'redemption',
  holder: by,
  burned,
  paidWei: 3n,
  paidInAssets: [],
  ...at,
});
const snapshot = (snapshotId: bigint, place = ANYWHERE): LogStep => ({
  place,
  operation: { kind: 'snapshot', snapshotId, ...at },
});
const transfer = (from: Address, to: Address, amount: bigint, place = ANYWHERE): LogStep => ({
  place,
  operation: { kind: 'transfer', logIndex: 0, from, to, amount, ...at },
});

/** Every order as a word: r receipt, c claim, b redemption, s snapshot, t transfer. */
function orders(
  steps: readonly Operation[],
  logs: readonly LogStep[],
  snapshotFrames: number[] = [],
) {
  const { operations, alternatives } = possibleOrders(
    steps.map((operation, index) => ({ frameIndex: 2 * index, operation })),
    logs,
    snapshotFrames,
  );
  const letters = { receipt: 'r', claim: 'c', redemption: 'b', snapshot: 's', transfer: 't' };
  const letterOf = ({ kind }: Operation) => (kind in letters ? letters[kind as 'claim'] : '?');
  const word = (order: readonly Operation[]) => order.map(letterOf).join('');
  const others = alternatives?.map((order) =>
    word(order.flatMap((index) => operations[index] ?? [])),
  );
  return [word(operations), ...(others?.sort() ?? ['too many'])];
}

describe('which orders of logs and frames a transaction can have', () => {
  it('transfers between holders can be anywhere: any order will do', () => {
    expect(orders([payment(1n), payment(2n)], [transfer(holder, other, 5n)])).toEqual(['trr']);
  });

  it('a snapshot alone has one order, and with money around it as many as there are gaps', () => {
    expect(orders([], [snapshot(1n)])).toEqual(['s']);
    expect(orders([payment(1n), payment(2n)], [snapshot(1n)])).toEqual(['srr', 'rrs', 'rsr']);
  });

  it('a snapshot() frame makes an order the most likely one, and proves nothing', () => {
    expect(orders([payment(1n), payment(2n)], [snapshot(1n)], [1])).toEqual(['rsr', 'rrs', 'srr']);
  });

  it('a place in a call tree leaves one order', () => {
    const place = { earliest: 2, latest: 2 };
    expect(orders([payment(1n), payment(2n)], [snapshot(1n, place)])).toEqual(['rsr']);
  });

  it('bounds of a place leave the orders between them', () => {
    const place = { earliest: 1, latest: 3 };
    const steps = [payment(1n), payment(2n), payment(3n)];
    expect(orders(steps, [snapshot(1n, place)])).toEqual(['rsrr', 'rrsr']);
  });

  it('a claim of a snapshot comes after it, a claim of another one may not', () => {
    expect(orders([claim(2n)], [snapshot(2n)])).toEqual(['sc']);
    expect(orders([claim(1n)], [snapshot(2n)])).toEqual(['sc', 'cs']);
  });

  it('several snapshots keep their order', () => {
    expect(orders([payment(1n)], [snapshot(1n), snapshot(2n)])).toEqual(['ssr', 'rss', 'srs']);
  });

  it('one burn has one order: before its own log', () => {
    expect(orders([redemption(holder, 5n)], [transfer(holder, ZERO_ADDRESS, 5n)])).toEqual(['bt']);
  });

  it('supply that another way burns or mints may change before a redemption or after it', () => {
    const logs = [transfer(holder, ZERO_ADDRESS, 5n), transfer(other, ZERO_ADDRESS, 7n)];
    expect(orders([redemption(other, 7n)], logs)).toEqual(['tbt', 'btt']);
    const minted = [transfer(ZERO_ADDRESS, holder, 9n), transfer(holder, ZERO_ADDRESS, 5n)];
    expect(orders([redemption(holder, 5n)], minted)).toEqual(['tbt', 'btt']);
  });

  it('two burns may be one inside the other', () => {
    const logs = [transfer(holder, ZERO_ADDRESS, 5n), transfer(other, ZERO_ADDRESS, 7n)];
    const found = orders([redemption(holder, 5n), redemption(other, 7n)], logs);
    expect(found).toEqual(['btbt', 'bbtt']);
  });

  it('transfers between holders stay where they are in log order when a snapshot moves', () => {
    const logs = [transfer(holder, other, 1n), snapshot(1n), transfer(other, holder, 1n)];
    expect(orders([payment(1n)], logs)).toEqual(['tstr', 'trst']);
  });

  it('too many orders are not tried', () => {
    const steps = Array.from({ length: 40 }, () => payment(1n));
    const logs = Array.from({ length: 4 }, (_, index) => snapshot(BigInt(index + 1)));
    expect(orders(steps, logs).at(-1)).toBe('too many');
  });
});
