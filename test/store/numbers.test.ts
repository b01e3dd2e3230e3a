import { expect, test } from 'vitest';
import { migrate } from '../../src/store/database/migrate.js';
import { revertLastMigration } from '../../src/store/database/migrationLibrary.js';
import { connectClient } from '../../src/store/database/postgres.js';
import {
  blockId,
  blockSql,
  lastOperationId,
  numberSql,
  operationId,
  parseOperationId,
  positionSql,
  postingId,
} from '../../src/store/ids.js';
import { readEntryPrices } from '../../src/store/read/prices/entryPrices.js';
import { nextNumber } from '../../src/store/registry/contracts.js';
import { insertPriceFeed } from '../../src/store/registry/priceFeeds.js';
import { appendRound } from '../../src/store/write/rows/priceRows.js';
import { RowBuffer } from '../../src/store/write/rows/rowBuffer.js';
import { appendCheckpoint, appendTransfer } from '../../src/store/write/rows/transferRows.js';
import { freshDatabase, query } from '../support/databases/postgres.js';

const LAST = Number.MAX_SAFE_INTEGER;
const NUMBERS = [1, 9_999, 10_000, 10_004, 99_999, 2 ** 31 - 1];
const BLOCKS = [0, 1, 2 ** 31 - 1, 2 ** 31, 9_999_999_999, 10_000_000_000, LAST - 1, LAST];
const POSITIONS = [0, 999_997, 999_998, 999_999, 1_000_000, 2 ** 31 - 1];
const ACCOUNT = `0x${'a1'.repeat(20)}` as const;
const OTHER = `0x${'b2'.repeat(20)}` as const;
const HASH = `0x${'cd'.repeat(32)}`;
const TIME = '2026-01-01T00:00:00.000Z';

test('ids sort by number, block and position on both sides of every boundary', () => {
  const ids = NUMBERS.flatMap((number) =>
    BLOCKS.flatMap((block) => POSITIONS.map((position) => operationId(number, block, position))),
  );
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const number of NUMBERS) {
    for (const [index, block] of BLOCKS.entries()) {
      const bound = lastOperationId(number, block);
      expect(postingId(operationId(number, block, 2 ** 31 - 1), 12) < bound).toBe(true);
      const next = BLOCKS[index + 1];
      if (next !== undefined) expect(bound < operationId(number, next, 0)).toBe(true);
    }
  }
  expect(operationId(1, 18_500_000, 3)).toBe('0001-0018500000-000003');
  expect(operationId(10_004, 2 ** 31, 1_000_000)).toBe(
    'a0000000000010004-2147483648-a0000000001000000',
  );
});

test('an id is parsed into its parts, and other texts are rejected', () => {
  for (const number of NUMBERS) {
    for (const block of BLOCKS) {
      expect(parseOperationId(operationId(number, block, 1_000_000))).toEqual({
        tokenNumber: number,
        block,
        position: 1_000_000,
      });
    }
  }
  const others = ['10004-0000000001-000001', '0001-a9007199254740992-000001', '0001-1-1', ''];
  for (const text of others) expect(parseOperationId(text)).toBeNull();
  expect(() => operationId(1, LAST + 1, 0)).toThrow('cannot be part of a row id');
});

test('a value that a 32-bit column cannot hold is refused with a code before it is written', () => {
  const refused = (work: () => unknown) =>
    expect(work).toThrow(expect.objectContaining({ code: 'ID_OUT_OF_RANGE' }));
  refused(() => operationId(2 ** 31, 1, 0));
  refused(() => operationId(1, 1, 2 ** 31));
  const rows = new RowBuffer();
  const transfer = (position: number, logIndex: number) => {
    const place = { tokenNumber: 1, blockNumber: 1, timestamp: TIME, transactionHash: HASH };
    const whole = { ...place, transactionIndex: 0, position };
    appendTransfer(rows, whole, logIndex, { from: ACCOUNT, to: OTHER, amount: 1n });
  };
  transfer(2 ** 31 - 1, 2 ** 31 - 1);
  refused(() => transfer(2 ** 31, 0));
  refused(() => transfer(0, 2 ** 31));
  refused(() => appendCheckpoint(rows, 1, ACCOUNT, 1, 2 ** 31, 1n));
});

test('SQL makes the ids that the program makes', async () => {
  const url = await freshDatabase();
  const rows = await query<{ id: string; expected: string }>(
    url,
    `SELECT ${numberSql('n')} || '-' || ${blockSql('b')} || '-' || ${positionSql('p')} AS id, expected
     FROM (VALUES ${NUMBERS.flatMap((number) =>
       BLOCKS.map(
         (block) => `(${number}, ${block}, 1000000, '${operationId(number, block, 1_000_000)}')`,
       ),
     ).join(', ')}) AS v(n, b, p, expected)`,
  );
  for (const { id, expected } of rows) expect(id).toBe(expected);
});

