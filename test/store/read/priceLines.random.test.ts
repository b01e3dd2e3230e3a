import { expect, test } from 'vitest';
import { sumOfDecimals, worthOf } from '../../../src/ledger/price.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import { versionId } from '../../../src/store/ids.js';
import { readOperationValues } from '../../../src/store/read/operations/operationValues.js';
import { RECEIPTS } from '../../../src/store/read/operations/receipts.js';
import { readEntryPrices } from '../../../src/store/read/prices/entryPrices.js';
import { readPriceRoutes } from '../../../src/store/read/prices/priceRoutes.js';
import { insertPriceFeed } from '../../../src/store/registry/priceFeeds.js';
import { writeHold } from '../../../src/store/write/holds.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { randomOf } from '../series/randomTransfers.js';

const BLOCKS = 120;
const BLOCK_SECONDS = 700;
const FIRST_SECONDS = 1_700_000_000;
const COIN = `0x${'c0'.repeat(20)}` as const;
const ASSET = `CASE WHEN o.kind = 'call' THEN 'native' WHEN o.kind = 'create' THEN '${COIN}' ELSE '0x00' END`;
const timeOf = (block: number) => new Date((FIRST_SECONDS + block * BLOCK_SECONDS) * 1000);
const aggregator = (byte: string) => `0x${byte.repeat(20)}` as const;

test.each([11, 12])(
  'sums by the places of prices are those of each entry at its own price, at every boundary (seed %i)',
  async (seed) => {
    const db = await connectClient({ connectionString: await freshDatabase() });
    const random = randomOf(seed);
    const feed = (byte: string, asset: string, currency: string, more: object) => ({
      ...{ asset, currency, configured: aggregator(byte), aggregator: aggregator(byte) },
      ...{ assetDecimals: 18, decimals: 8, description: null, startBlock: 3, ...more },
    });
    const feeds = [
      feed('01', 'native', 'USD', { staleAfterSeconds: 3 * BLOCK_SECONDS }),
      feed('02', 'EUR', 'USD', { staleAfterSeconds: null, assetDecimals: 0 }),
      feed('03', COIN, 'USD', {
        staleAfterSeconds: 9 * BLOCK_SECONDS,
        assetDecimals: 6,
        decimals: 40,
      }),
      feed('04', 'native', 'EUR', { staleAfterSeconds: null, startBlock: 80 }),
    ];
    for (const next of feeds) {
      const { number, startBlock } = await insertPriceFeed(db, 1, next as never);
      for (let block = startBlock; block <= BLOCKS; block += random(7)) {
        const isFirst = block === startBlock;
        const answer = random(9) === 0 ? -random(2) : 1 + random(1_000_000_000);
        const updatedAt = FIRST_SECONDS + block * BLOCK_SECONDS + random(900) - 700;
        const index = isFirst ? null : random(5);
        const position = isFirst ? 0 : (index ?? 0) * 10 + random(9);
        await db.query(
          `INSERT INTO price_round (id, feed_number, block_number, "timestamp", transaction_index, position,
             round_id, answer, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8) ON CONFLICT DO NOTHING`,
          [
            versionId(number, block).replace('999999', String(position).padStart(6, '0')),
            number,
            block,
            timeOf(block),
            index,
            position,
            String(answer),
            updatedAt,
          ],
        );
      }
    }
    const hold = {
      ...{ chainId: 1, address: aggregator('02'), kind: 'feed', lastBlock: 110, block: 111 },
      ...{ isConfirmed: true, code: 'X', reason: 'x', hint: 'x', isCompared: false },
      ...{ programVersion: '1', configHash: '0x', framesHash: '0x' },
    };
    await writeHold(db, hold as unknown as Parameters<typeof writeHold>[1]);
    const entries = Array.from({ length: 600 }, (_, position) => ({
      block: 1 + random(BLOCKS),
      transactionIndex: random(6) === 0 ? null : random(6),
      kind: ['call', 'create', 'call', 'call', 'untraced'][random(5)] ?? 'call',
      amount: BigInt(random(1_000_000_000)) * 10n ** BigInt(random(30)),
      position,
    }));
    for (const { block, transactionIndex, kind, amount, position } of entries) {
      await db.query(
        `INSERT INTO receipt (id, token_number, block_number, "timestamp", transaction_index, position, payer,
           amount_wei, kind, source, path) VALUES ($1, 7, $2, $3, $4, $5, NULL, $6, $7, 'unknown', '{}')`,
        [
          versionId(7, block).replace('999999', String(position).padStart(6, '0')),
          block,
          timeOf(block),
          transactionIndex,
          position,
          String(amount),
          kind,
        ],
      );
    }
    const compare = async (currency: string, fromBlock: number, toBlock: number) => {
      const rows = await readOperationValues(db, RECEIPTS, {
        windows: [
          {
            tokenNumber: 7,
            chainId: 1,
            fromBlock,
            toBlock,
            fromId: versionId(7, fromBlock).replace('999999', '000000'),
            toId: versionId(7, toBlock),
          },
        ],
        filter: {},
        direction: 'ASC',
        measures: ['o.amount_wei'],
        groups: [],
        interval: 'hour',
        limit: 10_000,
        routes: await readPriceRoutes(db, [currency]),
        asset: () => ASSET,
      });
      const inWindow = entries.filter(({ block }) => block >= fromBlock && block <= toBlock);
      const assetOf = (kind: string) =>
        kind === 'call' ? 'native' : kind === 'create' ? COIN : '0x00';
      const prices = await readEntryPrices(
        db,
        inWindow.map(({ block, transactionIndex, kind }) => ({
          chainId: 1,
          asset: assetOf(kind),
          currency,
          block,
          transactionIndex,
          timestamp: timeOf(block),
        })),
      );
      const expected = new Map<string, { count: number; amount: bigint; values: string[] }>();
      for (const [index, { block, kind, amount }] of inWindow.entries()) {
        const price = prices[index];
        if (price === undefined) throw new Error('no price');
        const hour = Math.floor(timeOf(block).getTime() / 3_600_000) * 3_600_000;
        const name = `${hour} ${assetOf(kind)} ${price.missing} ${price.missing === null ? null : (price.feed?.number ?? null)}`;
        const group = expected.get(name) ?? { count: 0, amount: 0n, values: [] };
        expected.set(name, group);
        group.count += amount === 0n ? 0 : 1;
        group.amount += amount;
        if (price.missing === null)
          group.values.push(worthOf(amount, price.feed.assetDecimals, price.price));
      }
      const found = new Map(
        rows.map(({ from, asset, missing, missingFeed, measures: [measure] }) => [
          `${from?.getTime()} ${asset} ${missing} ${missingFeed}`,
          measure,
        ]),
      );
      expect(found).toEqual(
        new Map(
          [...expected].map(([name, { count, amount, values }]) => [
            name,
            { count, amount, value: values.length === 0 ? null : sumOfDecimals(values) },
          ]),
        ),
      );
      return new Set(prices.map(({ missing }) => missing));
    };
    const reasons = [...(await compare('EUR', 1, BLOCKS)), ...(await compare('USD', 1, BLOCKS))];
    const all = ['later', 'no-feed', 'no-round', 'not-positive', 'stale', 'too-small', null];
    expect(new Set(reasons)).toEqual(new Set(all));
    await compare('EUR', 40, 95);
    await compare('USD', 77, 77);
    await compare('CHF', 1, BLOCKS);
    await db.end();
  },
);
