import { addressAt, addressBytes } from '../../../address.js';
import type { AsOf } from '../chains/asOf.js';
import type { Direction } from '../operations/operation.js';
import { type Page, type PageRequest, readKeysetPage } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { REVISION } from '../query/revision.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import { BALANCES_ARE_INDEXED } from './balanceWalk.js';
import { newestCheckpoint } from './checkpointWalk.js';
import { compareHolders } from './holderPage.js';
import type { HolderKey, ListedHolder } from './holderRows.js';

/** The list by balance as of an earlier block. */
export interface HolderAsOfQuery {
  readonly tokenNumber: number;
  readonly asOf: AsOf;
  readonly minBalance?: bigint | null | undefined;
  readonly maxBalance?: bigint | null | undefined;
  /** `DESC`: largest first. */
  readonly direction: Direction;
  /** Called when a statement begins. @returns takes the revision of the database that it saw */
  readonly watch: () => (revision: string | null) => void;
}

/** Balances to read first for each row of the page: some of them did not hold at the block. */
const LOOKED_FOR_A_ROW = 1.5;
/** If they do not fill the page, so many times as many are read. */
const GROWTH = 10;
/** Half a second. Only accounts that moved tokens very often, with much, make it so many. */
const LOOKED_AT_MOST = 200_000;

/** Balances do not settle the page: the index is not there yet, or too few of its balances held at the block. */
class NotByIndexError extends Error {
  override readonly name = 'NotByIndexError';
}

/**
 * Reads a page of a token's holders by balance as of any block from an index of all balances that anybody ever had:
 * it walks along them in the order of the list and keeps those that held at the block.
 *
 * @returns `null` if the index is not there, or too many balances on the way did not hold at the block
 */
export async function readHolderPageAsOf(
  db: Queryable,
  query: HolderAsOfQuery,
  request: PageRequest<HolderKey>,
): Promise<Page<ListedHolder> | null> {
  const isDescending = query.direction === 'DESC';
  try {
    return await readKeysetPage(
      {
        keyOf: ({ value, account }) => ({ value, account }),
        compare: (left, right) => (isDescending ? 1 : -1) * compareHolders(left, right),
        fetch: (start: HolderKey | null, isBackward, limit) =>
          readBeyond(db, query, { start, isDescending: isDescending !== isBackward, limit }),
      },
      request,
    );
  } catch (error) {
    if (error instanceof NotByIndexError) return null;
    throw error;
  }
}

interface Part {
  /** Only holders after it; `null`: from the start. */
  readonly start: HolderKey | null;
  /** Largest first, and the lowest account first among equal ones; or exactly the reverse. */
  readonly isDescending: boolean;
  readonly limit: number;
}

/** @throws NotByIndexError */
async function readBeyond(
  db: Queryable,
  query: HolderAsOfQuery,
  part: Part,
): Promise<ListedHolder[]> {
  let looked = Math.ceil(LOOKED_FOR_A_ROW * (part.limit + 1));
  for (;;) {
    const seen = query.watch();
    const walk = await readWalk(db, query, part, looked);
    seen(walk.revision);
    if (walk.rows.length >= part.limit || walk.isWhole) return walk.rows;
    if (looked >= LOOKED_AT_MOST) throw new NotByIndexError();
    looked = Math.min(LOOKED_AT_MOST, looked * GROWTH);
  }
}

interface Row {
  readonly is_indexed: boolean;
  readonly revision: string | null;
  readonly is_whole: boolean;
  readonly accounts: Buffer | null;
  readonly balances: string | null;
}

/**
 * The first holders of a part, as far as so many balances settle them. Each account on the way is looked up once; it
 * belongs to the part if its balance at the block is one of those walked along.
 */
async function readWalk(
  db: Queryable,
  { tokenNumber, asOf, minBalance, maxBalance }: HolderAsOfQuery,
  { start, isDescending, limit }: Part,
  looked: number,
): Promise<{ rows: ListedHolder[]; isWhole: boolean; revision: string | null }> {
  const parameters = new Parameters();
  const token = parameters.add(tokenNumber);
  const block = parameters.add(asOf.block);
  const bounds = (balance: string) => [
    ...(minBalance == null ? [] : [`${balance} >= ${parameters.add(minBalance)}::numeric`]),
    ...(maxBalance == null ? [] : [`${balance} <= ${parameters.add(maxBalance)}::numeric`]),
  ];
  const [next, past] = isDescending ? ['<', '>'] : ['>', '<'];
  const order = isDescending ? 'balance DESC, account' : 'balance, account DESC';
  const reverse = isDescending ? 'balance, account DESC' : 'balance DESC, account';
  const most = `${parameters.add(looked)}::bigint`;
  const all = [`token_number = ${token}`, `block_number <= ${block}`, ...bounds('balance')];
  const value = start === null ? '' : `${parameters.add(start.value)}::numeric`;
  const account = start === null ? '' : `${parameters.add(addressBytes(start.account))}::bytea`;
  const ranges =
    start === null
      ? [all]
      : [
          [...all, `balance = ${value}`, `account ${past} ${account}`],
          [...all, `balance ${next} ${value}`],
        ];
  const walked = ranges.map(
    (conditions) => `(SELECT account, balance FROM balance_checkpoint
      WHERE ${[...conditions, BALANCES_ARE_INDEXED].join(' AND ')} ORDER BY ${order} LIMIT ${most})`,
  );
  const isBeyond = (balance: string, of: string, key: readonly [string, string]) =>
    `(${balance} ${next} ${key[0]} OR (${balance} = ${key[0]} AND ${of} ${past} ${key[1]}))`;
  const inside = [
    ...bounds('c.balance'),
    ...(start === null ? [] : [isBeyond('c.balance', 'd.account', [value, account])]),
    // Beyond the last balance of the walk, others may come in between.
    `(e.is_whole OR NOT ${isBeyond('c.balance', 'd.account', ['e.balance', 'e.account'])})`,
  ];
  const [row] = await readComposedRows<Row>(
    db,
    'holders_as_of',
    `WITH walked AS MATERIALIZED (
       SELECT * FROM (${walked.join(' UNION ALL ')}) w ORDER BY ${order} LIMIT ${most}
     )
     SELECT ${BALANCES_ARE_INDEXED} AS is_indexed, ${REVISION} AS revision, e.is_whole,
       p.accounts, p.balances
     FROM (SELECT count(*) < ${most} AS is_whole,
         (SELECT balance FROM walked ORDER BY ${reverse} LIMIT 1) AS balance,
         (SELECT account FROM walked ORDER BY ${reverse} LIMIT 1) AS account
       FROM walked) e
     CROSS JOIN LATERAL (
       SELECT string_agg(account, '') AS accounts, string_agg(balance::text, ',') AS balances
       FROM (
         SELECT d.account, c.balance
         FROM (SELECT DISTINCT account, ${token}::integer AS token_number FROM walked) d
         CROSS JOIN LATERAL (${newestCheckpoint('d', block)}) c
         WHERE ${inside.join(' AND ')}
         ORDER BY ${isDescending ? 'c.balance DESC, d.account' : 'c.balance, d.account DESC'}
         LIMIT ${parameters.add(limit)}
       ) o
     ) p`,
    parameters,
  );
  if (row?.is_indexed !== true) throw new NotByIndexError();
  return { rows: decode(row), isWhole: row.is_whole, revision: row.revision };
}

function decode({ accounts, balances }: Row): ListedHolder[] {
  if (accounts === null || balances === null) return [];
  return balances.split(',').map((text, index) => {
    const balance = BigInt(text);
    return { account: addressAt(accounts, index), balance, value: balance };
  });
}
