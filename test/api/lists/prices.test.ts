import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute, latestBlock } from '../../../devnet/chain.js';
import { deployContract, encodeCall } from '../../../devnet/deploy.js';
import { type Address, checksummed } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { readPriceRoutes } from '../../../src/store/read/prices/priceRoutes.js';
import { PRICE_SQL, priceJoins, valueSql } from '../../../src/store/read/prices/priceSql.js';
import { exportRows } from '../../export/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';
import { OracleScene } from '../../support/scenes/oracleScene.js';
import { DOLLAR, PriceScene } from '../../support/scenes/priceScene.js';
import { SaleScene } from '../../support/scenes/saleScene.js';
import { askData, askError, countStatements, startTestApi } from '../support.js';

const ETHER = 10n ** 18n;
const STALE_AFTER = 3600;

let prices: PriceScene;
let databaseUrl: string;
let api: RunningApi;

/** Receipts among rounds: before the first, between others of one block, after bad ones. */
beforeAll(async () => {
  prices = await PriceScene.start();
  const { scene } = prices;
  await scene.pay(1n);
  await prices.submit(351_234_567_890n);
  await scene.pay(1n);
  await scene.inOneBlock([
    prices.payment(2n * ETHER),
    prices.submission(2000n * DOLLAR),
    prices.payment(ETHER),
    prices.submission(2500n * DOLLAR),
    prices.submission(3000n * DOLLAR),
    prices.payment(ETHER),
  ]);
  await prices.submit(-5n);
  await scene.pay(ETHER);
  await prices.submit(0n);
  await scene.pay(ETHER);
  const { timestamp } = await latestBlock(scene.chain);
  await prices.submitAt(4000n * DOLLAR, timestamp + 100_000);
  await scene.pay(ETHER);
  await prices.submit(4000n * DOLLAR);
  await scene.pay(ETHER);
  await prices.pass(STALE_AFTER + 10);
  await scene.pay(ETHER);
  // Pays, publishes a round and pays again, in one transaction.
  await prices.submit(5000n * DOLLAR);
  await scene.route(
    [
      { valueWei: 3n },
      { target: prices.aggregator.address, data: encodeCall(prices.aggregator, 'submit', [1n]) },
      { valueWei: 4n },
    ],
    7n,
  );
  databaseUrl = await freshDatabase();
  const feed = prices.feed({ staleAfterSeconds: STALE_AFTER });
  await indexTo(prices.request(databaseUrl, [feed]));
  api = await startTestApi(databaseUrl);
});

afterAll(() => api.close());

const RECEIPTS = `{ receipts(direction: ASC) { nodes {
  amountWei
  value(currency: "USD") { amount price roundId }
  noPrice(currency: "USD")
} } }`;

interface ReceiptNode {
  readonly amountWei: string;
  readonly value: { amount: string; price: string; roundId: string } | null;
  readonly noPrice: string | null;
}

async function receipts(): Promise<ReceiptNode[]> {
  return (await askData(api, RECEIPTS)).receipts.nodes;
}

