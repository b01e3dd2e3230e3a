import { ZERO_ADDRESS } from '../../address.js';
import type {
  Operation,
  OrderedOperations,
  Receipt,
  SnapshotTaken,
  TokenTransfer,
} from './operation.js';
import type { LogPlace } from './tree/frames.js';

/** An operation that a frame made, with the number of the frame at which it takes effect. */
export interface FrameStep {
  readonly frameIndex: number;
  readonly operation: Operation;
}

/** An operation that a log tells. */
export interface LogStep {
  readonly place: LogPlace;
  readonly operation: TokenTransfer | SnapshotTaken | Receipt;
}

/** How many orders are tried at most. */
const MOST_ORDERS = 500;

/** How many of the frame operations come before a log: at least, at most and most likely. */
interface Slot {
  low: number;
  high: number;
  likely: number;
}

/**
 * Finds every order of the operations of one transaction that its record allows, and that may give
 * other figures than the most likely one.
 *
 * @param steps in the order of their frames
 * @param logs in log order
 * @param snapshotFrames numbers of the frames that called `snapshot()`
 */
export function possibleOrders(
  steps: readonly FrameStep[],
  logs: readonly LogStep[],
  snapshotFrames: readonly number[],
): OrderedOperations {
  const slots = logs.map(({ place }) => ({
    low: stepsBefore(steps, place.earliest),
    high: stepsBefore(steps, place.latest),
    likely: 0,
  }));
  if (steps.length > 0 && logs.some(({ operation }) => canDecide(operation))) {
    burnsComeBeforeTheirLogs(steps, logs, slots);
    snapshotsComeBeforeTheirClaims(steps, logs, slots);
  }
  guessLikely(steps, logs, slots, snapshotFrames);
  const likely = slots.map((slot) => slot.likely);
  const operations = merged(steps, logs, likely);
  const open = slots.flatMap((slot, index) => (isOpen(steps, logs[index], slot) ? [index] : []));
  if (open.length === 0) return { operations, alternatives: [] };
  const orders = enumerate(steps, logs, slots, open);
  const indexOf = new Map(operations.map((operation, index) => [operation, index]));
  const own = signature(steps, logs, open, likely);
  const alternatives = orders?.flatMap((order) =>
    signature(steps, logs, open, order) === own
      ? []
      : [merged(steps, logs, order).map((operation) => indexOf.get(operation) ?? 0)],
  );
  return { operations, alternatives: alternatives ?? null };
}

function stepsBefore(steps: readonly FrameStep[], framesEntered: number): number {
  let count = 0;
  while ((steps[count]?.frameIndex ?? Number.MAX_SAFE_INTEGER) < framesEntered) count++;
  return count;
}

/** Whether any operation of a frame gives other figures before than after this one. */
function canDecide(operation: LogStep['operation']): boolean {
  if (operation.kind !== 'transfer') return true;
  const { from, to, amount } = operation;
  return amount > 0n && (from === ZERO_ADDRESS) !== (to === ZERO_ADDRESS);
}

/**
 * Whether the order of the two can change a figure. All that moves money or pools does so around a
 * snapshot. Only a redemption depends on the supply, which mints and burns change.
 */
function decides(log: LogStep['operation'], { kind }: Operation): boolean {
  if (log.kind === 'snapshot') return true;
  if (kind === 'redemption') return canDecide(log);
  return log.kind === 'receipt' && kind.startsWith('asset-');
}

function isOpen(
  steps: readonly FrameStep[],
  log: LogStep | undefined,
  { low, high }: Slot,
): boolean {
  if (log === undefined) return false;
  return steps.slice(low, high).some(({ operation }) => decides(log.operation, operation));
}

/**
 * A redemption pays by the supply before its own `Transfer` to the zero address. What it paid
 * proves that when it is booked; another payment is refused.
 */
function burnsComeBeforeTheirLogs(
  steps: readonly FrameStep[],
  logs: readonly LogStep[],
  slots: readonly Slot[],
): void {
  const taken = new Set<number>();
  steps.forEach(({ operation }, step) => {
    if (operation.kind !== 'redemption') return;
    const own = logs.findIndex(
      ({ operation: log }, index) =>
        !taken.has(index) &&
        log.kind === 'transfer' &&
        log.to === ZERO_ADDRESS &&
        log.from === operation.holder &&
        log.amount === operation.burned,
    );
    const slot = slots[own];
    if (slot === undefined) return;
    taken.add(own);
    if (step + 1 <= slot.high) slot.low = Math.max(slot.low, step + 1);
  });
  let before = 0;
  for (const slot of slots) {
    before = Math.max(before, slot.low);
    if (before <= slot.high) slot.low = before;
  }
}

