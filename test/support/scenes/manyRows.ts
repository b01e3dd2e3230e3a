import { query } from '../query.js';

/** Expressions over `i`, the number of the row from 1 on, by column. */
type RowSpec = Readonly<Record<string, string>>;

/** What a column that must have a value gets if nothing else is said. */
const BY_TYPE: RowSpec = {
  text: `'x'`,
  bytea: `decode(lpad(to_hex(i), 40, '0'), 'hex')`,
  numeric: 'i',
  integer: 'i',
  bigint: 'i',
  boolean: 'true',
  'timestamp with time zone': `'2025-01-01'::timestamptz + i * interval '12 seconds'`,
  ARRAY: `'{}'`,
};

/** Hashes differ from their first bytes on. */
const BY_NAME: RowSpec = { transaction_hash: 'sha256(int4send(i))' };

/** Text of the row id of an operation in block `i`. */
const idOf = (number: number, position = 0) =>
  `'${String(number).padStart(4, '0')}-' || lpad(i::text, 10, '0') || '-00000${position}'`;

/** Fills a table with rows that differ by their number, and lets the planner know. */
async function fillRows(
  databaseUrl: string,
  table: string,
  count: number,
  given: RowSpec = {},
): Promise<void> {
  const columns = await query<{ name: string; type: string; required: boolean }>(
    databaseUrl,
    `SELECT column_name AS name, data_type AS type, is_nullable = 'NO' AS required
     FROM information_schema.columns WHERE table_name = '${table}'`,
  );
  const values = columns.flatMap(({ name, type, required }) => {
    const value = given[name] ?? BY_NAME[name] ?? (required ? BY_TYPE[type] : undefined);
    return value === undefined ? [] : [[`"${name}"`, value] as const];
  });
  await query(
    databaseUrl,
    `INSERT INTO ${table} (${values.map(([name]) => name).join(', ')})
     SELECT ${values.map(([, value]) => value).join(', ')} FROM generate_series(1, ${count}) AS i`,
  );
  await query(databaseUrl, `VACUUM ANALYZE ${table}`);
}

const [TOKEN, ORACLE, COLLECTION, SALE, FEED, ASSET, POOL] = [1, 2, 3, 4, 5, 6, 7];

/** The id of the model, the request and the token of a collection that have a history. */
export const BUSY_ID = '5';

/** The address of the token, the oracle and the sale that the rows belong to. */
export const FILLED_ADDRESS = `0x${'00'.repeat(19)}01`;

/** Fills an empty database with so many rows of every list; row `i` is in block `i`. */
export async function fillEveryTable(databaseUrl: string, rows: number): Promise<void> {
  const fill = (table: string, count: number, given = {}) =>
    fillRows(databaseUrl, table, count, given);
  const oneOf = (number: number, given = {}) => ({
    id: `'${number}'`,
    number: String(number),
    chain_id: '1',
    ...given,
  });
  await fill('token', 1, oneOf(TOKEN, { policy: `'alt-revenue'`, interval_unit: `'seconds'` }));
  await fill('contract', 1, oneOf(ORACLE, { kind: `'oracle'` }));
  await fill(
    'contract',
    1,
    oneOf(COLLECTION, { kind: `'collection'`, address: `'\\x${'00'.repeat(19)}03'` }),
  );
  await fill('collection', 1, { number: String(COLLECTION) });
  await fill('sale', 1, oneOf(SALE, { kind: `'launchpad'` }));
  await fill('chain_cursor', 1, {
    chain_id: '1',
    height: String(rows),
    timestamp: `'2026-01-01'::timestamptz`,
  });
  await fill('chain_reorg', rows, { chain_id: '1' });
  await fill('block', rows, { id: idOf(1), chain_id: '1' });
  const ofToken = { id: idOf(TOKEN), token_number: String(TOKEN) };
  await fill('receipt', rows, { ...ofToken, kind: `'call'`, source: `'unknown'` });
  await fill('claim', rows, ofToken);
  await fill('redemption', rows, ofToken);
  await fill('transfer', rows, ofToken);
  await fill('balance_checkpoint', rows, { token_number: String(TOKEN) });
  await fill('journal_entry', rows, { ...ofToken, kind: `'receipt'`, asset: `'native'` });
  await fill('holder', rows, {
    token_number: String(TOKEN),
    claimed_wei: 'CASE WHEN i % 2 = 0 THEN i ELSE 0 END',
    redeemed_wei: 'CASE WHEN i % 4 = 0 THEN i ELSE 0 END',
  });
  await fill('snapshot', rows, { ...ofToken, snapshot_id: 'i' });
  await fill('pool_version', rows, { ...ofToken, last_snapshot_id: 'i' });
  const books = { number: String(ASSET), token_number: String(TOKEN) };
  await fill('revenue_asset', 1, { id: `'asset'`, ...books });
  const ofAsset = { id: idOf(ASSET), token_number: String(ASSET) };
  await fill('snapshot', rows, { ...ofAsset, snapshot_id: 'i' });
  await fill('pool_version', rows, { ...ofAsset, last_snapshot_id: 'i' });
  const account = `'claimable/' || i`;
  await fill('posting', rows, { ...ofToken, asset: `'native'`, account });
  const ofOracle = { id: idOf(ORACLE), contract_number: String(ORACLE) };
  await fill('oracle_request', rows, { ...ofOracle, asset: `'native'` });
  await fill('oracle_result', rows, ofOracle);
  const second = { id: idOf(ORACLE, 1), position: '1', request_id: BUSY_ID };
  await fill('oracle_result', rows, { ...ofOracle, ...second });
  const ofModel = { ...ofOracle, model_id: BUSY_ID, asset: `'native'` };
  await fill('model_version', 1, ofModel);
  await fill('model_change', rows, { ...ofModel, kind: `'fee'` });
  await fill('model_payout', rows, { ...ofModel, cause: `'claim'` });
  const ofCollection = { id: idOf(COLLECTION), collection_number: String(COLLECTION) };
  await fill('mint_payment', rows, ofCollection);
  await fill('aigc_token', rows, ofCollection);
  await fill('aigc_transfer', rows, ofCollection);
  const ofBusy = { ...ofCollection, id: idOf(COLLECTION, 1), token_id: BUSY_ID };
  await fill('aigc_transfer', rows, ofBusy);
  await fill('aigc_data', rows, { ...ofCollection, event: `'AigcData'` });
  await fill('aigc_data', rows, { ...ofBusy, event: `'AigcData'` });
  const participant = `decode(lpad(to_hex(i), 40, '0'), 'hex')`;
  const ofSale = { id: idOf(SALE), sale_number: String(SALE), kind: `'deposit'`, participant };
  await fill('sale_entry', rows, ofSale);
  const poolAddress = `'\\x${'00'.repeat(19)}03'`;
  const held = `'\\x${'00'.repeat(19)}01'`;
  const ofPool = { id: idOf(POOL), pool_number: String(POOL) };
  const pool = { kind: `'shares'`, address: poolAddress, token: held, holds: held };
  await fill('deposit_pool', 1, oneOf(POOL, pool));
  await fill('pool_share', rows, ofPool);
  await fill('pool_snapshot', rows, { ...ofPool, snapshot_id: 'i' });
  await fill('price_feed', 1, { ...oneOf(FEED), asset: `'native'`, currency: `'USD'` });
  const ofFeed = { id: idOf(FEED), feed_number: String(FEED) };
  await fill('price_round', rows, ofFeed);
}
