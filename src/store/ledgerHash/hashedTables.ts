import type { Table, TableColumn } from '../../model/table.js';
import { TABLES } from '../../model/tables/index.js';

/** The columns of a table that are hashed, in this order. */
export interface HashedTable {
  readonly name: string;
  /** Column with the number that the row's id starts with. */
  readonly number: string;
  /** Times in milliseconds. */
  readonly times: readonly string[];
  /** Bytes, as lower-case hex. */
  readonly bytes: readonly string[];
  /** Numbers, booleans and our own names, as PostgreSQL writes them. */
  readonly values: readonly string[];
  /** Lists of bytes, with commas between them. */
  readonly lists: readonly string[];
  /** Ids of other rows, without the internal number that they start with. */
  readonly references: readonly string[];
}

/**
 * Every table of operations that schema.graphql does not exclude, with all its columns in the order
 * of schema.graphql. A row's id is hashed too, without the internal number. Any change here changes
 * every hash: give the genesis in `ledgerDigest.ts` a new version.
 */
export const HASHED_TABLES: readonly HashedTable[] = TABLES.flatMap((table) =>
  table.isHashed && table.owner !== null ? [hashedTable(table, table.owner)] : [],
);

function hashedTable({ name, columns }: Table, owner: string): HashedTable {
  const known = ['id', owner, 'block_number'];
  const hashed = Object.values(columns).filter(
    (column) => column.isHashed && !known.includes(column.name),
  );
  const names = (kind: keyof HashedTable) =>
    hashed.filter((column) => kindOf(column) === kind).map((column) => column.name);
  return {
    name,
    number: owner,
    times: names('times'),
    bytes: names('bytes'),
    values: names('values'),
    lists: names('lists'),
    references: names('references'),
  };
}

function kindOf({ type, holds }: TableColumn): keyof HashedTable {
  if (holds === 'reference') return 'references';
  if (type === 'timestamptz') return 'times';
  if (type === 'bytea') return 'bytes';
  return type === 'bytea[]' ? 'lists' : 'values';
}
