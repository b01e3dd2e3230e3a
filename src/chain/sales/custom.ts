import { EventFragment, Interface, type Result } from 'ethers';
import type { Address } from '../../address.js';
import type { CustomEntry, CustomSale } from '../../config/sales/customSale.js';
import type { TransactionRecord } from '../reading/tree/frames.js';
import type { SaleAdapter, SaleContract } from './adapter.js';
import type { SaleEntry } from './entry.js';
import { decodeLog, logsOf } from './logs.js';
import type { SaleRules } from './saleKind.js';

/**
 * A sale that imo.yaml describes by the events of its ABI: no code for it is needed. Where
 * the mapping names no purchase and no allocation, tokens are allocated when they are
 * claimed; where it names no token claim, purchases are paid out at once.
 */
export const custom: SaleRules = {
  text: 'Described in imo.yaml by its ABI and a mapping of its events.',
  readFrom: 'the events of an ABI, as a mapping in `imo.yaml` says',
  termsFrom: 'the config',
  terms: null,
  // Which views it has, its author knows.
  views: null,
  adapter,
};

function adapter(sale: SaleContract, { events }: CustomSale): SaleAdapter {
  const all = events.flatMap(({ entries }) => entries);
  const rules = {
    isDelivered: !all.some(({ kind }) => kind === 'token-claim'),
    allocatesAtClaim: !all.some(({ kind }) => kind === 'purchase' || kind === 'allocation'),
  };
  const byTopic = new Map(
    events.map(({ fragment, entries }) => {
      const event = EventFragment.from(fragment);
      return [event.topicHash, { codec: new Interface([event]), event, entries }] as const;
    }),
  );
  const topicCounts = new Map(
    [...byTopic].map(([topic, { event }]) => [
      topic,
      [1 + event.inputs.filter(({ indexed }) => indexed).length],
    ]),
  );
  return {
    topics: [...byTopic.keys()],
    needsFrames: false,
    raisedView: null,
    custody: { paidTo: 'escrow', mayHoldMore: true },
    entriesOf(record) {
      return logsOf(record, sale, topicCounts).flatMap((log) => {
        const known = byTopic.get(log.topics[0] ?? '');
        if (known === undefined) return [];
        const values = decodeLog(record, sale, log, ({ data, topics }) =>
          known.codec.decodeEventLog(known.event, data, topics),
        );
        return known.entries.flatMap((entry) => entriesFrom(record, entry, values, rules));
      });
    },
  };
}

function entriesFrom(
  record: TransactionRecord,
  { kind, participant, caller, raiseAmount, tokenAmount }: CustomEntry,
  values: Result,
  rules: { readonly isDelivered: boolean; readonly allocatesAtClaim: boolean },
): SaleEntry[] {
  const entry: SaleEntry = {
    kind,
    participant: addressIn(values, participant),
    caller: addressIn(values, caller),
    raiseAmount: amountIn(values, raiseAmount),
    tokenAmount: amountIn(values, tokenAmount),
    isDelivered: kind === 'purchase' && rules.isDelivered,
    transactionIndex: record.transactionIndex,
    transactionHash: record.transactionHash,
  };
  // One event may stand for several entries, some of which moved nothing this time.
  const isEmpty = entry.raiseAmount === 0n && entry.tokenAmount === 0n;
  if (isEmpty && kind !== 'finalisation') return [];
  const isAllocation = kind === 'token-claim' && rules.allocatesAtClaim;
  return isAllocation ? [{ ...entry, kind: 'allocation' }, entry] : [entry];
}

function addressIn(values: Result, field: string | null): Address | null {
  if (field === null) return null;
  return String(values.getValue(field)).toLowerCase() as Address;
}

function amountIn(values: Result, field: string | null): bigint {
  return field === null ? 0n : BigInt(values.getValue(field));
}
