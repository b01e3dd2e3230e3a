import { TABLES } from '../../model/tables/index.js';
import { PARTITIONED_TABLES } from '../partitions/partitions.js';

/** Where a Citus cluster keeps a table. */
export type TableKind = 'distributed' | 'reference' | 'local';

/** The tables of the store alone that say something about a chain or the database. They stay on the coordinator. */
const LOCAL_TABLES = [
  'chain_reorg',
  'deferred_index',
  'detached_token',
  'factory',
  'factory_contract',
  'first_audit',
  'audit_mismatch',
  'audit_progress',
  'hash_cursor',
  'hot_block',
  'ledger_hash',
  'leaving_books',
  'manifest',
  'migrations',
  'partition_layout',
  'server_term',
  'source_range',
] as const;

/** Those of the store alone that statements read together with the large tables. */
const REFERENCE_TABLES = [
  'account_code',
  'account_reading',
  'chain_cursor',
  'chain_group',
  'code_rehearsal',
  'collection',
  'contract_hold',
  'label',
  'rank_change',
  'rank_day',
  'rank_grid',
  'snapshot_proof',
  'transfer_day',
] as const;

const LARGE: ReadonlySet<string> = new Set(PARTITIONED_TABLES);
const LOCAL: ReadonlySet<string> = new Set(LOCAL_TABLES);

/**
 * Which kind each table of the schema is, the one declaration of it. The large tables, those that can also be
 * partitioned, are distributed by the number of their owner (`token_number`), so that the rows of one owner are
 * on one node. The others that have rows of contracts are on every node.
 */
export const TABLE_KINDS: ReadonlyMap<string, TableKind> = new Map(
  [...TABLES.map(({ name }) => name), ...PARTITIONED_TABLES, ...REFERENCE_TABLES, ...LOCAL_TABLES]
    .toSorted()
    .map((name) => [name, kindOf(name)]),
);

function kindOf(name: string): TableKind {
  if (LARGE.has(name)) return 'distributed';
  return LOCAL.has(name) ? 'local' : 'reference';
}

/** The column that rows of distributed tables are placed by. */
export const DISTRIBUTED_BY = 'token_number';