describe('the value of a receipt', () => {
  test('uses the newest round of an earlier transaction exactly, or is absent with a reason', async () => {
    const found = (await receipts()).map(({ amountWei, value, noPrice }) => [
      amountWei,
      value === null ? noPrice : [value.amount, value.price, value.roundId],
    ]);
    expect(found).toEqual([
      ['1', 'NO_ROUND'],
      ['1', ['0.0000000000000035123456789', '3512.3456789', '1']],
      [`${2n * ETHER}`, ['7024.6913578', '3512.3456789', '1']],
      [`${ETHER}`, ['2000', '2000', '2']],
      [`${ETHER}`, ['3000', '3000', '4']],
      [`${ETHER}`, 'NOT_POSITIVE'],
      [`${ETHER}`, 'NOT_POSITIVE'],
      [`${ETHER}`, 'LATER'],
      [`${ETHER}`, ['4000', '4000', '8']],
      [`${ETHER}`, 'STALE'],
      ['3', ['0.000000000000015', '5000', '9']],
      // The round before it came in its own transaction.
      ['4', ['0.00000000000002', '5000', '9']],
    ]);
  });

  test('shows the time and the aggregator of its round', async () => {
    const data = await askData(
      api,
      `{ receipts(direction: DESC, first: 1) { nodes { block timestamp
        value(currency: "USD") { currency updatedAt aggregator } } } }`,
    );
    const [{ value, block }] = data.receipts.nodes;
    const [round] = await query<{ timestamp: Date }>(
      databaseUrl,
      `SELECT "timestamp" FROM price_round WHERE block_number = ${block - 1}`,
    );
    expect(value).toEqual({
      currency: 'USD',
      updatedAt: round?.timestamp.toISOString(),
      aggregator: checksummed(prices.aggregator.address as Address),
    });
  });

  test('is absent in a currency without a feed, and an invalid code is refused', async () => {
    const ask = (currency: string) =>
      `{ receipts(first: 1) { nodes { value(currency: "${currency}") { amount }
        noPrice(currency: "${currency}") } } }`;
    const data = await askData(api, ask('EUR'));
    expect(data.receipts.nodes).toEqual([{ value: null, noPrice: 'NO_FEED' }]);
    const error = await askError(
      api,
      `{ receipts(first: 1) { nodes { value(currency: "usd") { amount } } } }`,
    );
    expect(error.code).toBe('BAD_CURRENCY');
  });

  test('costs two statements for a whole page: the feeds, and their rounds', async () => {
    const pool = new pg.Pool({ connectionString: databaseUrl });
    const plain = await countStatements(pool, '{ receipts { nodes { amountWei } } }');
    const valued = await countStatements(
      pool,
      `{ receipts { nodes { value(currency: "USD") { amount } noPrice(currency: "USD") } } }`,
    );
    await pool.end();
    expect(valued.errors).toEqual([]);
    expect(valued.statements).toBe(plain.statements + 2);
  });

  test('does not change at later blocks', async () => {
    const [head] = await query<{ height: number }>(databaseUrl, 'SELECT height FROM chain_cursor');
    const all = await receipts();
    const text = RECEIPTS.replace(
      'direction: ASC',
      `direction: ASC, at: {block: ${(head?.height ?? 0) - 3}}`,
    );
    const earlier: ReceiptNode[] = (await askData(api, text)).receipts.nodes;
    expect(earlier.length).toBeGreaterThan(5);
    expect(earlier).toEqual(all.slice(0, earlier.length));
  });

  test('equals the value that exports compute in SQL', async () => {
    const entry = {
      chainId: `${prices.scene.chain.chainId}`,
      asset: `'native'`,
      currency: `'USD'`,
      block: 'o.block_number',
      transactionIndex: 'o.transaction_index',
      time: 'o."timestamp"',
    };
    const pool = new pg.Pool({ connectionString: databaseUrl });
    const routes = await readPriceRoutes(pool, ['USD']);
    const parameters: unknown[] = [];
    const joins = priceJoins(entry, routes, (values, type) => {
      parameters.push(values);
      return `$${parameters.length}::${type}[]`;
    });
    const { rows } = await pool.query(
      `SELECT ${valueSql('o.amount_wei')} AS amount, ${PRICE_SQL} AS price,
         price_leg_1.round_id::text AS round, price_of.missing
       FROM receipt o ${joins} ORDER BY o.id`,
      parameters,
    );
    await pool.end();
    const bySql = rows.map(({ missing, amount, price, round }: Record<string, unknown>) =>
      missing === null
        ? { value: { amount, price, roundId: round }, noPrice: null }
        : { value: null, noPrice: String(missing).replace('-', '_').toUpperCase() },
    );
    expect(bySql).toEqual(
      (await receipts()).map(({ value, noPrice }) => {
        return { value, noPrice };
      }),
    );
  });

  test('is exact in SQL even for the largest numbers', async () => {
    const amount = 2n ** 256n - 1n;
    const answer = 2n ** 255n - 1n;
    const [row] = await query<{ value: string }>(
      databaseUrl,
      `SELECT ${valueSql(`${amount}::numeric(78,0)`)} AS value
       FROM (SELECT ${answer}::numeric(78,0) * '1e-255'::numeric AS price) AS price_of,
         (SELECT 255 AS asset_decimals) AS price_route`,
    );
    const digits = (amount * answer).toString().padStart(510, '0');
    expect(row?.value).toBe(`0.${digits}`);
  });
});

