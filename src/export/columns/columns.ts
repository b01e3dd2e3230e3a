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
export function ownerColumns(rowId: string, { hasAmounts = true } = {}): Column[] {
  return [
    column(
      'row_id',
      'text',
      rowId,
      'Identifies the row within the dataset. Rows are sorted by it, and an export continues after it (`cursor`).',
    ),
    column('chain_id', 'integer', 'b.chain_id', 'EIP-155 id of the chain.'),
    column('token', 'address', 'b.token', 'The revenue token.'),
    ...(hasAmounts ? unitColumns('token', 'b.token', 'of the token') : []),
  ];
}

const MAYBE = { isNullable: true };

/**
 * The symbol and the decimals of what amounts are counted in.
 *
 * @param sql of both, without `_symbol` and `_decimals`
 */
export function unitColumns(name: string, sql: string, of: string): Column[] {
  return [
    foreignText(
      `${name}_symbol`,
      `${sql}_symbol`,
      `Symbol ${of}. Null if it has none, or if it may be mistaken for money.`,
    ),
    column(
      `${name}_decimals`,
      'integer',
      `${sql}_decimals`,
      `Decimals ${of}. Null if the contract does not say them.`,
      MAYBE,
    ),
  ];
}

/** A text that somebody else wrote: a contract or a config. It may be missing. */
export function foreignText(name: string, sql: string, description: string): Column {
  return { ...column(name, 'text', sql, description, MAYBE), isForeign: true };
}

/** The column `token` where a row need not belong to one; any other column as it is. */
export function tokenOrNull(owned: Column, description: string): Column {
  return owned.name === 'token' ? { ...owned, isNullable: true, description } : owned;
}

/**
 * The asset of a row, with its unit.
 *
 * @param sql of the asset, as text
 * @param unit the row that has `asset_symbol` and `asset_decimals`
 */
export function assetColumns(
  sql = 'b.asset',
  description = "The asset of the revenue: `native` for the chain's own coin, or the address of an ERC-20.",
  unit = 'b',
): Column[] {
  return [
    column('asset', 'text', sql, description),
    ...unitColumns('asset', `${unit}.asset`, 'of the asset'),
  ];
}

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
