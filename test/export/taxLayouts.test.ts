import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployContract, deployWindowed, readContract } from '../../devnet/deploy.js';
import {
  accountOf,
  claim,
  mint,
  receipt,
  redeem,
  snapshot,
  transfer,
} from '../store/read/actions.js';
import { Books } from '../store/read/books.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { indexTo } from '../support/programs/indexer.js';
import { AssetScene } from '../support/scenes/assetScene.js';
import { type ExportedRow, exportRows } from './support.js';

const HOLDER = accountOf(0xa11ce);
const OTHER = accountOf(0xb0b);
const ETHER = 10n ** 18n;
/** What contracts call themselves, by their address. */
const SYMBOLS = [
  'MODL',
  'ETH',
  'eth',
  'SAME',
  'SAME',
  '=cmd()',
  'モデル',
  '',
  'a,"b"\nc',
  'eur',
  'US\u200bDC',
  'UЅDС',
  'B',
];

let databaseUrl: string;
let books: Books;
let koinly: ExportedRow[];
let cointracking: ExportedRow[];

/** A decimal number of whole coins in units of 10^-18. */
function scaled(text: string | null): bigint {
  const [whole = '0', part = ''] = (text ?? '0').split('.');
  return BigInt(whole + part.padEnd(18, '0'));
}

const addressOf = (index: number) => accountOf(0x1000 + index);

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  books = Books.open(databaseUrl);
  const numbers: number[] = [];
  for (const [index, symbol] of SYMBOLS.entries()) {
    numbers.push(
      await books.addToken({
        chainId: symbol === 'B' ? 56 : 1,
        address: addressOf(index),
        symbol,
        policy: 'windowed',
        percent: 60n,
        window: 2,
        interval: 100n,
        intervalUnit: 'seconds',
        startBlock: 10,
        initialLastSnapshot: null,
      }),
    );
  }
  const [first = 0] = numbers;
  const last = numbers.at(-1) ?? 0;
  const gifts = numbers.slice(0, -1).map((number, index) => {
    return [number, [mint(HOLDER, BigInt(index + 1) * ETHER)]] as const;
  });
  await books.commit(1, 10, new Map(gifts));
  await books.commit(1, 11, new Map([[first, redeem(HOLDER, ETHER / 4n, 0n)]]));
  await books.commit(1, 12, new Map([[first, [receipt(OTHER, ETHER)]]]));
  await books.commit(1, 13, new Map([[first, [snapshot()]]]));
  await books.commit(1, 14, new Map([[first, [claim(HOLDER, 1, (6n * ETHER) / 10n)]]]));
  await books.commit(1, 15, new Map([[first, redeem(HOLDER, ETHER / 4n, 133333333333333333n)]]));
  await books.commit(1, 16, new Map([[first, [transfer(HOLDER, OTHER, 1n)]]]));
  await books.commit(56, 10, new Map([[last, [mint(HOLDER, 7n), receipt(OTHER, ETHER)]]]));
  await books.commit(56, 13, new Map([[last, [snapshot()]]]));
  await books.commit(56, 14, new Map([[last, [claim(HOLDER, 1, (6n * ETHER) / 10n)]]]));
  koinly = await exportRows(databaseUrl, 'koinly', { holder: HOLDER });
  cointracking = await exportRows(databaseUrl, 'cointracking', { holder: HOLDER });
});
afterAll(() => books.close());

describe('the coins of a tax layout', () => {
  test('give each contract its own name: none is mistaken for money or another token', () => {
    const gifts = koinly.slice(0, SYMBOLS.length - 1);
    expect(gifts.map((row) => [row['Received Amount'], row['Received Currency']])).toEqual([
      ['1', 'MODL'],
      ['2', addressOf(1)],
      ['3', addressOf(2)],
      ['4', addressOf(3)],
      ['5', addressOf(4)],
      ['6', 'cmd'],
      ['7', addressOf(6)],
      ['8', addressOf(7)],
      ['9', 'abc'],
      ['10', addressOf(9)],
      ['11', addressOf(10)],
      ['12', addressOf(11)],
    ]);
  });

  test("are in the chain's own coin: BNB is not ether", () => {
    const income = koinly.filter(({ Label }) => Label === 'income');
    expect(income.map((row) => [row['Received Amount'], row['Received Currency']])).toEqual([
      ['0.6', 'ETH'],
      ['0.6', 'BNB'],
    ]);
  });
});

describe('the file of a person with several accounts', () => {
  test.each(['koinly', 'cointracking', 'bittytax', 'rotki-trades', 'rotki-events'])(
    '%s lacks what moved between them, and has all other rows of each',
    async (layout) => {
      const rowsOf = (holder: string | string[]) => exportRows(databaseUrl, layout, { holder });
      const [one, other, person] = [
        await rowsOf(HOLDER),
        await rowsOf(OTHER),
        await rowsOf([HOLDER, OTHER]),
      ];
      const moved = (row: ExportedRow) => JSON.stringify(row).includes('0.000000000000000001');
      expect([one, other].map((rows) => rows.filter(moved).length)).toEqual(
        layout === 'rotki-trades' ? [0, 0] : [1, 1],
      );
      const text = (rows: ExportedRow[]) => rows.map((row) => JSON.stringify(row)).toSorted();
      expect(text(person)).toEqual(text([...one, ...other].filter((row) => !moved(row))));
    },
  );
});

