import { type Hex, optionalHex } from '../query/decode.js';
import type { Parameters } from '../query/statement.js';
import { hexColumn, integerColumn, timeColumn, type WhereColumns } from '../query/where.js';
import type { OperationKey } from './operationKey.js';

/** Which end of a list is first. */
export type Direction = 'ASC' | 'DESC';

/** The fields of every operation: where and when it happened. */
export interface OperationRecord {
  /** Row id; unique among all operations of its kind. */
  readonly id: string;
  readonly tokenNumber: number;
  readonly chainId: number;
  readonly block: number;
  readonly timestamp: Date;
  /** `null` for money that no transaction brought. */
  readonly transactionHash: Hex | null;
  readonly transactionIndex: number | null;
  /** Place among the token's operations of the block, in execution order. */
  readonly position: number;
}

/** The columns that every operation has. */
export interface OperationColumns {
  readonly id: string;
  readonly token_number: number;
  readonly chain_id: number;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer | null;
  readonly transaction_index: number | null;
  readonly position: number;
}

/** The fields that every list of operations can be filtered by. */
export interface OperationValues {
  readonly chainId: number;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex | null;
}

export const OPERATION_COLUMNS: WhereColumns<OperationValues> = {
  chainId: integerColumn('w.chain_id'),
  block: integerColumn('o.block_number'),
  timestamp: timeColumn('o."timestamp"'),
  transactionHash: hexColumn('o.transaction_hash'),
};

/** A FROM item and its conditions, for the operations `o` of one window `w`. */
export interface OperationSource {
  readonly from: string;
  readonly where: readonly string[];
  /** Columns that put the operations of one token in chain order. */
  readonly chainOrder: readonly string[];
}

/** Name of an index that exists from the start, or is created after the backfill; `null`: none. */
export type AmountIndex = 'kept' | { readonly deferred: string } | null;

/**
 * A table of the totals of each day that is over and final: `token_number`, `first_block`, `last_block`, `day`, `count`,
 * `sum`, `min`, `max`, and the columns of groups.
 */
export interface KeptDays {
  readonly table: string;
  /** The only amount that is summed, as an expression over the rows `o`. */
  readonly measure: string;
  /** Columns of the days, by the expressions over the rows `o` that they are of. */
  readonly groups: Readonly<Record<string, string>>;
}

/** How rows of a kind are read. */
export interface RowReader<Columns, Row> {
  /** Columns of table `o`, in addition to those of every operation. */
  readonly columns: readonly string[];
  decode(columns: Columns): Row;
}

/** One kind of operation: its table, its filter and how to read a row. */
export interface OperationKind<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter,
> extends RowReader<Columns, Row> {
  readonly table: string;
  /** The column that orders a list by amount. */
  readonly amountColumn: string;
  /** The index that has the rows of each token in the order of `amountColumn`. */
  readonly amountIndex: AmountIndex;
  /** Without them, all rows are added up. */
  readonly keptDays?: KeptDays;
  /** @param direction in which the rows are read in `chainOrder`, if they are */
  source(filter: Filter, parameters: Parameters, direction: Direction): OperationSource;
  amountOf(row: Row): bigint;
  /**
   * Reads the place of the rows and some of their fields; left out: rows are always read whole.
   *
   * @param fields may have names that the rows do not have
   */
  part?(fields: ReadonlySet<string>): RowReader<Columns, Partial<Row> & OperationRecord>;
  /** Whether clients have chosen the columns. */
  readonly isNarrowed?: boolean;
}

/**
 * The same kind, whose rows have no more than their place and some fields.
 *
 * @param fields all that anybody asks of a row, the amount too if it orders the list; `null`: all fields
 */
export function narrowedTo<Columns extends OperationColumns, Row extends OperationRecord, Filter>(
  kind: OperationKind<Columns, Row, Filter>,
  fields: ReadonlySet<string> | null,
): OperationKind<Columns, Row, Filter> {
  if (fields === null || kind.part === undefined) return kind;
  const { columns, decode } = kind.part(fields);
  // The other fields are not asked for: `test/api/lists/everyWhere.test.ts` asks for each.
  return { ...kind, columns, decode: decode as (columns: Columns) => Row, isNarrowed: true };
}

/**
 * The place of a row, and what else is in it.
 *
 * Not by spreading: V8 needs 50 µs to spread two objects of this size into one, and 1 µs to assign one to the other.
 */
export function decodeOperation<Row extends object, More extends object = object>(
  columns: OperationColumns,
  row: Row,
  more?: More,
): OperationRecord & Row & More {
  return Object.assign(placeOf(columns), row, more as More);
}

function placeOf(columns: OperationColumns): OperationRecord {
  return {
    id: columns.id,
    tokenNumber: columns.token_number,
    chainId: columns.chain_id,
    block: columns.block_number,
    timestamp: columns.timestamp,
    transactionHash: optionalHex(columns.transaction_hash),
    transactionIndex: columns.transaction_index,
    position: columns.position,
  };
}

export function operationKey(row: OperationRecord): OperationKey {
  const { chainId, block, tokenNumber, position } = row;
  return { time: row.timestamp.getTime(), chainId, block, tokenNumber, position };
}
