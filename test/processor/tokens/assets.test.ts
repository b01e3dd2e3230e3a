import { describe, expect, it } from 'vitest';
import { execute } from '../../../devnet/chain.js';
import { deployContract, encodeCall } from '../../../devnet/deploy.js';
import { deployOracle, modelAsk, modelUpload } from '../../../devnet/oracleContracts.js';
import type { Address } from '../../../src/address.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { countRows } from '../../support/databases/tables.js';
import { indexTo } from '../../support/programs/indexer.js';
import { AssetScene } from '../../support/scenes/assetScene.js';

async function indexed(
  { chain, token }: AssetScene,
  options: { assets?: string[]; labels?: { address: string; name: string }[] } = {},
): Promise<string> {
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address], ...options });
  return databaseUrl;
}

/** The figures of each snapshot in the books of an asset. */
function assigned(databaseUrl: string, asset: string) {
  return query<{ snapshot_id: number; new_revenue_wei: string; claimable_wei: string }>(
    databaseUrl,
    `SELECT snapshot_id, new_revenue_wei, claimable_wei FROM snapshot
     JOIN revenue_asset ON revenue_asset.number = snapshot.token_number
     WHERE asset = $1 ORDER BY snapshot_id`,
    [Buffer.from(asset.slice(2), 'hex')],
  );
}

function refusal(scene: AssetScene, options: { assets?: string[] } = {}): Promise<unknown> {
  return indexed(scene, options).then(
    () => null,
    (reason: unknown) => reason,
  );
}

describe('ERC-20 revenue in the order of execution', () => {
  it('between a receipt, a snapshot and a receipt of one transaction', async () => {
    const scene = await AssetScene.start();
    const { token, dollar } = scene;
    await scene.wait();
    await scene.route([
      [dollar, 'mint', [token.address, 700n]],
      [token, 'snapshot', []],
      [dollar, 'mint', [token.address, 11n]],
    ]);
    const databaseUrl = await indexed(scene);
    expect(await assigned(databaseUrl, dollar.address)).toEqual([
      { snapshot_id: 1, new_revenue_wei: '700', claimable_wei: '560' },
    ]);
  });

  it('a balance that grew without a log before a snapshot, and again after it, is booked in order', async () => {
    const scene = await AssetScene.start();
    const { token, dollar } = scene;
    await scene.wait();
    await scene.route([
      [dollar, 'mint', [token.address, 700n]],
      [dollar, 'accrue', [token.address, 50n]],
      [token, 'snapshot', []],
      [dollar, 'accrue', [token.address, 9n]],
    ]);
    const databaseUrl = await indexed(scene);
    expect(await assigned(databaseUrl, dollar.address)).toEqual([
      { snapshot_id: 1, new_revenue_wei: '750', claimable_wei: '600' },
    ]);
    const receipts = await query(
      databaseUrl,
      `SELECT amount_wei, kind, source FROM receipt ORDER BY id`,
    );
    expect(receipts).toEqual([
      { amount_wei: '700', kind: 'transfer', source: 'unknown' },
      { amount_wei: '50', kind: 'untraced', source: 'untraced' },
      { amount_wei: '9', kind: 'untraced', source: 'untraced' },
    ]);
  });

  it('an asset that is accepted in the transaction that brings it, before a snapshot, is booked in order', async () => {
    const scene = await AssetScene.start();
    const { token, wrapped, founder } = scene;
    await scene.send(founder, wrapped, 'mint', [token.address, 5n]);
    await scene.call(founder, 'addRevenueToken', [wrapped.address]);
    await scene.wait();
    await scene.route([
      [wrapped, 'mint', [token.address, 95n]],
      [token, 'snapshot', []],
    ]);
    const databaseUrl = await indexed(scene);
    expect(await assigned(databaseUrl, wrapped.address)).toEqual([
      { snapshot_id: 1, new_revenue_wei: '100', claimable_wei: '80' },
    ]);
  });

  it('leaves ERC-20 tokens alone that are not shared', async () => {
    const scene = await AssetScene.start();
    await scene.payIn(scene.wrapped, 10n ** 30n);
    await scene.snapshot();
    expect(await countRows(await indexed(scene))).toMatchObject({ receipt: 0, revenue_asset: 1 });
  });
});