describe('a burn', () => {
  const burns = (rows: ExportedRow[], note: string) =>
    rows.filter((row) => String(row[note]).startsWith('burned'));

  test('a paid burn is a trade; the tokens of an unpaid one are lost, not traded for nothing', async () => {
    expect(
      burns(koinly, 'Description').map((row) => [
        row['Sent Amount'],
        row['Sent Currency'],
        row['Received Amount'],
        row['Received Currency'],
      ]),
    ).toEqual([
      ['0.25', 'MODL', null, null],
      ['0.25', 'MODL', '0.133333333333333333', 'ETH'],
    ]);
    expect(burns(cointracking, 'Comment').map(({ Type }) => Type)).toEqual(['Lost', 'Trade']);
    const typesIn = async (layout: string, note: string) =>
      burns(await exportRows(databaseUrl, layout, { holder: HOLDER }), note).map(
        ({ Type }) => Type,
      );
    expect(await typesIn('bittytax', 'Note')).toEqual(['Lost', 'Trade']);
    expect(await typesIn('rotki-events', 'Description')).toEqual(['Loss']);
  });
});

describe('a row', () => {
  test('says when, what and where in the words of its program', () => {
    const [sent] = koinly.filter((row) => row['Sent Amount'] === '0.000000000000000001');
    expect(sent).toMatchObject({
      Date: expect.stringMatching(/^2023-11-14 \d\d:\d\d:\d\d UTC$/),
      'Received Currency': null,
      Label: null,
      Description: `sent ${addressOf(0)} (chain 1)`,
    });
    const [tracked] = cointracking.filter((row) => row['Sell Amount'] === '0.000000000000000001');
    expect(tracked).toMatchObject({
      Type: 'Withdrawal',
      Date: expect.stringMatching(/^14\.11\.2023 \d\d:\d\d:\d\d$/),
      'Tx-ID (optional)': sent?.TxHash,
    });
    expect(new Set(cointracking.map(({ Type }) => Type))).toEqual(
      new Set(['Income', 'Trade', 'Deposit', 'Withdrawal', 'Lost']),
    );
  });
});

describe('a burn that pays in an ERC-20 only', () => {
  test('is one trade for that asset', async () => {
    const scene = await AssetScene.start();
    const holder = scene.founder.toLowerCase();
    const address = (contract: { address: string }) => contract.address.toLowerCase();
    await scene.payIn(scene.dollar, 1_000_000n);
    await scene.snapshot();
    await scene.call(scene.founder, 'burn', [100n]);
    const url = await freshDatabase();
    await indexTo({ chain: scene.chain, databaseUrl: url, tokens: [scene.token.address] });
    const rows = await exportRows(url, 'koinly', { holder });
    expect(
      rows
        .slice(2)
        .map((row) => [
          row['Sent Amount'],
          row['Sent Currency'],
          row['Received Amount'],
          row['Received Currency'],
        ]),
    ).toEqual([['0.0000000000000001', address(scene.token), '0.02', address(scene.dollar)]]);
  });
});

describe('revenue in a token that is indexed itself', () => {
  test('appears once: as a claim or a redemption, not also as a transfer', async () => {
    const scene = await AssetScene.start();
    const { chain, founder, friend } = scene;
    const paid = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      from: founder,
      name: 'Paid',
      symbol: 'PAID',
      supply: 5000n,
      percentClaimable: 80,
      window: 2,
      snapshotInterval: 10,
    });
    const args = ['Sharer', 'SHARE', 1000n, 80, 2, 10, [paid.address]];
    const sharer = await deployContract(chain, 'RevShareAltRev', args, { from: founder });
    await scene.send(founder, paid, 'transfer', [sharer.address, 1000n]);
    await scene.wait();
    await scene.send(founder, sharer, 'snapshot');
    await scene.send(founder, sharer, 'claim', [1n]);
    await scene.send(founder, sharer, 'burn', [100n]);
    await scene.send(founder, paid, 'transfer', [friend, 800n]);
    const url = await freshDatabase();
    await indexTo({ chain, databaseUrl: url, tokens: [paid.address, sharer.address] });
    const rows = await exportRows(url, 'koinly', { holder: founder.toLowerCase() });
    let balance = 0n;
    for (const row of rows) {
      const got = row['Received Currency'] === 'PAID' ? row['Received Amount'] : null;
      const gave = row['Sent Currency'] === 'PAID' ? row['Sent Amount'] : null;
      balance += scaled(got) - scaled(gave);
    }
    expect(balance).toBe(await readContract(chain, paid, 'balanceOf', [founder]));
    expect(
      rows.map(({ Label, Description }) => Label ?? String(Description).split(' ')[0]),
    ).toEqual(['received', 'received', 'sent', 'income', 'burned', 'sent']);
    expect(rows.at(-2)).toMatchObject({
      'Sent Currency': 'SHARE',
      'Received Currency': 'PAID',
      'Received Amount': '0.00000000000000002',
    });
  });
});
