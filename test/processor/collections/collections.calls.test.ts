import { keccak256 } from 'ethers';
import { describe, expect, it } from 'vitest';
import { execute, mineBlock, sendTransaction, setAutomine } from '../../../devnet/chain.js';
import { type DeployedContract, deployRouter, encodeCall } from '../../../devnet/deploy.js';
import { routerBundle } from '../../../devnet/holder.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { faultyProxy, proxyWithout } from '../../support/nodes/rpcProxy.js';
import { indexTo } from '../../support/programs/indexer.js';
import { CollectionScene, idOf, text } from '../../support/scenes/collectionScene.js';

/** Payments with what reached the revenue token inside them, and their tokens, in order. */
async function payments(databaseUrl: string) {
  const rows = await query<{ paid: string; revenue: string; tokens: string[] }>(
    databaseUrl,
    `SELECT paid_wei::text AS paid,
       (SELECT coalesce(sum(amount_wei), 0)::text FROM mint_revenue r
        WHERE r.payment_id = p.id AND is_inside) AS revenue,
       (SELECT array_agg(token_id::text ORDER BY id) FROM aigc_transfer t
        WHERE t.payment_id = p.id) AS tokens
     FROM mint_payment p ORDER BY id`,
  );
  return rows.map(({ paid, revenue, tokens }) => [paid, revenue, tokens.map(BigInt)]);
}

async function knownHashes(databaseUrl: string): Promise<string[]> {
  const rows = await query<{ hash: string }>(
    databaseUrl,
    `SELECT '0x' || encode(hash, 'hex') AS hash FROM aigc_content ORDER BY id`,
  );
  return rows.map(({ hash }) => hash);
}

async function start() {
  const scene = await CollectionScene.start();
  const args = ['Cats', 'CAT', 4, scene.token.address, 60];
  const cats = await scene.collection('AigcCollection', args);
  const router = await deployRouter(scene.chain, { from: scene.founder });
  return { scene, cats, router };
}

function mintStep(cats: DeployedContract, to: string, prompt: string, valueWei: bigint) {
  const data = encodeCall(cats, 'mint', [to, prompt]);
  return { target: cats.address, data, valueWei, mayFail: true };
}

const [A, B, C] = ['a', 'b', 'c'].map((words) => text(words)) as [string, string, string];

describe('each mint keeps its own payment', () => {
  it('each mint keeps its payment if one of several in a transaction fails', async () => {
    const { scene, cats, router } = await start();
    const steps = [
      mintStep(cats, scene.alice, A, 100n),
      mintStep(cats, scene.alice, A, 200n),
      mintStep(cats, scene.bob, B, 300n),
    ];
    await execute(scene.chain, routerBundle(router, scene.alice, steps));
    expect(await payments(await scene.index())).toEqual([
      ['100', '60', [idOf(A)]],
      ['300', '180', [idOf(B)]],
    ]);
  });

  it('each mint keeps its payment if the receiver mints again before the call has ended', async () => {
    const { scene, cats } = await start();
    const receiver = await scene.deploy('AigcReceiver', []);
    const args = [cats.address, [A, B], C, 30n];
    await scene.call(scene.alice, receiver, 'run', args, 130n);
    // The log of B comes after those of the inner call, and still belongs to the outer one.
    expect(await payments(await scene.index())).toEqual([
      ['100', '60', [idOf(A), idOf(B)]],
      ['30', '18', [idOf(C)]],
    ]);
  });

  it('each mint keeps its payment if everything inside a nested call is reverted', async () => {
    const { scene, cats, router } = await start();
    const undo = {
      target: router.address,
      data: encodeCall(router, 'alwaysRevert', []),
      valueWei: 0n,
      mayFail: false,
    };
    const nested = routerBundle(router, scene.alice, [mintStep(cats, scene.alice, A, 100n), undo]);
    const inner = {
      target: router.address,
      data: nested.data ?? '0x',
      valueWei: 100n,
      mayFail: true,
    };
    const steps = [inner, mintStep(cats, scene.alice, B, 10n)];
    await execute(scene.chain, routerBundle(router, scene.alice, steps));
    const databaseUrl = await scene.index();
    expect(await payments(databaseUrl)).toEqual([['10', '6', [idOf(B)]]]);
    const revenue = await query(databaseUrl, 'SELECT amount_wei, is_inside FROM mint_revenue');
    expect(revenue).toEqual([{ amount_wei: '6', is_inside: true }]);
    const receipts = await query(databaseUrl, 'SELECT amount_wei, source FROM receipt');
    expect(receipts).toEqual([{ amount_wei: '6', source: 'collection' }]);
  });

  it('where calls are delegated inside the collection, the outer call is the one that paid', async () => {
    const { scene, cats } = await start();
    const calls = [
      encodeCall(cats, 'mint', [scene.alice, A]),
      encodeCall(cats, 'addAigcData', [idOf(A), A, '0x05', '0x']),
    ];
    await scene.call(scene.bob, cats, 'multicall', [calls], 50n);
    const databaseUrl = await scene.index();
    expect(await payments(databaseUrl)).toEqual([['50', '30', [idOf(A)]]]);
    expect((await knownHashes(databaseUrl)).sort()).toEqual(
      [keccak256(A), keccak256('0x05')].sort(),
    );
  });

  it('each mint keeps its payment if several transactions of a block mint, trade and burn one token', async () => {
    const { scene, cats } = await start();
    await setAutomine(scene.chain, false);
    const send = (from: string, name: string, args: unknown[], valueWei = 0n) =>
      sendTransaction(scene.chain, {
        from,
        to: cats.address,
        data: encodeCall(cats, name, args),
        valueWei,
      });
    await send(scene.alice, 'mint', [scene.alice, A], 10n);
    await send(scene.alice, 'transferFrom', [scene.alice, scene.bob, idOf(A)]);
    await send(scene.bob, 'burn', [idOf(A)]);
    await send(scene.bob, 'mint', [scene.founder, A], 20n);
    await mineBlock(scene.chain);
    await setAutomine(scene.chain, true);
    const databaseUrl = await scene.index();
    expect(await payments(databaseUrl)).toEqual([
      ['10', '6', [idOf(A)]],
      ['20', '12', [idOf(A)]],
    ]);
    const [version] = await query(
      databaseUrl,
      'SELECT minted, burned, paid_wei, revenue_wei FROM collection_version',
    );
    expect(version).toEqual({ minted: '2', burned: '1', paid_wei: '30', revenue_wei: '18' });
  });
});

