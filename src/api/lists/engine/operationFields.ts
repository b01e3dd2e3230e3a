import { ID } from 'type-graphql';
import type { TableColumn } from '../../../model/table.js';
import { OPERATION_COLUMNS } from '../../../store/read/operations/operation.js';
import { type FilterField, field, optional, shown } from './field.js';
import { BLOCK, COUNT, HASH, TIME } from './fieldKinds.js';
import { DateTimeRange, IntRange } from './inputs.js';

const TRANSACTION = 'Its transaction; null for money that no transaction brought.';

/** The fields that every list of operations can be filtered by. */
export const WHERE_AND_WHEN = {
  chainId: field(BLOCK, 'EIP-155 chain id.', OPERATION_COLUMNS.chainId),
  block: field(BLOCK, 'Block number.', OPERATION_COLUMNS.block),
  timestamp: field(TIME, 'Time of the block.', OPERATION_COLUMNS.timestamp),
  transactionHash: optional(HASH, 'Its transaction.', OPERATION_COLUMNS.transactionHash),
};

/** The place of an operation, as its type shows it. */
export const PLACE = {
  id: shown(ID, 'Unique among the operations of its kind; sorts in the order of the chain.'),
  block: field(BLOCK, 'Block number.'),
  timestamp: field(TIME, 'Time of the block.'),
  transactionHash: optional(HASH, TRANSACTION),
  transactionIndex: optional(COUNT, 'Index of the transaction in its block.'),
  position: field(COUNT, "Place among the contract's operations of the block, in their order."),
};

/** The place of operations that are always in a transaction. */
export const PLACE_IN_TRANSACTION = {
  ...PLACE,
  transactionHash: { ...PLACE.transactionHash, isNullable: false, text: 'Its transaction.' },
  transactionIndex: { ...PLACE.transactionIndex, isNullable: false },
};

/** The columns of a table whose rows belong to a block. */
interface PlacedTable {
  readonly columns: Readonly<Record<'blockNumber' | 'timestamp' | 'transactionHash', TableColumn>>;
}

/** The columns for the place of the rows of a table. */
export function placeIn({ columns }: PlacedTable) {
  return {
    block: field(BLOCK, 'Block number.', columns.blockNumber),
    timestamp: field(TIME, 'Time of the block.', columns.timestamp),
    transactionHash: field(HASH, 'Its transaction.', columns.transactionHash),
  };
}

/** The fields of every filter of operations. */
export const CHAIN_FILTER = {
  chainId: { input: BLOCK.type, text: 'Only this chain (EIP-155 id).' },
} satisfies Record<string, FilterField>;

export const TIME_FILTER = {
  block: { input: IntRange, text: 'Only blocks in this range.' },
  timestamp: { input: DateTimeRange, text: 'Only times in this range.' },
} satisfies Record<string, FilterField>;
