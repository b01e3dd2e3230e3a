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