describe('rounds of price feeds', () => {
  test('are listed, including those that are not a price', async () => {
    const data = await askData(
      api,
      `{ prices(filter: {asset: "native", currency: "USD"}, direction: ASC, first: 7) {
          totalCount pageInfo { hasNextPage }
          nodes { roundId answer price position updatedAt timestamp
            feed { description decimals asset currency staleAfterSeconds } }
        }
        priceFeeds { asset assetDecimals configured aggregator startBlock } }`,
    );
    expect(data.prices.totalCount).toBe(10);
    expect(data.prices.pageInfo.hasNextPage).toBe(true);
    expect(
      data.prices.nodes.map((node: Record<string, unknown>) => [
        node.roundId,
        node.answer,
        node.price,
        node.position,
      ]),
    ).toEqual([
      ['1', '351234567890', '3512.3456789', 1],
      ['2', '200000000000', '2000', 1],
      ['3', '250000000000', '2500', 2],
      ['4', '300000000000', '3000', 3],
      ['5', '-5', null, 1],
      ['6', '0', null, 1],
      ['7', '400000000000', '4000', 1],
    ]);
    const [{ feed, updatedAt, timestamp }] = data.prices.nodes;
    expect(updatedAt).toBe(timestamp);
    expect(feed).toEqual({
      description: 'ETH / USD',
      decimals: 8,
      asset: 'native',
      currency: 'USD',
      staleAfterSeconds: STALE_AFTER,
    });
    const aggregator = checksummed(prices.aggregator.address as Address);
    const { deploymentBlock: startBlock } = prices.scene.token;
    expect(data.priceFeeds).toEqual([
      { asset: 'native', assetDecimals: 18, configured: aggregator, aggregator, startBlock },
    ]);
  });

  test('are filtered exactly by their answer and by their feed', async () => {
    const rounds = async (where: string) => {
      const data = await askData(
        api,
        `{ prices(where: ${where}, direction: ASC) { totalCount nodes { roundId } } }`,
      );
      expect(data.prices.totalCount).toBe(data.prices.nodes.length);
      return data.prices.nodes.map(({ roundId }: { roundId: string }) => roundId);
    };
    expect(await rounds('{ price: { _eq: "3512.3456789" } }')).toEqual(['1']);
    expect(await rounds('{ price: { _gt: "3512.34567889", _lt: "3512.34567891" } }')).toEqual([
      '1',
    ]);
    expect(await rounds('{ price: { _gte: "2000", _lte: "3000" } }')).toEqual(['2', '3', '4']);
    expect(await rounds('{ price: { _isNull: true } }')).toEqual(['5', '6']);
    expect(await rounds('{ answer: { _lt: "0" } }')).toEqual(['5']);
    expect(await rounds('{ answer: { _in: ["-5", "0", "1"] } }')).toEqual(['5', '6', '10']);
    expect(await rounds('{ _not: { roundId: { _lt: "9" } } }')).toEqual(['9', '10']);
    expect(await rounds('{ currency: { _neq: "USD" } }')).toEqual([]);
    const aggregator = prices.aggregator.address;
    const of = `{ aggregator: { _eq: "${aggregator}" }, asset: { _eq: "native" }, chainId: { _gt: 0 } }`;
    expect(await rounds(of)).toHaveLength(10);
    const all = (await askData(api, '{ prices(direction: ASC) { nodes { roundId updatedAt } } }'))
      .prices.nodes as { roundId: string; updatedAt: string }[];
    for (const { updatedAt } of all) {
      const until = all.filter((round) => round.updatedAt <= updatedAt);
      expect(await rounds(`{ updatedAt: { _lte: "${updatedAt}" } }`)).toEqual(
        until.map(({ roundId }) => roundId),
      );
    }
    const error = await askError(
      api,
      '{ prices(where: { price: { _eq: "1e3" } }) { totalCount } }',
    );
    expect(error.code).toBe('BAD_DECIMAL');
  });

  test('are ordered and paged by their answers, even negative ones', async () => {
    const page = async (args: string) =>
      (
        await askData(
          api,
          `{ prices(orderBy: AMOUNT, ${args}) { pageInfo { endCursor hasNextPage }
            nodes { answer } } }`,
        )
      ).prices;
    const answers: string[] = [];
    for (let after = '', isMore = true; isMore; ) {
      const { nodes, pageInfo } = await page(`direction: ASC, first: 3${after}`);
      answers.push(...nodes.map(({ answer }: { answer: string }) => answer));
      after = `, after: "${pageInfo.endCursor}"`;
      isMore = pageInfo.hasNextPage;
    }
    expect(answers).toEqual([
      ...['-5', '0', '1', '200000000000', '250000000000', '300000000000', '351234567890'],
      ...['400000000000', '400000000000', '500000000000'],
    ]);
    expect((await page('direction: DESC, last: 1')).nodes).toEqual([{ answer: '-5' }]);
  });

  test('are paged and read as of a block', async () => {
    const page = async (args: string) =>
      (await askData(api, `{ prices(${args}) { pageInfo { endCursor } nodes { roundId } } }`))
        .prices;
    const first = await page('first: 3, direction: ASC');
    const second = await page(`first: 3, direction: ASC, after: "${first.pageInfo.endCursor}"`);
    expect(second.nodes.map(({ roundId }: { roundId: string }) => roundId)).toEqual([
      '4',
      '5',
      '6',
    ]);
    const [row] = await query<{ block: number }>(
      databaseUrl,
      'SELECT block_number AS block FROM price_round WHERE round_id = 5',
    );
    const then = await page(`at: {block: ${row?.block}}, first: 1`);
    expect(then.nodes).toEqual([{ roundId: '5' }]);
  });
});

