import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { latestBlock, mineBlock } from '../../../devnet/chain.js';
import { type DeployedContract, deployContract } from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { exportText } from '../../export/support.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { askData, startTestApi } from '../support.js';

const DAY_SECONDS = 86_400;

/** A token with revenue over three days, its prices, and the same in DuckDB. */
export interface MoneyScene {
  readonly scene: AssetScene;
  readonly databaseUrl: string;
  readonly api: RunningApi;
  readonly duckdb: DuckDBConnection;
  close(): Promise<void>;
}

/**
 * ETH and euros have prices in dollars, the shared ERC-20 in ether. The first receipt comes before
 * any price; at the end the euro has none any more. Snapshots are a day apart.
 */
export async function startMoneyScene(): Promise<MoneyScene> {
  const scene = await AssetScene.start();
  const { chain, founder, friend, dollar } = scene;
  const aggregator = (decimals: number, name: string) =>
    deployContract(chain, 'PriceAggregator', [decimals, name], { from: founder });
  const eth = await aggregator(8, 'ETH / USD');
  const eur = await aggregator(8, 'EUR / USD');
  const coin = await aggregator(18, 'COIN / ETH');
  const submit = (to: DeployedContract, answer: bigint) =>
    scene.send(founder, to, 'submit', [answer]);
  const nextDay = async () => mineBlock(chain, (await latestBlock(chain)).timestamp + DAY_SECONDS);
  await scene.pay(7n);
  await submit(eth, 200_012_345_678n);
  await submit(eur, 108_765_432n);
  await submit(coin, 499_999_123_456_789n);
  await scene.pay(123_456_789_012_345_678_901n);
  await scene.payIn(dollar, 1_000_000_001n);
  await scene.snapshot();
  await submit(eth, 199_900_000_001n);
  await scene.call(founder, 'claim', [1n]);
  await nextDay();
  await submit(eur, 107_000_000n);
  await scene.pay(98_765_432_109_876_543_210n);
  await scene.payIn(dollar, 77_777_777n);
  await scene.call(friend, 'burn', [100n]);
  await scene.snapshot();
  await scene.call(friend, 'claim', [2n]);
  await nextDay();
  await submit(eur, 0n);
  await scene.pay(5n);
  const databaseUrl = await freshDatabase();
  const prices = [
    { asset: 'native', currency: 'USD', aggregator: eth },
    { asset: 'ETH', currency: 'USD', aggregator: eth },
    { asset: 'EUR', currency: 'USD', aggregator: eur },
    { asset: dollar.address.toLowerCase(), currency: 'ETH', aggregator: coin },
  ].map((feed) => ({
    ...feed,
    aggregator: feed.aggregator.address as Address,
    startBlock: null,
    staleAfterSeconds: null,
  }));
  await indexTo({
    chain,
    databaseUrl,
    tokens: [scene.token.address],
    assets: [dollar.address],
    prices,
  });
  const api = await startTestApi(databaseUrl);
  const duckdb = await booksInDuckDb(databaseUrl, api);
  return {
    scene,
    databaseUrl,
    api,
    duckdb,
    async close() {
      duckdb.closeSync();
      await api.close();
    },
  };
}

/** The columns of an entry in each dataset. */
const ENTRIES = {
  receipts: ['NULL', 'amount', 'block_number', 'block_time'],
  claims: ['holder', 'amount', 'block_number', 'block_time'],
  redemptions: ['holder', 'amount', 'block_number', 'block_time'],
  // Every share, claimed or not, when it was assigned.
  entitlements: ['holder', 'share', 'snapshot_block', 'snapshot_time'],
} as const;

