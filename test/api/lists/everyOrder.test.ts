import { getNamedType, isEnumType } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApiSchema } from '../../../src/api/schema.js';
import type { RunningApi } from '../../../src/api/server.js';
import { runIndexer } from '../../../src/processor/run.js';
import { makeDeferredIndexes } from '../../../src/store/database/deferredIndexes.js';
import { createOffering, liveOffering, offeringConfig } from '../../prove/bookLife.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { fieldsOf, isConnection, partWith } from '../../support/lists.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { type Answer, askData, startTestApi } from '../support.js';

const OPERATIONS = 240;
/** Pages of a list at least, as far as it has two rows for each. */
const PAGES = 10;

type Data = NonNullable<Answer['data']>;

/** Every list, by each of its orders. */
const LISTS = fieldsOf(buildApiSchema()).flatMap(({ type, name, args, field }) => {
  if (!isConnection(getNamedType(field.type))) return [];
  const orders = getNamedType(args.find((arg) => arg.name === 'orderBy')?.type);
  const names = isEnumType(orders) ? orders.getValues().map((value) => value.name) : [''];
  return names.map((order) => [`${type}.${name}`, order, args.map((arg) => arg.name)] as const);
});

/** What a list by a figure shows of its rows, as a path. */
const FIGURES: Readonly<Record<string, string>> = {
  'Query.receipts AMOUNT': 'amountWei',
  'Query.claims AMOUNT': 'amountWei',
  'Query.redemptions AMOUNT': 'amountWei',
  'Query.transfers AMOUNT': 'amount',
  'Query.journal AMOUNT': 'amountWei',
  'Query.requests AMOUNT': 'fee',
  'Query.mints AMOUNT': 'paidWei',
  'Query.saleEntries AMOUNT': 'raiseAmount',
  'Model.payouts AMOUNT': 'amount',
  'Query.participations DEPOSITED': 'deposited',
  'Sale.participations DEPOSITED': 'deposited',
  'Query.poolShares SHARES': 'shares',
  'DepositPool.depositors SHARES': 'shares',
  'DepositPool.snapshots SHARE': 'shareWei',
  'DepositPool.snapshots CLAIMABLE': 'claimableWei',
  'Query.depositPools TOTAL_SHARES': 'totalShares',
  'Query.reorgs DEPTH': 'depth',
  'Query.reorgs ROWS': 'rowsTakenBack',
  'Query.snapshots CLAIMABLE': 'claimableWei',
  'Query.snapshots CLAIMED': 'claimedWei',
  'Query.snapshots NEW_REVENUE': 'newRevenueWei',
  'Query.holders BALANCE': 'balance',
  'Query.holders CLAIMABLE': 'entitlement.totalClaimableWei',
  'Query.holders CLAIMED': 'entitlement.claimedWei',
  'Query.holders REDEEMED': 'entitlement.redeemedWei',
  'Entitlement.snapshotsConnection SHARE': 'shareWei',
  'Entitlement.snapshotsConnection CLAIMABLE': 'claimableWei',
  'Entitlement.snapshotsConnection CLAIMED': 'claimedWei',
};

let databaseUrl: string;
let api: RunningApi;
let places: Readonly<Record<string, string>>;
let scope: { readonly chainId: number; readonly token: string };
let sharing: { readonly token: string; readonly asset: string } | undefined;

beforeAll(async () => {
  const chain = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: 6_000 });
  const offering = await createOffering(chain, 7);
  await liveOffering(offering, OPERATIONS, () => undefined);
  databaseUrl = await freshDatabase();
  await runIndexer({
    chain: offeringConfig(offering),
    databaseUrl,
    toBlock: Number(await chain.rpc.call<string>('eth_blockNumber')),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  api = await startTestApi(databaseUrl);
  const most = async (column: string, from: string) => {
    const sql = `SELECT ${column} AS value FROM ${from} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`;
    const [row] = await query<{ value: string }>(databaseUrl, sql);
    return row?.value ?? '';
  };
  const token = await most(
    `'0x' || encode(t.address, 'hex')`,
    'claim c JOIN token t ON t.number = c.token_number',
  );
  scope = { chainId: chain.chainId, token };
  [sharing] = await query(
    databaseUrl,
    `SELECT '0x' || encode(min(t.address), 'hex') AS token,
       '0x' || encode(min(a.asset), 'hex') AS asset
     FROM revenue_asset a JOIN token t ON t.number = a.token_number
     GROUP BY t.number ORDER BY count(*), 1 LIMIT 1`,
  );
  const holder = await most(`'0x' || encode(holder, 'hex')`, 'claim');
  const request = await most(
    'r.request_id::text',
    `oracle_request r JOIN oracle_result a ON a.contract_number = r.contract_number
       AND a.request_id = r.request_id AND a.id > r.id`,
  );
  await addPools(databaseUrl, token, holder);
  await query(
    databaseUrl,
    `INSERT INTO chain_reorg SELECT ${chain.chainId}, n, n, 2 * n + n % 3, '\\x00', NULL, NULL, n % 7, now()
     FROM generate_series(1, 30) AS n`,
  );
  const work = await most('token_id::text', 'aigc_transfer');
  places = {
    Query: '{ … }',
    Token: `{ tokens(where: { address: { _eq: "${token}" } }) { nodes { … } } }`,
    RevenueAsset: `{ tokens(where: { address: { _eq: "${sharing?.token}" } }) { nodes { assets { … } } } }`,
    Entitlement: `{ holder(address: "${holder}") { positions { entitlement { … } } } }`,
    Model: '{ models(orderBy: REQUESTS, direction: DESC, first: 1) { nodes { … } } }',
    Request: `{ requests(where: { requestId: { _eq: "${request}" } }) { nodes { … } } }`,
    AigcToken: `{ aigcTokens(where: { tokenId: { _eq: "${work}" } }) { nodes { … } } }`,
    DepositPool: '{ depositPools(first: 1) { nodes { … } } }',
    Sale: '{ sales(orderBy: PARTICIPANTS, direction: DESC, first: 1) { nodes { … } } }',
  };
});
afterAll(() => api.close());