describe('contents are found anywhere in the call data', () => {
  it('contents are found in calls of other contracts, and in functions of no standard', async () => {
    const { scene, cats } = await start();
    const minter = await scene.deploy('AigcMinter', [scene.token.address]);
    const big = `0x${'c3'.repeat(20_000)}`;
    const args = [cats.address, B, big, '0x09', 5n];
    await scene.call(scene.alice, minter, 'buyWithData', args, 5n);
    await scene.call(scene.alice, cats, 'mintWithData', [scene.alice, C, '0x', '0x']);
    const databaseUrl = await scene.index();
    const hashes = [B, big, C, '0x'].map((bytes) => keccak256(bytes));
    expect((await knownHashes(databaseUrl)).sort()).toEqual(hashes.sort());
  });

  it('once, however often they repeat', async () => {
    const { scene, cats } = await start();
    await scene.call(scene.alice, cats, 'mint', [scene.alice, A]);
    for (const content of ['0x01', '0x02', '0x01']) {
      await scene.call(scene.alice, cats, 'addAigcData', [idOf(A), A, content, '0x']);
    }
    const hashes = [A, '0x01', '0x02'].map((bytes) => keccak256(bytes));
    expect(await knownHashes(await scene.index())).toEqual(hashes);
  });
});

describe('the source of the frames', () => {
  async function routedStory() {
    const { scene, cats, router } = await start();
    await scene.call(scene.alice, cats, 'mint', [scene.alice, A], 10n);
    const steps = [mintStep(cats, scene.alice, B, 100n), mintStep(cats, scene.bob, C, 300n)];
    await execute(scene.chain, routerBundle(router, scene.alice, steps));
    return scene;
  }

  it('the call tree is fetched only for a block where several calls came in', async () => {
    const scene = await routedStory();
    const proxy = await faultyProxy(scene.chain.url);
    const request = { ...scene.request(), databaseUrl: await freshDatabase() };
    await indexTo({ ...request, chain: { ...scene.chain, url: proxy.url } });
    // Once by the check of the source at the start.
    expect(proxy.calls('debug_traceBlockByHash')).toBe(2);
  });

  it('a node without trace_block makes the same books', async () => {
    const scene = await routedStory();
    const url = await proxyWithout(scene.chain.url, ['trace_block']);
    const databaseUrl = await freshDatabase();
    await indexTo({ ...scene.request(), chain: { ...scene.chain, url }, databaseUrl });
    expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(await scene.index()));
  });
});

describe('a config that does not fit is refused', () => {
  it('a collection that is not a contract is refused, and others may come and go', async () => {
    const { scene, cats } = await start();
    const databaseUrl = await scene.index();
    const { address } = await scene.deploy('AigcDraft', ['Draft', 'DRF']);
    const request = { ...scene.request(), databaseUrl };
    const both = [cats.address, scene.alice];
    await expect(indexTo({ ...request, collections: both })).rejects.toMatchObject({
      code: 'COLLECTION_NOT_A_CONTRACT',
    });
    await indexTo({ ...request, collections: [cats.address, address] });
    await indexTo({ ...request, collections: [address] });
    const books = `SELECT '0x' || encode(address, 'hex') AS address FROM contract
      WHERE archived_block IS NULL`;
    expect(await query(databaseUrl, books)).toEqual([{ address: address.toLowerCase() }]);
  });
});
