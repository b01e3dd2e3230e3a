import type { Column, ColumnType } from './dataset.js';
import { hexText, timeText } from './sqlText.js';

/** What amounts are counted in. */
export const UNITS = {
  asset: 'smallest unit of `asset` (wei where it is `native`)',
  token: 'smallest unit of the token',
  wei: 'wei',
  raise: 'smallest unit of `raise_asset`',
} as const;

interface ColumnOptions {
  readonly isNullable?: boolean;
  readonly unit?: string;
}

/** A column of any type whose SQL is ready. */
export function column(
  name: string,
  type: ColumnType,
  sql: string,
  description: string,
  { isNullable = false, unit }: ColumnOptions = {},
): Column {
  return { name, type, sql, description, isNullable, unit: unit ?? null };
}

/** The values that a column may have, for its description: "`a`, `b` or `c`". */
export function oneOf(values: readonly string[]): string {
  const quoted = values.map((value) => `\`${value}\``);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}

/** 20 bytes as lower-case hex. */
export function address(
  name: string,
  bytes: string,
  description: string,
  options?: ColumnOptions,
): Column {
  return column(name, 'address', hexText(bytes), description, options);
}

/** 32 bytes as lower-case hex. */
export function hash(
  name: string,
  bytes: string,
  description: string,
  options?: ColumnOptions,
): Column {
  return column(name, 'hash', hexText(bytes), description, options);
}

export function time(
  name: string,
  sql: string,
  description: string,
  options?: ColumnOptions,
): Column {
  return column(name, 'timestamp', timeText(sql), description, options);
}

/** An amount as two columns: exact, as decimal text, and the nearest double for plots. */
export function amount(
  name: string,
  sql: string,
  unit: string,
  description: string,
  { isNullable = false, isSigned = false }: { isNullable?: boolean; isSigned?: boolean } = {},
): Column[] {
  return [
    column(name, isSigned ? 'int256' : 'uint256', `(${sql})::text`, description, {
      isNullable,
      unit,
    }),
    column(
      `${name}_f64`,
      'double',
      `(${sql})::double precision`,
      `\`${name}\`, rounded to the nearest double: for plots, never for sums that must be exact.`,
      { isNullable, unit },
    ),
  ];
}

/** The owner of a row: the first columns of every dataset except tax layouts. */
export function ownerColumns(rowId: string): Column[] {
  return [
    column(
      'row_id',
      'text',
      rowId,
      'Identifies the row within the dataset. Rows are sorted by it, and an export continues after it (`cursor`).',
    ),
    column('chain_id', 'integer', 'b.chain_id', 'EIP-155 id of the chain.'),
    column('token', 'address', 'b.token', 'The revenue token.'),
  ];
}

/** The column `token` where a row need not belong to one; any other column as it is. */
export function tokenOrNull(owned: Column, description: string): Column {
  return owned.name === 'token' ? { ...owned, isNullable: true, description } : owned;
}

export const ASSET_COLUMN = column(
  'asset',
  'text',
  'b.asset',
  "The asset of the revenue: `native` for the chain's own coin, or the address of an ERC-20.",
);

/** Block, time and transaction of an operation `o`. */
export function placeColumns({ isUntraced = false } = {}): Column[] {
  const reason = isUntraced ? ' Null where no transaction brought the money.' : '';
  return [
    column('block_number', 'integer', 'o.block_number', 'Block of the operation.'),
    time('block_time', 'o."timestamp"', 'Time of the block, UTC.'),
    hash('transaction_hash', 'o.transaction_hash', `The transaction.${reason}`, {
      isNullable: isUntraced,
    }),
    column(
      'transaction_index',
      'integer',
      'o.transaction_index',
      `Index of the transaction in the block.${reason}`,
      { isNullable: isUntraced },
    ),
    column(
      'position',
      'integer',
      'o.position',
      'Position of the operation among the operations of its contract in the block, in execution order.',
    ),
  ];
}
