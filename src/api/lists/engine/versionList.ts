import type { QueryResultRow } from 'pg';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import { compareValues, readKeysetPage } from '../../../store/read/query/keysetPage.js';
import type { VersionedKey, VersionTable } from '../../../store/read/query/versionPages.js';
import type { Where } from '../../../store/read/query/where.js';
import type { ApiContext } from '../../request/context.js';
import type { OrderDirection } from '../../values/enums.js';
import { type Connection, connection } from './connection.js';
import { rowIdCursor } from './cursor.js';
import type { PageArgs } from './inputs.js';
import { pageRequest } from './pagination.js';
import { assertBounded } from './whereBounds.js';

/** Whose versions, and how to show them. */
export interface VersionSource<
  Columns extends QueryResultRow,
  Version extends { readonly id: string },
  Values extends object,
  Node,
> {
  readonly table: VersionTable<Columns, Version, Values>;
  readonly key: VersionedKey;
  readonly asOf: AsOf;
  toNode(version: Version): Node;
}

/**
 * A page of the versions of an object, in chain order. The lists of all rows of an outer page are
 * read together.
 *
 * @throws GraphQLError `WHERE_TOO_LARGE`, `BAD_PAGE` or `BAD_CURSOR`
 */
export async function versionList<
  Columns extends QueryResultRow,
  Version extends { readonly id: string },
  Values extends object,
  Node,
>(
  { loaders: { versions } }: ApiContext,
  { table, key, asOf, toNode }: VersionSource<Columns, Version, Values, Node>,
  args: PageArgs & { readonly where?: Where<Values> | null; readonly direction: OrderDirection },
): Promise<Connection<Node>> {
  const { where, direction } = args;
  assertBounded(where);
  const codec = rowIdCursor(`${table.name}:${key.contractNumber}:${key.id}`);
  const isAscending = direction === 'ASC';
  const list = {
    keyOf: ({ id }: Version) => id,
    compare: (left: string, right: string) => (isAscending ? 1 : -1) * compareValues(left, right),
    fetch(start: string | null, isBackward: boolean, limit: number) {
      const walked = isAscending === isBackward ? 'DESC' : 'ASC';
      return versions.read(table, key, { where, direction: walked, start, limit });
    },
  };
  return connection({
    page: await readKeysetPage(list, pageRequest(args, codec)),
    codec,
    asOf: [asOf],
    keyOf: list.keyOf,
    toNode,
    count: () => versions.count(table, key, where),
  });
}
