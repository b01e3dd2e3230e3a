import pg from 'pg';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import { RowBuffer } from '../../../src/store/write/rows/rowBuffer.js';
import { appendCheckpoint, appendTransfer } from '../../../src/store/write/rows/transferRows.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';

const MOST = 2n ** 256n - 1n;
const AMOUNTS = [0n, 1n, 9_999n, 10_000n, 10_001n, 123_456_789n, 10n ** 27n, 10n ** 76n, MOST];
const ALICE: Address = '0x00000000000000000000000000000000000a11ce';
const BOB: Address = '0xffB0000000000000000000000000000000000B0b'.toLowerCase() as Address;

function place(position: number, transaction = 1) {
  return {
    tokenNumber: 7,
    blockNumber: 18_500_000 + transaction,
    timestamp: `2024-02-29T23:59:5${transaction}.000Z`,
    position,
    transactionHash: `0x${String(transaction).repeat(64)}`,
    transactionIndex: transaction,
  };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function written(fill: (rows: RowBuffer) => void): Promise<string> {
  const url = await freshDatabase();
  const client = await connect(url);
  try {
    const rows = new RowBuffer();
    fill(rows);
    await rows.write(client);
  } finally {
    await client.end();
  }
  return url;
}

describe('transfers are stored unchanged', () => {
  test.each(AMOUNTS)('with an amount of %s', async (amount) => {
    const url = await written((rows) =>
      appendTransfer(rows, place(999_999), 12, { from: ALICE, to: BOB, amount }),
    );
    expect(await query(url, 'SELECT * FROM transfer')).toEqual([
      {
        id: '0007-0018500001-999999',
        token_number: 7,
        block_number: 18_500_001,
        timestamp: new Date('2024-02-29T23:59:51.000Z'),
        transaction_hash: Buffer.from('1'.repeat(64), 'hex'),
        transaction_index: 1,
        position: 999_999,
        log_index: 12,
        from: Buffer.from(ALICE.slice(2), 'hex'),
        to: Buffer.from(BOB.slice(2), 'hex'),
        amount: String(amount),
      },
    ]);
  });

  test('with a separate place for each transaction', async () => {
    const transfer = { from: ALICE, to: BOB, amount: 5n };
    const url = await written((rows) => {
      appendTransfer(rows, place(0, 1), 0, transfer);
      appendTransfer(rows, place(1, 1), 1, transfer);
      appendTransfer(rows, place(0, 2), 2, transfer);
    });
    const rows = await query(
      url,
      `SELECT id, block_number, encode(transaction_hash, 'hex') AS hash, log_index FROM transfer ORDER BY id`,
    );
    expect(rows).toEqual([
      {
        id: '0007-0018500001-000000',
        block_number: 18_500_001,
        hash: '1'.repeat(64),
        log_index: 0,
      },
      {
        id: '0007-0018500001-000001',
        block_number: 18_500_001,
        hash: '1'.repeat(64),
        log_index: 1,
      },
      {
        id: '0007-0018500002-000000',
        block_number: 18_500_002,
        hash: '2'.repeat(64),
        log_index: 2,
      },
    ]);
  });
});

test('all checkpoints are stored, whatever their number and order', async () => {
  const count = 20_000;
  const account = (index: number): Address =>
    `0x${((index * 7_919) % count).toString(16).padStart(40, '0')}`;
  const url = await written((rows) => {
    for (let index = 0; index < count; index++) {
      appendCheckpoint(rows, 7, account(index), index, 3, BigInt(index) * 10n ** 20n);
    }
  });
  expect(
    await query(
      url,
      `SELECT count(*)::int AS rows, count(DISTINCT account)::int AS accounts,
        sum(balance)::text AS balances, min("interval") AS interval,
        count(*) FILTER (WHERE balance <> block_number * 1e20)::int AS wrong
      FROM balance_checkpoint`,
    ),
  ).toEqual([
    {
      rows: count,
      accounts: count,
      balances: String((BigInt(count) * BigInt(count - 1) * 10n ** 20n) / 2n),
      interval: 3,
      wrong: 0,
    },
  ]);
});

test('a row that the database refuses rolls back the whole write, and the connection survives', async () => {
  const client = await connect(await freshDatabase());
  try {
    await client.query('BEGIN');
    const rows = new RowBuffer();
    appendCheckpoint(rows, 7, ALICE, 1, 0, 5n);
    appendCheckpoint(rows, 7, ALICE, 1, 0, 6n);
    appendTransfer(rows, place(0), 0, { from: ALICE, to: BOB, amount: 1n });
    await expect(rows.write(client)).rejects.toMatchObject({ code: '23505' });
    await client.query('ROLLBACK');
    const { rows: left } = await client.query('SELECT count(*)::int AS rows FROM transfer');
    expect(left).toEqual([{ rows: 0 }]);
  } finally {
    await client.end();
  }
});
