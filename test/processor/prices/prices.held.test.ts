import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { execute, latestBlock, mineBlock } from '../../../devnet/chain.js';
import type { Address } from '../../../src/address.js';
import { ANSWER_UPDATED } from '../../../src/chain/prices/rounds.js';
import { resumeContract } from '../../../src/processor/run/resume.js';
import { askData, startTestApi } from '../../api/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { DOLLAR, PriceScene, roundsIn } from '../../support/scenes/priceScene.js';

/** Code that logs a round without its time, whatever it is asked. */
const BAD_LOG = `0x5f5f7f${ANSWER_UPDATED.slice(2)}5f5fa300`;

describe('a price feed that contradicts itself', () => {
  let prices: PriceScene;
  let databaseUrl: string;
  let bad: number;
  const warnings: string[] = [];
  const index = (staleAfterSeconds: number | null = null) => {
    warnings.length = 0;
    const request = prices.request(databaseUrl, [prices.feed({ staleAfterSeconds })]);
    return indexTo({ ...request, finality: 1, onWarning: (line) => warnings.push(line) });
  };
  const retries = () => warnings.filter((line) => line.startsWith('The program or the config'));

  beforeAll(async () => {
    prices = await PriceScene.start();
    const { scene, aggregator } = prices;
    const { chain, founder } = scene;
    await prices.submit(2000n * DOLLAR);
    await scene.pay(10n ** 18n);
    const code = await chain.rpc.call('eth_getCode', [aggregator.address, 'latest']);
    await mineBlock(chain);
    await chain.rpc.call('anvil_setCode', [aggregator.address, BAD_LOG]);
    await execute(chain, { from: founder, to: aggregator.address });
    bad = (await latestBlock(chain)).number;
    await chain.rpc.call('anvil_setCode', [aggregator.address, code]);
    await scene.pay(10n ** 18n);
    await mineBlock(chain);
    databaseUrl = await freshDatabase();
  });

  it('is held: its values end there, and everything else continues', async () => {
    await expect(index()).rejects.toMatchObject({ code: 'PRICE_BAD_LOG' });
    const [cursor] = await query<{ height: string }>(
      databaseUrl,
      'SELECT height::text FROM chain_cursor',
    );
    expect(Number(cursor?.height)).toBe((await latestBlock(prices.scene.chain)).number);
    const api = await startTestApi(databaseUrl);
    onTestFinished(() => api.close());
    const data = await askData(
      api,
      `{ receipts(direction: ASC) { nodes { value(currency: "USD") { amount } noPrice(currency: "USD") } }
        status { held { kind lastBlock block code } } }`,
    );
    expect(data).toEqual({
      receipts: {
        nodes: [
          { value: { amount: '2000' }, noPrice: null },
          { value: null, noPrice: 'NO_ROUND' },
        ],
      },
      status: [{ held: [{ kind: 'FEED', lastBlock: bad - 1, block: bad, code: 'PRICE_BAD_LOG' }] }],
    });
  });

  it('is read again once when the config changes, and not before', async () => {
    await expect(index()).rejects.toMatchObject({ code: 'PRICE_BAD_LOG' });
    expect(retries()).toEqual([]);
    await expect(index(7200)).rejects.toMatchObject({ code: 'PRICE_BAD_LOG' });
    expect(retries()).toHaveLength(1);
    await expect(index(7200)).rejects.toMatchObject({ code: 'PRICE_BAD_LOG' });
    expect(retries()).toEqual([]);
  });

  it('is read again once it is resumed, and no block of the chain is', async () => {
    const { chain } = prices.scene;
    const cursor = () => query(databaseUrl, 'SELECT height, hash FROM chain_cursor');
    const before = await cursor();
    const address = prices.aggregator.address.toLowerCase() as Address;
    const { hold } = await resumeContract(databaseUrl, chain.chainId, address);
    expect(hold).toMatchObject({ kind: 'feed', block: bad });
    expect(await query(databaseUrl, 'SELECT FROM contract_hold')).toEqual([]);
    expect(await cursor()).toEqual(before);
    // The cause is still there: it is found again where the past of the feed is read.
    await expect(index(7200)).rejects.toMatchObject({ code: 'PRICE_BAD_LOG' });
    expect(await query(databaseUrl, 'SELECT block_number::int FROM contract_hold')).toEqual([
      { block_number: bad },
    ]);
  });

  it('is held where its past is read, if it is added later, and read again without the chain', async () => {
    const later = await freshDatabase();
    const add = (staleAfterSeconds: number | null, feeds = true) => {
      warnings.length = 0;
      const configured = feeds ? [prices.feed({ staleAfterSeconds })] : [];
      const request = prices.request(later, configured);
      return indexTo({ ...request, finality: 1, onWarning: (line) => warnings.push(line) });
    };
    await add(null, false);
    await expect(add(null)).rejects.toMatchObject({ code: 'PRICE_BAD_LOG' });
    // The plan of the change comes first.
    expect(warnings).toHaveLength(3);
    expect(warnings[2]).toContain(`end at block ${bad - 1} (PRICE_BAD_LOG)`);
    expect(await roundsIn(later)).toEqual(await roundsIn(databaseUrl));
    const held = 'SELECT kind, last_block, block_number, is_confirmed, code FROM contract_hold';
    expect(await query(later, held)).toEqual(await query(databaseUrl, held));
    await expect(add(7200)).rejects.toMatchObject({ code: 'PRICE_BAD_LOG' });
    expect(warnings).toHaveLength(4);
    expect(warnings[0]).toContain('was held. Reading all prices of it again');
    expect(warnings[3]).toContain(`end at block ${bad - 1} (PRICE_BAD_LOG)`);
    expect(await roundsIn(later)).toHaveLength(1);
  });

  it('is read again once when the program changes', async () => {
    await query(databaseUrl, `UPDATE contract_hold SET program_version = '0.0.9'`);
    await expect(index(7200)).rejects.toMatchObject({ code: 'PRICE_BAD_LOG' });
    expect(retries()).toHaveLength(1);
    const [hold] = await query<{ program_version: string }>(
      databaseUrl,
      'SELECT program_version FROM contract_hold',
    );
    expect(hold?.program_version).not.toBe('0.0.9');
  });
});