/** Exports and the rounds of the feeds as tables of DuckDB, with views that value them. */
async function booksInDuckDb(databaseUrl: string, api: RunningApi): Promise<DuckDBConnection> {
  const folder = await temporaryFolder();
  const selects: string[] = [];
  for (const [dataset, [holder, amount, block, time]] of Object.entries(ENTRIES)) {
    const isPriced = dataset !== 'entitlements';
    const { content } = await exportText(databaseUrl, dataset, isPriced ? { currency: 'EUR' } : {});
    const file = join(folder, `${dataset}.csv`);
    await writeFile(file, content);
    const priced = isPriced ? 'value_eur, price_eur' : 'NULL AS value_eur, NULL AS price_eur';
    selects.push(`SELECT '${dataset}' AS dataset, row_id, asset, ${holder} AS holder,
      ${block}::BIGINT AS block, ${time}::TIMESTAMPTZ AS time, ${amount}::HUGEINT AS amount, ${priced}
      FROM read_csv('${file}', all_varchar = true)`);
  }
  const { prices } = await askData(
    api,
    '{ prices(first: 1000) { nodes { feed { asset currency } block roundId answer } } }',
  );
  await writeFile(join(folder, 'rounds.json'), JSON.stringify(prices.nodes));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`
    SET TimeZone = 'UTC';
    CREATE TABLE entry AS ${selects.join(' UNION ALL ')};
    CREATE TABLE round AS SELECT feed.asset AS asset, feed.currency AS currency, block,
      answer::HUGEINT AS answer FROM read_json('${folder}/rounds.json');
    CREATE VIEW eth AS SELECT block, answer FROM round WHERE asset = 'native';
    CREATE VIEW eur AS SELECT block, answer FROM round WHERE asset = 'EUR';
    CREATE VIEW coin AS SELECT block, answer FROM round WHERE currency = 'ETH';
    -- The digits of high * 10^9 + low, with the point before the last ones.
    CREATE MACRO digits(high, low) AS (high + low // 1000000000)::HUGEINT::VARCHAR
      || lpad((low % 1000000000)::HUGEINT::VARCHAR, 9, '0');
    CREATE MACRO pointed(text, places) AS rtrim(rtrim(regexp_replace(
      repeat('0', greatest(places + 1 - length(text), 0)) || text, '^(.*)(.{' || places || '})$', '\\1.\\2'), '0'), '.');
    -- A quotient with 18 digits, half up: (2n + d) // 2d. Prices in ether have 18 digits already.
    CREATE MACRO price_of(asset, eth, eur, coin) AS CASE WHEN eth > 0 AND eur > 0 THEN CASE asset
      WHEN 'native' THEN (2 * eth * 1000000000000000000 + eur) // (2 * eur)
      ELSE (2 * coin * eth + eur) // (2 * eur) END END;
    CREATE MACRO decimals_of(asset) AS CASE asset WHEN 'native' THEN 18 ELSE 6 END;
    CREATE MACRO prices_at(asked) AS TABLE SELECT
      (SELECT answer FROM eth WHERE block <= asked ORDER BY block DESC LIMIT 1) AS eth,
      (SELECT answer FROM eur WHERE block <= asked ORDER BY block DESC LIMIT 1) AS eur,
      (SELECT answer FROM coin WHERE block <= asked ORDER BY block DESC LIMIT 1) AS coin;
    -- Each round is in a block of its own.
    CREATE TABLE rated AS SELECT r.*, decimals_of(asset) AS decimals,
      price_of(r.asset, eth.answer, eur.answer, coin.answer) AS price
      FROM entry r
      ASOF LEFT JOIN eth ON eth.block < r.block
      ASOF LEFT JOIN eur ON eur.block < r.block
      ASOF LEFT JOIN coin ON coin.block < r.block;
    -- amount * price = high * 10^9 + low: no product is too large for HUGEINT.
    CREATE TABLE valued AS SELECT *, amount // 1000000000 * price AS high,
      amount % 1000000000 * price AS low FROM rated;
    CREATE VIEW product AS SELECT * FROM valued WHERE dataset = 'receipts'`);
  return connection;
}
