import { TABLES } from '../../model/tables/index.js';

/** Tables of the store that schema.graphql does not have (docs/storage.md#tables). */
const OPERATIONAL = [
  'collection',
  'balance_checkpoint',
  'holder',
  'chain_cursor',
  'hot_block',
  'chain_reorg',
  'hash_cursor',
  'deferred_index',
  'partition_layout',
  'detached_token',
  'chain_group',
  'server_term',
  'audit_progress',
  'audit_mismatch',
  'contract_hold',
  'first_audit',
  'snapshot_proof',
  'source_range',
  'code_rehearsal',
  'manifest',
  'label',
  'leaving_books',
  'account_code',
  'account_reading',
  'transfer_day',
  'rank_grid',
  'rank_day',
  'rank_change',
  'factory',
  'factory_contract',
];

/** Filled by migrations: a new database has rows in it. */
export const FILLED_BY_MIGRATIONS = 'deferred_index';

/**
 * Every table that the migrations create, but for the list of migrations itself. A table comes after
 * those that it references.
 */
export const COPIED_TABLES: readonly string[] = [...TABLES.map(({ name }) => name), ...OPERATIONAL];
