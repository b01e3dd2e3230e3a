import { registerEnumType } from 'type-graphql';
import { POOL_RULES } from '../../chain/pools/registry.js';
import { type PoolKind as LedgerPoolKind, POOL_KINDS } from '../../ledger/pools/poolKinds.js';
import type { ThroughState } from '../../ledger/pools/split.js';
import { kindEnum } from './kindEnum.js';

/** What each kind works like. */
const POOL_KIND_TEXTS = Object.fromEntries(
  POOL_KINDS.map((kind) => [kind, POOL_RULES[kind].text]),
) as Record<LedgerPoolKind, string>;

export const PoolKind = kindEnum<LedgerPoolKind>(
  'PoolKind',
  'What a pool of depositors works like.',
  POOL_KIND_TEXTS,
);

export const PoolSnapshotState = {
  OPEN: 'OPEN',
  CLAIMED: 'CLAIMED',
  EXPIRED: 'EXPIRED',
  NOTHING: 'NOTHING',
  UNKNOWN: 'UNKNOWN',
} as const satisfies { readonly [State in ThroughState]: State };
registerEnumType(PoolSnapshotState, {
  name: 'PoolSnapshotState',
  description: 'What became of what a snapshot gave to a pool.',
  valuesConfig: {
    OPEN: { description: 'The pool can claim it.' },
    CLAIMED: { description: 'The pool claimed it.' },
    EXPIRED: { description: 'The pool did not claim it in time.' },
    NOTHING: { description: 'The pool had no share of the snapshot.' },
    UNKNOWN: {
      description: 'The shares of a pool before it are not known, as that pool is held.',
    },
  },
});
