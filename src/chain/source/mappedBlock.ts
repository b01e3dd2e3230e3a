export type { MappedBlock } from './mapBlocks.js';

/** What stands behind the blocks of a range. */
export type ProofKind =
  /** Balance and storage of each contract are the same after each block read and before the next. */
  | 'state'
  /** The same for balances alone. */
  | 'balance'
  /** Every block was read. */
  | 'blocks'
  /** Nothing but the audit at the head. */
  | 'audit';
