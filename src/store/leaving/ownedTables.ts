import { TABLES } from '../../model/tables/index.js';

/** A table whose rows belong to an owner (token, contract, asset, feed) and are in the order of their ids. */
export interface OwnedTable {
  readonly name: string;
  /** The column of the owner's number. It and `id` are the primary key. */
  readonly owner: string;
}

/** Every table of operations; a rollback deletes its rows by block. */
export const OPERATION_TABLES: readonly OwnedTable[] = TABLES.flatMap(
  ({ name, owner, isByBlock }) => (isByBlock && owner !== null ? [{ name, owner }] : []),
);

/** Tables of the store with few rows for each token or contract. */
export const SMALL_TABLES: readonly OwnedTable[] = [
  { name: 'snapshot_proof', owner: 'token_number' },
  { name: 'code_rehearsal', owner: 'token_number' },
  { name: 'audit_progress', owner: 'token_number' },
  { name: 'audit_mismatch', owner: 'token_number' },
  { name: 'first_audit', owner: 'token_number' },
  { name: 'account_reading', owner: 'token_number' },
  { name: 'transfer_day', owner: 'token_number' },
  { name: 'rank_grid', owner: 'token_number' },
  { name: 'rank_day', owner: 'token_number' },
  { name: 'rank_change', owner: 'token_number' },
];
