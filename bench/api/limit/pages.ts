import type pg from 'pg';
import { addressAt } from '../../../src/address.js';
import { JoinedRead } from '../../../src/api/reads/joinedRead.js';
import { checksummedQuickly } from '../../../src/api/values/checksums.js';

/** A page of holders by balance, after a cursor; `block`: as of which, `null`: the head. */
export interface PageKey {
  readonly first: number;
  readonly after: string;
  readonly block: number | null;
}

/** A page as one row of arrays: a row for each holder costs more to read than to find. */
interface Row {
  readonly accounts: Buffer | null;
  readonly balances: string | null;
}

const PAGES_TOGETHER = 8;

/** SQL of a page whose rows come from two ranges of an index: same balance, and smaller ones. */
function pageSql(ranges: readonly string[]): string {
  return `SELECT h.accounts, h.balances
    FROM unnest($1::numeric[], $2::bytea[], $3::integer[], $4::integer[])
      WITH ORDINALITY AS k(value, account, block_number, size, ordinal)
    CROSS JOIN LATERAL (
      SELECT string_agg(account, '') AS accounts, string_agg(balance::text, ',') AS balances
      FROM (SELECT * FROM (${ranges.map((range) => `(${range})`).join(' UNION ALL ')}) part
        ORDER BY balance DESC, account LIMIT k.size) ordered
    ) h ORDER BY k.ordinal`;
}

const NEWEST = pageSql([
  `SELECT h.account, h.balance FROM holder h WHERE h.token_number = 1 AND h.balance = k.value
    AND h.account > k.account ORDER BY h.account LIMIT k.size`,
  `SELECT h.account, h.balance FROM holder h WHERE h.token_number = 1 AND h.balance < k.value
    ORDER BY h.balance DESC, h.account LIMIT k.size`,
]);

/** A balance holds at a block if it is not from a later one, and none came in between. */
const HOLDS_AT = `b.token_number = 1 AND b.block_number <= k.block_number AND NOT EXISTS (
  SELECT FROM balance_checkpoint n WHERE n.account = b.account AND n.token_number = 1
    AND n.block_number <= k.block_number
    AND (n.block_number, n."interval") > (b.block_number, b."interval"))`;
const AS_OF = pageSql([
  `SELECT b.account, b.balance FROM balance_checkpoint b WHERE ${HOLDS_AT} AND b.balance = k.value
    AND b.account > k.account ORDER BY b.account LIMIT k.size`,
  `SELECT b.account, b.balance FROM balance_checkpoint b WHERE ${HOLDS_AT} AND b.balance < k.value
    ORDER BY b.balance DESC, b.account LIMIT k.size`,
]);

/** Pages of the list by balance; requests at the same time share a statement. */
export class LimitPages {
  private readonly newest: JoinedRead<PageKey, object>;
  private readonly asOf: JoinedRead<PageKey, object>;

  constructor(db: pg.Pool) {
    const joined = (name: string, text: string) =>
      new JoinedRead<PageKey, object>(
        (keys) => readPages(db, { name, text }, keys),
        ({ first, after, block }) => `${first} ${after} ${block}`,
        { atOnce: 4, together: PAGES_TOGETHER },
      );
    this.newest = joined('page', NEWEST);
    this.asOf = joined('page_as_of', AS_OF);
  }

  async answer(key: PageKey): Promise<object> {
    const [page] = await (key.block === null ? this.newest : this.asOf).read([key]);
    return { holders: page };
  }
}

async function readPages(
  db: pg.Pool,
  statement: { readonly name: string; readonly text: string },
  keys: readonly PageKey[],
): Promise<object[]> {
  const starts = keys.map(({ after }) => Buffer.from(after, 'base64url').toString().split('|'));
  const { rows } = await db.query<Row>({
    ...statement,
    values: [
      starts.map(([, value]) => value),
      starts.map(([, , account = '']) => Buffer.from(account.slice(2), 'hex')),
      keys.map(({ block }) => block),
      keys.map(({ first }) => first + 1),
    ],
  });
  return rows.map((row, index) => pageOf(row, keys[index]?.first ?? 0));
}

function pageOf({ accounts, balances }: Row, first: number): object {
  const found = accounts === null || balances === null ? [] : balances.split(',');
  const nodes = found.slice(0, first).map((balance, index) => ({
    address: checksummedQuickly(addressAt(accounts as Buffer, index)),
    balance,
  }));
  const last = nodes.at(-1);
  const key = last && `holders:1:balance|${last.balance}|${last.address.toLowerCase()}`;
  return {
    nodes,
    pageInfo: {
      hasNextPage: found.length > first,
      endCursor: key === undefined ? null : Buffer.from(key).toString('base64url'),
    },
  };
}
