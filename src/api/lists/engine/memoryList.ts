import type { AsOf } from '../../../store/read/chains/asOf.js';
import { compareValues, readKeysetPage, sortedList } from '../../../store/read/query/keysetPage.js';
import type { Where } from '../../../store/read/query/where.js';
import { type WhereGetters, wherePasses } from '../../../store/read/query/wherePasses.js';
import { OrderDirection } from '../../values/enums.js';
import { type Connection, connection } from './connection.js';
import type { CursorCodec } from './cursor.js';
import type { PageArgs } from './inputs.js';
import { pageRequest } from './pagination.js';

/** The position of a row: the value that orders it, then its key. */
type Key = readonly (bigint | string)[];

type Plain = bigint | number | string | boolean | Date;

/** A list that is short enough to be ordered in memory. */
export interface MemoryList<Row, Values extends object, Node> {
  /** Its name and order: a cursor of another list is rejected. */
  readonly list: string;
  readonly rows: readonly Row[];
  readonly getters: WhereGetters<Row, Values>;
  /** The values that order the rows. The last ones are different for all rows. */
  keyOf(row: Row): Key;
  readonly asOf: readonly AsOf[];
  toNode(row: Row): Node;
}

/**
 * A page of a list in memory.
 *
 * @throws GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function memoryList<
  Row,
  Values extends { readonly [Field in keyof Values]: Plain | null },
  Node,
>(
  { list, rows, getters, keyOf, asOf, toNode }: MemoryList<Row, Values, Node>,
  args: PageArgs & {
    readonly where?: Where<Values> | null;
    readonly direction?: OrderDirection;
  },
): Promise<Connection<Node>> {
  const codec = keyCursor(list);
  const request = pageRequest(args, codec);
  const sign = args.direction === OrderDirection.DESC ? -1 : 1;
  const compare = (left: Key, right: Key) => sign * compareKeys(left, right);
  const ordered = rows
    .filter((row) => wherePasses(row, args.where, getters))
    .toSorted((left, right) => compare(keyOf(left), keyOf(right)));
  return connection({
    page: await readKeysetPage(sortedList(ordered, keyOf, compare), request),
    codec,
    asOf,
    keyOf,
    toNode,
    count: async () => ordered.length,
  });
}

function compareKeys(left: Key, right: Key): number {
  for (const [index, value] of left.entries()) {
    const other = right[index];
    // A client may invent a cursor. The page starts at the position that its parts name.
    if (other === undefined || typeof other !== typeof value) return 1;
    const order = compareValues(value, other);
    if (order !== 0) return order;
  }
  return 0;
}

const INTEGER = /^i(-?\d{1,78})$/;
const TEXT = /^t([\w%.~!*'()-]*)$/;

/** The first letter distinguishes numbers from texts. */
function keyCursor(list: string): CursorCodec<Key> {
  return {
    list,
    encode: (key) =>
      key.map((part) => (typeof part === 'bigint' ? `i${part}` : `t${encodeURIComponent(part)}`)),
    decode(parts) {
      const key = parts.map(partOf);
      return key.includes(null) || key.length === 0 ? null : key.filter((part) => part !== null);
    },
  };
}

function partOf(text: string): bigint | string | null {
  const integer = INTEGER.exec(text)?.[1];
  if (integer !== undefined) return BigInt(integer);
  const encoded = TEXT.exec(text)?.[1];
  if (encoded === undefined) return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}

/** Whether conditions name one of the fields, at any depth. Only then are the fields read. */
export function mentions<Values extends object>(
  where: Where<Values> | null | undefined,
  fields: ReadonlySet<string>,
): boolean {
  if (where == null) return false;
  const inner = [...(where._and ?? []), ...(where._or ?? []), ...(where._not ? [where._not] : [])];
  return (
    Object.entries(where).some(([field, value]) => value != null && fields.has(field)) ||
    inner.some((part) => mentions(part, fields))
  );
}
