import type { OwnedTable } from '../write/operationTables.js';

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