test('transfers and checkpoints are stored on both sides of every boundary, in their order', async () => {
  const url = await freshDatabase();
  const client = await connectClient({ connectionString: url });
  const places = NUMBERS.flatMap((tokenNumber) =>
    BLOCKS.flatMap((blockNumber) =>
      POSITIONS.map((position) => ({ tokenNumber, blockNumber, position })),
    ),
  );
  const rows = new RowBuffer();
  for (const place of places) {
    const whole = { ...place, timestamp: TIME, transactionHash: HASH, transactionIndex: 0 };
    appendTransfer(rows, whole, place.position, { from: ACCOUNT, to: OTHER, amount: 1n });
  }
  for (const block of BLOCKS) appendCheckpoint(rows, 10_004, ACCOUNT, block, 1_000_000, 7n);
  rows.block(11_297_108_109, LAST, HASH, TIME);
  await rows.write(client);
  const { rows: stored } = await client.query(
    'SELECT id, token_number, block_number, position FROM transfer ORDER BY token_number, id',
  );
  expect(stored).toEqual(
    places.map(({ tokenNumber, blockNumber, position }) => ({
      id: operationId(tokenNumber, blockNumber, position),
      token_number: tokenNumber,
      block_number: blockNumber,
      position,
    })),
  );
  const { rows: checkpoints } = await client.query(
    'SELECT block_number FROM balance_checkpoint ORDER BY block_number',
  );
  expect(checkpoints.map((row) => row.block_number)).toEqual(BLOCKS);
  const { rows: blocks } = await client.query('SELECT id, chain_id, number FROM block');
  expect(blocks).toEqual([
    { id: blockId(11_297_108_109, LAST), chain_id: 11_297_108_109, number: LAST },
  ]);
  await client.end();
});

test('the number after 9,999 is 10,000, and no number is assigned after 2^31 - 1', async () => {
  const url = await freshDatabase();
  const client = await connectClient({ connectionString: url });
  const insert = (number: number) =>
    client.query(
      `INSERT INTO contract (id, number, chain_id, address, kind, start_block)
       VALUES ($1, $2, 1, decode(lpad(to_hex($2::integer), 40, '0'), 'hex'), 'oracle', 0)`,
      [`1-${number}`, number],
    );
  await insert(9_999);
  expect(await nextNumber(client)).toBe(10_000);
  await insert(2 ** 31 - 1);
  await expect(nextNumber(client)).rejects.toMatchObject({ code: 'NUMBERS_USED_UP' });
  await client.end();
});

test('the feed number 10,004 prices money on chain 11297108109, in blocks around 2^31 and near 2^53', async () => {
  const url = await freshDatabase();
  const client = await connectClient({ connectionString: url });
  await client.query(
    `INSERT INTO contract (id, number, chain_id, address, kind, start_block)
     VALUES ('1-0x', 10003, 1, '\\x00', 'oracle', 0)`,
  );
  const feed = await insertPriceFeed(client, 11_297_108_109, {
    asset: 'native',
    assetDecimals: 18,
    currency: 'USD',
    configured: ACCOUNT,
    aggregator: OTHER,
    decimals: 8,
    description: null,
    startBlock: 1,
    staleAfterSeconds: null,
  });
  expect(feed.number).toBe(10_004);
  const blocks = [2 ** 31 - 1, 2 ** 31, LAST - 1];
  const rows = new RowBuffer();
  blocks.forEach((blockNumber, index) => {
    const place = { feedNumber: feed.number, blockNumber, timestamp: TIME };
    const round = { roundId: BigInt(index), answer: 5n, updatedAt: 1n };
    appendRound(rows, place, { ...round, log: null, position: 0 });
  });
  await rows.write(client);
  const key = { chainId: 11_297_108_109, asset: 'native', currency: 'USD', transactionIndex: null };
  const prices = await readEntryPrices(
    client,
    [...blocks, LAST].map((block) => ({ ...key, block, timestamp: new Date(TIME) })),
  );
  expect(prices.map((price) => (price.missing === null ? price.round.roundId : price))).toEqual([
    0n,
    1n,
    2n,
    2n,
  ]);
  await client.end();
});

test('no column with a block or a chain id has 32 bits', async () => {
  const url = await freshDatabase();
  const narrow = await query(
    url,
    `SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type <> 'bigint'
       AND (column_name ~ '(^|_)(block_number|start_block|first_block|last_block|height|chain_id)$'
         OR (table_name, column_name) = ('block', 'number'))`,
  );
  expect(narrow).toEqual([]);
});

test('the migration gives rows of owners above 9,999 ids that sort, and is reverted only without them', async () => {
  const url = await freshDatabase();
  const reverted = async () => {
    while ((await query(url, WIDE)).length > 0) await revertLastMigration(url);
  };
  await reverted();
  await query(
    url,
    `INSERT INTO model_total SELECT n || '-0000000001-000000', n, 1, now(), 7, 'native', 1, 1, 1, 0, 0
     FROM (VALUES (10004)) AS k(n)`,
  );
  await query(
    url,
    `INSERT INTO posting VALUES ('0001-0000000001-000000-0', 1, 1, '0001-0000000001-000000', 'native', 'opening', 1, 1)`,
  );
  await migrate(url);
  expect(await query(url, 'SELECT id FROM model_total')).toEqual([
    { id: operationId(10_004, 1, 0) },
  ]);
  expect(await query(url, 'SELECT id, entry_id FROM posting')).toEqual([
    { id: '0001-0000000001-000000-0', entry_id: '0001-0000000001-000000' },
  ]);
  await expect(reverted()).rejects.toMatchObject({ code: 'MIGRATION_NOT_REVERSIBLE' });
  await query(url, 'DELETE FROM model_total');
  await query(url, `INSERT INTO block VALUES ('1-2147483648', 1, 2147483648, '\\x00', now())`);
  await expect(reverted()).rejects.toMatchObject({ code: 'MIGRATION_NOT_REVERSIBLE' });
  await query(url, 'DELETE FROM block');
  await reverted();
  await migrate(url);
});

const WIDE = `SELECT FROM migrations WHERE name = 'WideNumbers1764950000000'`;