/**
 * Two pools of a token in place of two accounts: each recipient of a transfer got as many shares. The offering has no
 * pools.
 */
async function addPools(url: string, token: string, holder: string): Promise<void> {
  const bytes = (address: string) => `decode('${address.slice(2)}', 'hex')`;
  for (const [number, address] of [
    [9_001, holder],
    [9_002, token],
  ] as const) {
    await query(
      url,
      `INSERT INTO deposit_pool (id, number, chain_id, address, kind, token, holds, start_block, mapping)
       SELECT '${number}', ${number}, chain_id, ${bytes(address)}, 'shares', address, address, start_block, '{}'
       FROM token WHERE address = ${bytes(token)} AND chain_id > 0`,
    );
    await query(
      url,
      `INSERT INTO pool_share (id, pool_number, block_number, "timestamp", transaction_hash,
         transaction_index, position, depositor, shares, total_shares)
       SELECT '${number}' || substr(f.id, position('-' IN f.id)), ${number}, f.block_number, f."timestamp",
         f.transaction_hash, f.transaction_index, f.position, f."to", f.amount, f.amount * f.position
       FROM transfer f JOIN token t ON t.number = f.token_number AND t.address = ${bytes(token)}
       WHERE f.transaction_hash IS NOT NULL`,
    );
  }
}

interface Part {
  /** The arguments of the page without its cursor. */
  readonly page: string;
  /** What is asked in addition to the rows. */
  readonly also: string;
  /** The argument that takes the cursor, and the cursor. */
  readonly from?: readonly [argument: string, cursor: string];
}

/** Reads parts of one list in one order, each by a field of its own in one request. */
function readerOf(list: string, order: string, args: readonly string[]) {
  const [type = '', name = ''] = list.split('.');
  const fixed = [
    ...(order === '' ? [] : [`orderBy: ${order}`]),
    ...(args.includes('chainId') && args.some((arg) => arg === 'token' || arg === 'contract')
      ? [`chainId: ${scope.chainId}`]
      : []),
    ...['token', 'contract']
      .filter((arg) => args.includes(arg))
      .map((arg) => `${arg}: "${scope.token}"`),
  ];
  const place = places[type];
  if (place === undefined) throw new RangeError(`lists of ${type} have no place`);
  const figure = (FIGURES[`${list} ${order}`] ?? '__typename').split('.');
  const shown = figure.reduceRight(
    (inner, part) => (inner === '' ? part : `${part} { ${inner} }`),
    '',
  );
  return async (parts: readonly Part[]): Promise<Data[]> => {
    const fields = parts.map(({ page, also, from }, index) => {
      // Cursors are variables: the server prepares each document once, and not for each page.
      const beyond = from === undefined ? [] : [`${from[0]}: $from${index}`];
      const asked = [...fixed, page, ...beyond].join(', ');
      return `part${index}: ${name}(${asked}) { edges { cursor node { ${shown} } } ${also} }`;
    });
    const cursorOf = new Map(
      parts.flatMap(({ from }, index) => (from === undefined ? [] : [[`from${index}`, from[1]]])),
    );
    const declared = [...cursorOf.keys()].map((variable) => `$${variable}: String`).join(', ');
    const data = await askData(
      api,
      `query ${declared === '' ? '' : `(${declared})`} ${place.replace('…', fields.join(' '))}`,
      Object.fromEntries(cursorOf),
    );
    const found = partWith(data, 'part0');
    return parts.map((_, index) => found[`part${index}`]);
  };
}

const cursors = ({ edges }: Data): string[] => edges.map(({ cursor }: Data) => cursor);

/** A list page by page, from one end to the other. */
class Walk {
  readonly found: string[] = [];
  private from: Part['from'];
  isDone = false;

