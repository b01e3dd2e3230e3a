import { POOL_RULES } from '../../chain/pools/registry.js';
import { type PoolKind as LedgerPoolKind, POOL_KINDS } from '../../ledger/pools/poolKinds.js';
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