describe('where ERC-20 revenue comes from', () => {
  it('is found through all who passed it on, and pulled payments have their payer', async () => {
    const scene = await AssetScene.start();
    const { token, dollar, router, payer, founder } = scene;
    await scene.send(payer, dollar, 'mint', [payer, 80n]);
    await scene.send(payer, dollar, 'approve', [router.address, 80n]);
    await scene.route([[dollar, 'transferFrom', [payer, token.address, 80n]]]);
    const labels = [{ address: router.address, name: 'till' }];
    const databaseUrl = await indexed(scene, { labels });
    const [receipt] = await query<{
      payer: Buffer;
      source: string;
      source_address: Buffer;
      path: Buffer[];
    }>(databaseUrl, 'SELECT payer, source, source_address, path FROM receipt');
    const hex = (bytes: Buffer | undefined) => `0x${bytes?.toString('hex')}`;
    expect(hex(receipt?.payer)).toBe(payer);
    expect([receipt?.source, hex(receipt?.source_address)]).toEqual(['known', router.address]);
    expect(receipt?.path.map(hex)).toEqual([founder, router.address, payer]);
  });

  it('is the revenue of a model that an AI oracle paid out in it', async () => {
    const scene = await AssetScene.start();
    const { chain, token, dollar, payer, founder } = scene;
    const oracle = await deployOracle(chain, { from: founder });
    const terms = { modelId: 11n, fee: 1000n, receiver: token.address, receiverPercentage: 70n };
    const upload = modelUpload(oracle, 'uploadModel', { ...terms, token: dollar.address });
    await execute(chain, { from: founder, to: oracle.address, data: upload });
    await scene.send(payer, dollar, 'mint', [payer, 1000n]);
    await scene.send(payer, dollar, 'approve', [oracle.address, 1000n]);
    const request = modelAsk(oracle, { modelId: 11n, input: '0x12' });
    await execute(chain, { from: payer, to: oracle.address, data: request });
    await scene.send(founder, oracle, 'claimModelRevenue', [11n]);

    const databaseUrl = await freshDatabase();
    const oracles = [{ address: oracle.address }];
    await indexTo({ chain, databaseUrl, tokens: [token.address], oracles });
    const receipts = await query(
      databaseUrl,
      `SELECT amount_wei, kind, source, encode(source_address, 'hex') AS from, model_id FROM receipt`,
    );
    expect(receipts).toEqual([
      {
        amount_wei: '700',
        kind: 'transfer',
        source: 'oracle',
        from: oracle.address.slice(2),
        model_id: '11',
      },
    ]);
  });
});

describe('what no policy explains is refused', () => {
  it('a shared ERC-20 that leaves by another way than claim and burn', async () => {
    const scene = await AssetScene.start();
    const { chain, token, dollar, founder } = scene;
    await scene.payIn(dollar, 100n);
    await chain.rpc.call('anvil_setBalance', [token.address, '0xde0b6b3a7640000']);
    const data = encodeCall(dollar, 'transfer', [founder, 40n]);
    // As only the token's own code could.
    await execute(chain, { from: token.address, to: dollar.address, data });
    expect(await refusal(scene)).toMatchObject({
      code: 'LEDGER_UNEXPLAINED_PAYMENT',
      message: expect.stringContaining('40 of'),
    });
  });

  it('assets in the config of a token that lists them, or that has none', async () => {
    const scene = await AssetScene.start();
    await scene.payIn(scene.dollar, 100n);
    // What it lists itself may be named too.
    const assets = [scene.dollar.address];
    expect(await countRows(await indexed(scene, { assets }))).toMatchObject({ revenue_asset: 1 });

    const databaseUrl = await freshDatabase();
    const { chain, token, wrapped } = scene;
    const request = { chain, databaseUrl, tokens: [token.address] };
    await indexTo(request);
    await scene.pay(1n);
    await indexTo({ ...request, assets: [wrapped.address] });
    const named = `SELECT FROM revenue_asset a JOIN token t ON t.number = a.token_number
      WHERE a.asset = '\\x${wrapped.address.slice(2)}'`;
    expect(await query(databaseUrl, named)).toHaveLength(1);

    const terms = ['Plain', 'PLN', 1000n, 80, 2, 10];
    const plain = await deployContract(chain, 'RevShareWindowedSeconds', terms, {
      from: scene.founder,
    });
    const tokens = [plain.address as Address];
    await expect(
      indexTo({ chain, databaseUrl: await freshDatabase(), tokens, assets }),
    ).rejects.toMatchObject({ code: 'TOKEN_SHARES_NO_ASSETS' });
  });
});