describe('values of other rows than receipts', () => {
  test('exist for claims, redemptions, journal entries and postings in an ERC-20', async () => {
    const scene = await AssetScene.start();
    const { chain, token, dollar, founder } = scene;
    const [eth, usd] = await Promise.all(
      [
        ['ETH / USD', 8],
        ['DAI / USD', 18],
      ].map(([name, decimals]) =>
        deployContract(chain, 'PriceAggregator', [decimals, name], { from: founder }),
      ),
    );
    if (eth === undefined || usd === undefined) throw new RangeError('nothing was deployed');
    await scene.send(founder, eth, 'submit', [2000n * DOLLAR]);
    await scene.send(founder, usd, 'submit', [999_900_000_000_000_000n]);
    await scene.liveThrough();
    const url = await freshDatabase();
    const feed = { currency: 'USD', startBlock: null, staleAfterSeconds: null };
    await indexTo({
      chain,
      databaseUrl: url,
      tokens: [token.address],
      prices: [
        { ...feed, asset: 'native', aggregator: eth.address as Address },
        { ...feed, asset: dollar.address as Address, aggregator: usd.address as Address },
      ],
    });
    const server = await startTestApi(url);
    const value = 'value(currency: "USD") { amount roundId }';
    const data = await askData(
      server,
      `query ($dollar: Address!, $asset: Asset!) {
        claims(filter: {asset: $dollar}, direction: ASC) { nodes { amountWei ${value} } }
        redemptions(filter: {asset: $dollar}) { nodes { amountWei ${value} } }
        inEth: claims(direction: ASC, first: 1) { nodes { amountWei ${value} } }
        journal(filter: {asset: $asset}, direction: ASC, first: 1) { nodes {
          amountWei ${value} postings { amountWei ${value} }
        } }
      }`,
      { dollar: dollar.address, asset: dollar.address },
    );
    await server.close();
    for (const { amountWei, value: worth } of [...data.claims.nodes, ...data.redemptions.nodes]) {
      const digits = (BigInt(amountWei) * 9999n).toString().padStart(10, '0');
      expect(worth).toEqual({ amount: `0.${digits.replace(/0+$/, '')}`, roundId: '1' });
    }
    expect(data.claims.nodes.length).toBeGreaterThan(0);
    expect(data.redemptions.nodes.length).toBeGreaterThan(0);
    expect(data.inEth.nodes).toEqual([
      { amountWei: '48', value: { amount: '0.000000000000096', roundId: '1' } },
    ]);
    expect(data.journal.nodes[0].amountWei).toBe('1000');
    expect(data.journal.nodes[0].value.amount).toBe('0.0009999');
    expect(
      data.journal.nodes[0].postings.map(
        (posting: { value: { amount: string } }) => posting.value.amount,
      ),
    ).toEqual(expect.arrayContaining(['0.0009999', '-0.0009999']));
  });

  test('exist for fees of requests to models', async () => {
    const scene = await OracleScene.start();
    const aggregator = await deployContract(scene.chain, 'PriceAggregator', [8, 'ETH / USD'], {
      from: scene.owner,
    });
    await scene.call(aggregator, 'submit', [2000n * DOLLAR]);
    await scene.upload({ modelId: 11n });
    await scene.ask({ modelId: 11n }, 1000n);
    const url = await freshDatabase();
    await indexTo({
      ...scene.request(url),
      prices: [prices.feed({ aggregator: aggregator.address as Address })],
    });
    const server = await startTestApi(url);
    const data = await askData(
      server,
      `{ requests { nodes { fee value(currency: "USD") { amount } } } }`,
    );
    await server.close();
    expect(data.requests.nodes).toEqual([{ fee: '1000', value: { amount: '0.000000000002' } }]);
  });

  test('exist for payments into a sale', async () => {
    const sales = await SaleScene.start();
    const { chain, founder, friend } = sales.scene;
    const aggregator = await deployContract(chain, 'PriceAggregator', [8, 'ETH / USD'], {
      from: founder,
    });
    await sales.call(founder, aggregator, 'submit', [2000n * DOLLAR]);
    const launchpad = await sales.launchpad({ target: 100n, tokensForSale: 10n });
    await execute(chain, {
      from: friend,
      to: launchpad.address,
      data: encodeCall(launchpad, 'deposit()'),
      valueWei: 5n,
    });
    const url = await freshDatabase();
    await indexTo({
      ...sales.request(url),
      prices: [prices.feed({ aggregator: aggregator.address as Address })],
    });
    const server = await startTestApi(url);
    const data = await askData(
      server,
      `{ saleEntries { nodes { raiseAmount value(currency: "USD") { amount } } }
         sales { nodes { values(currency: "USD") {
           raised { amount } refunded { amount } proceeds { amount } sold { missing { reason } amount } } } }
         participations { nodes { values(currency: "USD") {
             deposited { amount basis } refundable { amount } claimable { amount } allocated { amount } }
           costBasis { values(currency: "USD") { paid { amount } got { amount } } } } }
         person(holders: ["${friend}"]) { participations {
           values(currency: "USD") { deposited { amount } }
           costBasis { values(currency: "USD") { paid { amount } } } } } }`,
    );
    await server.close();
    const deposit = { amount: '0.00000000000001' };
    const nothing = { amount: '0' };
    expect(data.sales.nodes).toEqual([
      {
        values: {
          raised: deposit,
          refunded: nothing,
          proceeds: nothing,
          sold: { ...nothing, missing: [] },
        },
      },
    ]);
    expect(data.participations.nodes).toEqual([
      {
        values: {
          deposited: { ...deposit, basis: 'AT_MOMENT' },
          refundable: nothing,
          claimable: nothing,
          allocated: nothing,
        },
        costBasis: { values: { paid: deposit, got: nothing } },
      },
    ]);
    expect(data.person.participations).toEqual([
      { values: { deposited: deposit }, costBasis: { values: { paid: deposit } } },
    ]);
    expect(data.saleEntries.nodes).toEqual([
      { raiseAmount: '5', value: { amount: '0.00000000000001' } },
    ]);
    const exported = (holder: string) =>
      exportRows(url, 'sale-entries', { currency: 'USD', holder });
    expect(await exported(friend)).toMatchObject([
      {
        token: sales.scene.token.address.toLowerCase(),
        sale: launchpad.address.toLowerCase(),
        sale_kind: 'launchpad',
        raise_asset: 'native',
        kind: 'deposit',
        participant: friend.toLowerCase(),
        raise_amount: '5',
        token_amount: '0',
        value_usd: '0.00000000000001',
        price_round_usd: '1',
      },
    ]);
    expect(await exported(founder)).toEqual([]);
  });
});
