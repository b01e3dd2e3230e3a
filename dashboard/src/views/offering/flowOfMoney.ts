import type { FlowPlace } from '../../charts/flow.js';
import { brokenNodes, type FlowLink } from '../../charts/flowLayout.js';
import type { IncomeSource } from '../../ledger/generated/offering.js';
import type { Texts } from '../../texts/en.js';
import type { Money } from './money.js';

/** Where the money of a token came from and where it is, as a drawing that adds up. */
export interface FlowOfMoney {
  readonly places: readonly FlowPlace[];
  readonly links: readonly FlowLink[];
  /** What the parts and the whole differ by in any place; empty: all adds up. */
  readonly broken: readonly string[];
}

/** Which colour a place has: those of one kind of money share it. */
const MARKS = { source: 0, received: 5, holders: 2, waiting: 3, burning: 4, stuck: 1 } as const;

/**
 * The way of each wei: sources → received → for holders, for burning, or waiting → where it is now.
 *
 * @param bySource what came from where, in all: their sum is what was received
 * @param upstream accrued for the token at oracles, not received yet
 */
export function flowOfMoney(
  { received, claimed, redeemed, waiting, claimable, redeemable, snapshots, hasOlder }: Money,
  bySource: readonly { readonly source: IncomeSource; readonly value: bigint }[],
  upstream: bigint,
  window: number | null,
  t: Texts['offering'],
): FlowOfMoney {
  const stuck = stuckOf(claimable, snapshots, hasOlder, window);
  const place = (id: string, column: number, value: bigint, mark: number, name: string) => ({
    id,
    column,
    value,
    mark,
    name,
  });
  const sources = bySource.map(({ source, value }) =>
    place(`from ${source}`, 0, value, MARKS.source, t.sources[source]),
  );
  const places: FlowPlace[] = [
    ...sources,
    { ...place('upstream', 0, upstream, MARKS.source, t.places.upstream), isOutside: true },
    place('received', 1, received, MARKS.received, t.received),
    place('holders', 2, claimed + claimable, MARKS.holders, t.places.holders),
    place('burning', 2, redeemable + redeemed, MARKS.burning, t.places.burning),
    place('claimed', 3, claimed, MARKS.holders, t.places.claimed),
    place('claimable', 3, claimable - stuck, MARKS.holders, t.places.claimable),
    place('stuck', 3, stuck, MARKS.stuck, t.places.stuck),
    place('waiting', 3, waiting, MARKS.waiting, t.places.newRevenue),
    place('redeemable', 3, redeemable, MARKS.burning, t.places.redeemable),
    place('redeemed', 3, redeemed, MARKS.burning, t.places.redeemed),
  ];
  const values = new Map(places.map(({ id, value }) => [id, value]));
  const link = (from: string, to: string) => ({ from, to, value: values.get(to) ?? 0n });
  const links = [
    ...sources.map(({ id, value }) => ({ from: id, to: 'received', value })),
    link('received', 'holders'),
    link('received', 'waiting'),
    link('received', 'burning'),
    link('holders', 'claimed'),
    link('holders', 'claimable'),
    link('holders', 'stuck'),
    link('burning', 'redeemable'),
    link('burning', 'redeemed'),
  ];
  return { places, links, broken: brokenNodes(places, links) };
}

/**
 * What no holder can claim any more and nothing shares again: what the open snapshots do not explain of the claimable
 * pool. While older snapshots are open that are not listed, it is not separate.
 */
function stuckOf(
  claimable: bigint,
  snapshots: Money['snapshots'],
  hasOlder: boolean,
  window: number | null,
): bigint {
  if (window === null || (hasOlder && window > snapshots.length)) return 0n;
  const open = snapshots
    .filter(({ state }) => state === 'OPEN')
    .reduce((sum, { unclaimedWei }) => sum + unclaimedWei, 0n);
  return claimable - open;
}