/** Nothing can be claimed of a snapshot that is not taken yet. */
function snapshotsComeBeforeTheirClaims(
  steps: readonly FrameStep[],
  logs: readonly LogStep[],
  slots: readonly Slot[],
): void {
  logs.forEach(({ operation: log }, index) => {
    const slot = slots[index];
    if (log.kind !== 'snapshot' || slot === undefined) return;
    const claim = steps.findIndex(
      ({ operation }) => operation.kind === 'claim' && operation.snapshotId === log.snapshotId,
    );
    if (claim >= slot.low) slot.high = Math.min(slot.high, claim);
  });
  let after = steps.length;
  for (const slot of [...slots].reverse()) {
    after = Math.min(after, slot.high);
    if (after >= slot.low) slot.high = after;
  }
}

/** By the k-th rule where there is a `snapshot()` frame for each log, else as early as can be. */
function guessLikely(
  steps: readonly FrameStep[],
  logs: readonly LogStep[],
  slots: readonly Slot[],
  snapshotFrames: readonly number[],
): void {
  const snapshots = logs.filter(({ operation }) => operation.kind === 'snapshot').length;
  const hasFrames = snapshots === snapshotFrames.length;
  let snapshot = 0;
  let before = 0;
  slots.forEach((slot, index) => {
    let guess = before;
    if (logs[index]?.operation.kind === 'snapshot' && hasFrames) {
      guess = stepsBefore(steps, snapshotFrames[snapshot++] ?? 0);
    }
    slot.likely = Math.max(before, slot.low, Math.min(guess, slot.high));
    before = slot.likely;
  });
}

/** Slots of all logs for every order of the open ones; `null` if there are too many. */
function enumerate(
  steps: readonly FrameStep[],
  logs: readonly LogStep[],
  slots: readonly Slot[],
  open: readonly number[],
): number[][] | null {
  const orders: number[][] = [];
  const choose = (at: number, before: number, chosen: readonly number[]): boolean => {
    const index = open[at];
    if (index === undefined) {
      orders.push(allSlots(slots, new Map(open.map((log, n) => [log, chosen[n] ?? 0]))));
      return orders.length <= MOST_ORDERS;
    }
    const { low = 0, high = 0 } = slots[index] ?? {};
    const log = logs[index]?.operation;
    let isNew = true;
    for (let slot = Math.max(low, before); slot <= high; slot++) {
      const passed = steps[slot - 1];
      if (slot > Math.max(low, before) && log !== undefined && passed !== undefined) {
        isNew = decides(log, passed.operation);
      }
      if (isNew && !choose(at + 1, slot, [...chosen, slot])) return false;
    }
    return true;
  };
  return choose(0, 0, []) ? orders : null;
}

/** Puts the logs whose place decides nothing between those whose place was chosen. */
function allSlots(slots: readonly Slot[], chosen: ReadonlyMap<number, number>): number[] {
  const order = slots.map(({ likely }, index) => chosen.get(index) ?? likely);
  let next = Number.MAX_SAFE_INTEGER;
  for (let index = order.length - 1; index >= 0; index--) {
    next = chosen.get(index) ?? Math.min(next, order[index] ?? 0);
    order[index] = next;
  }
  let before = 0;
  return order.map((slot) => {
    before = Math.max(before, slot);
    return before;
  });
}

/** Orders with the same signature give the same figures. */
function signature(
  steps: readonly FrameStep[],
  logs: readonly LogStep[],
  open: readonly number[],
  order: readonly number[],
): string {
  return open
    .map((index) => {
      const log = logs[index]?.operation;
      const before = steps.slice(0, order[index]);
      return before.filter(({ operation }) => log !== undefined && decides(log, operation)).length;
    })
    .join();
}

/** The operations in one order. */
function merged(
  steps: readonly FrameStep[],
  logs: readonly LogStep[],
  order: readonly number[],
): Operation[] {
  const all: Operation[] = [];
  let next = 0;
  logs.forEach(({ operation }, index) => {
    for (; next < (order[index] ?? 0); next++) all.push(operationOf(steps, next));
    all.push(operation);
  });
  for (; next < steps.length; next++) all.push(operationOf(steps, next));
  return all;
}

function operationOf(steps: readonly FrameStep[], index: number): Operation {
  const step = steps[index];
  if (step === undefined) throw new Error(`operation ${index} of ${steps.length}`);
  return step.operation;
}
