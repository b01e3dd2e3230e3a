import { describe, expect, it } from 'vitest';
import { execute } from '../../../devnet/chain.js';
import { type DeployedContract, deployRouter, encodeCall } from '../../../devnet/deploy.js';
import { routerBundle } from '../../../devnet/holder.js';
import { deployOracle, modelAsk, modelUpload } from '../../../devnet/oracleContracts.js';
import { askData, startTestApi } from '../../api/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { balancesOf } from '../../support/scenes/accounts.js';
import { CollectionScene, idOf, text } from '../../support/scenes/collectionScene.js';

const [A, B] = ['a', 'b'].map((words) => text(words)) as [string, string];

/** A collection with 60 % of mint fees and 10 % royalties for the token, and a market. */
async function start() {
  const scene = await CollectionScene.start();
  const terms = [4, scene.token.address, 60, 10];
  const cats = await scene.collection('AigcRoyalty', ['Cats', 'CAT', ...terms]);
  const market = await scene.deploy('AigcMarket', []);
  return { scene, cats, market, terms };
}

/** Mints a token for alice, who offers it. */
async function offer(
  { scene, market }: { scene: CollectionScene; market: DeployedContract },
  collection: DeployedContract,
  prompt: string,
  priceWei: bigint,
): Promise<void> {
  const { alice } = scene;
  await scene.call(alice, collection, 'mint', [alice, prompt], 10n);
  await scene.call(alice, collection, 'approve', [market.address, idOf(prompt)]);
  await scene.call(alice, market, 'offer', [collection.address, idOf(prompt), priceWei]);
}

async function index(
  { scene, market }: { scene: CollectionScene; market: DeployedContract },
  oracles: readonly DeployedContract[] = [],
): Promise<string> {
  const databaseUrl = await freshDatabase();
  const labels = [{ address: market.address, name: 'market' }];
  await indexTo({ ...scene.request(), databaseUrl, labels, oracles });
  return databaseUrl;
}

/** Amount, source, part and address of each receipt, in order. */
async function receipts(databaseUrl: string) {
  const rows = await query<Record<'amount' | 'source' | 'part' | 'address', string | null>>(
    databaseUrl,
    `SELECT amount_wei::text AS amount, source, collection_part AS part,
       '0x' || encode(source_address, 'hex') AS address FROM receipt ORDER BY id`,
  );
  return rows.map(({ amount, source, part, address }) => [amount, source, part, address]);
}

describe('a receipt through a collection', () => {
  it('is a mint’s where the call minted, and of no part where it did not', async () => {
    const world = await start();
    const { scene, cats } = world;
    await scene.call(scene.alice, cats, 'mint', [scene.alice, A], 100n);
    const router = await deployRouter(scene.chain, { from: scene.founder });
    const step = (name: string, args: unknown[]) => ({
      target: cats.address,
      data: encodeCall(cats, name, args),
      valueWei: 0n,
      mayFail: false,
    });
    // One transaction with a call that mints and one that does not.
    const steps = [step('withdraw', []), step('mint', [scene.bob, B])];
    await execute(scene.chain, routerBundle(router, scene.alice, steps));
    expect(await receipts(await index(world))).toEqual([
      ['60', 'collection', 'mint', cats.address],
      ['40', 'collection', null, cats.address],
    ]);
  });
});

describe('a royalty', () => {
  it('is what a market pays when a token changes its owner', async () => {
    const world = await start();
    const { scene, cats, market } = world;
    await offer(world, cats, A, 1000n);
    const bought = [cats.address, idOf(A)];
    await scene.call(scene.bob, market, 'buy', bought, 1000n);
    const databaseUrl = await index(world);
    expect(await receipts(databaseUrl)).toEqual([
      ['6', 'collection', 'mint', cats.address],
      ['100', 'collection', 'royalty', cats.address],
    ]);
    expect(await balancesOf(databaseUrl, scene.token.address)).toEqual({
      native: { 'income/mint': '-6', 'income/royalty': '-100', 'new-revenue': '106' },
    });
    const api = await startTestApi(databaseUrl);
    try {
      const variables = { chainId: scene.chain.chainId, token: scene.token.address };
      const data = await askData(
        api,
        `query ($chainId: SafeInt!, $token: Address!) {
          bySource: revenue(chainId: $chainId, token: $token) { source collectionPart amountWei }
          byPart: revenue(chainId: $chainId, token: $token, groupBy: COLLECTION_PART) {
            source collectionPart amountWei receipts
          }
          receipts(direction: ASC) { nodes { collectionPart } }
        }`,
        variables,
      );
      expect(data).toEqual({
        bySource: [{ source: 'COLLECTION', collectionPart: null, amountWei: '106' }],
        byPart: [
          { source: 'COLLECTION', collectionPart: 'ROYALTY', amountWei: '100', receipts: 1 },
          { source: 'COLLECTION', collectionPart: 'MINT', amountWei: '6', receipts: 1 },
        ],
        receipts: { nodes: [{ collectionPart: 'MINT' }, { collectionPart: 'ROYALTY' }] },
      });
    } finally {
      await api.close();
    }
  });

  it('is not what an oracle pays on the way', async () => {
    const world = await start();
    const { scene, cats, market } = world;
    const { founder, bob, chain } = scene;
    const oracle = await deployOracle(chain, { from: founder });
    const send = (data: string, valueWei = 0n) =>
      execute(chain, { from: founder, to: oracle.address, data, valueWei });
    const model = {
      modelId: 11n,
      receiver: scene.token.address,
      fee: 50n,
      receiverPercentage: 70n,
    };
    await send(modelUpload(oracle, 'uploadModel', model));
    await send(modelAsk(oracle, { modelId: 11n, input: '0x12' }), 50n);
    await offer(world, cats, A, 1000n);
    const claim = encodeCall(oracle, 'claimModelRevenue', [11n]);
    const bought = [cats.address, idOf(A), oracle.address, claim];
    await scene.call(bob, market, 'buyAndCall', bought, 1000n);
    expect(await receipts(await index(world, [oracle]))).toEqual([
      ['6', 'collection', 'mint', cats.address],
      ['100', 'collection', 'royalty', cats.address],
      ['35', 'oracle', null, oracle.address],
    ]);
  });

  it('is of none of them by name where tokens of several collections were traded', async () => {
    const world = await start();
    const { scene, cats, market, terms } = world;
    const dogs = await scene.collection('AigcRoyalty', ['Dogs', 'DOG', ...terms]);
    await offer(world, cats, A, 1000n);
    await offer(world, dogs, B, 500n);
    const router = await deployRouter(scene.chain, { from: scene.founder });
    const buy = (collection: DeployedContract, prompt: string, valueWei: bigint) => ({
      target: market.address,
      data: encodeCall(market, 'buy', [collection.address, idOf(prompt)]),
      valueWei,
      mayFail: false,
    });
    const steps = [buy(cats, A, 1000n), buy(dogs, B, 500n)];
    await execute(scene.chain, routerBundle(router, scene.bob, steps));
    expect((await receipts(await index(world))).slice(2)).toEqual([
      ['100', 'collection', 'royalty', null],
      ['50', 'collection', 'royalty', null],
    ]);
  });
});