  constructor(
    private readonly direction: string,
    private readonly isBackward: boolean,
    private readonly rows: number,
  ) {}

  next(): Part {
    const large = Math.max(2, Math.ceil((this.rows - 2 * PAGES) / PAGES));
    const size = this.found.length < 2 * PAGES ? 2 : large;
    return {
      page: `direction: ${this.direction}, ${this.isBackward ? 'last' : 'first'}: ${size}`,
      also: `pageInfo { ${this.isBackward ? 'hasPreviousPage startCursor' : 'hasNextPage endCursor'} }`,
      ...(this.from === undefined ? {} : { from: this.from }),
    };
  }

  take(page: Data): void {
    this.found.splice(this.isBackward ? 0 : this.found.length, 0, ...cursors(page));
    const { hasPreviousPage, startCursor, hasNextPage, endCursor } = page.pageInfo;
    this.isDone = !(this.isBackward ? hasPreviousPage : hasNextPage);
    this.from = this.isBackward ? ['before', startCursor] : ['after', endCursor];
  }
}

function figuresOf(list: string, order: string, { edges }: Data): bigint[] {
  const path = FIGURES[`${list} ${order}`];
  if (path === undefined) return [];
  return edges.map(({ node }: Data) =>
    BigInt(path.split('.').reduce((inner, part) => inner[part], node)),
  );
}

/** The whole list in both directions, by pages read on and read back. */
async function wholeOf(list: string, order: string, args: readonly string[]): Promise<string[]> {
  const read = readerOf(list, order, args);
  const [up, down] = await read(
    ['ASC', 'DESC'].map((direction) => ({
      page: `direction: ${direction}, first: 900`,
      also: 'totalCount',
    })),
  );
  expect(up.totalCount).toBe(up.edges.length);
  expect(new Set(cursors(up)).size).toBe(up.totalCount);
  expect(cursors(down)).toEqual(cursors(up).toReversed());
  // All take a step at a time, in one request: a request costs more than a page.
  const walks = [false, true].flatMap((isBackward) => [
    { walk: new Walk('ASC', isBackward, up.totalCount), whole: cursors(up) },
    { walk: new Walk('DESC', isBackward, up.totalCount), whole: cursors(down) },
  ]);
  for (;;) {
    const active = walks.map(({ walk }) => walk).filter(({ isDone }) => !isDone);
    if (active.length === 0) break;
    const pages = await read(active.map((walk) => walk.next()));
    for (const [index, walk] of active.entries()) walk.take(pages[index]);
  }
  for (const { walk, whole } of walks) expect(walk.found).toEqual(whole);
  const figures = figuresOf(list, order, up);
  expect(figures).toEqual(figures.toSorted((left, right) => (left < right ? -1 : 1)));
  return cursors(up);
}

describe('every list in each of its orders', () => {
  test.each(LISTS)('%s %s: pages are in order, without gap or overlap', async (...list) => {
    const whole = await wholeOf(...list);
    // The offering has no prices: prices.test.ts has.
    expect(whole.length > 0).toBe(list[0] !== 'Query.prices');
  });

  test('transfers by amount are the same before and after their index exists', async () => {
    const list = ['Query.transfers', 'AMOUNT', []] as const;
    const before = await wholeOf(...list);
    expect(before.length).toBeGreaterThan(50);
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    expect(await makeDeferredIndexes(client)).toBe(true);
    await client.end();
    expect(await wholeOf(...list)).toEqual(before);
  });

  test('tokens of collections are ordered by collection, then by id', async () => {
    const { aigcTokens } = await askData(
      api,
      '{ aigcTokens(orderBy: TOKEN_ID, first: 1000) { nodes { tokenId collection { address } } } }',
    );
    const nodes = aigcTokens.nodes as { tokenId: string; collection: { address: string } }[];
    const collections = [...new Set(nodes.map(({ collection }) => collection.address))];
    expect(collections.length).toBeGreaterThan(1);
    const sorted = collections.flatMap((address) =>
      nodes
        .filter(({ collection }) => collection.address === address)
        .toSorted((left, right) => (BigInt(left.tokenId) < BigInt(right.tokenId) ? -1 : 1)),
    );
    expect(nodes).toEqual(sorted);
  });

  test('the snapshots of a token in an ERC-20 are a separate list', async () => {
    const fields = 'nodes { snapshotId claimableWei } edges { cursor } totalCount';
    const data = await askData(
      api,
      `query ($token: Address!, $asset: Address!) {
        snapshots(chainId: ${scope.chainId}, token: $token, asset: $asset) { ${fields} }
        tokens(where: { address: { _eq: $token } }) { nodes { assets { snapshots { ${fields} } } } }
      }`,
      { ...sharing },
    );
    expect(data.snapshots.totalCount).toBeGreaterThan(0);
    expect(data.snapshots).toEqual(data.tokens.nodes[0].assets[0].snapshots);
  });
});
