import { getAddress } from 'ethers';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { latestBlock, mineBlock } from '../../../devnet/chain.js';
import { functions } from '../../../src/abi/erc7641.js';
import { rollbackAbove } from '../../../src/store/write/rollback.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import type { FaultyProxy } from '../../support/nodes/faultyProxy.js';
import { faultyProxy, proxyWithoutRehearsal } from '../../support/nodes/rpcProxy.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

/** What proved each snapshot, from which block on. */
const proofs = async (databaseUrl: string) => {
  const rows = await query<{ snapshot_id: number; proof: string; block_number: string }>(
    databaseUrl,
    'SELECT snapshot_id, proof, block_number FROM snapshot_proof ORDER BY snapshot_id',
  );
  return rows.map((row) => [row.snapshot_id, row.proof, Number(row.block_number)]);
};

describe('the amount that a snapshot assigned', () => {
  let scene: Scene;
  let proxy: FaultyProxy;
  let taken: number;
  const index = (databaseUrl: string, toBlock?: number, url = proxy.url) =>
    indexTo(
      { chain: { ...scene.chain, url }, databaseUrl, tokens: [scene.token.address] },
      toBlock,
    );

  beforeAll(async () => {
    scene = await Scene.start();
    proxy = await faultyProxy(scene.chain.url);
    await scene.pay(1000n);
    await scene.snapshot();
    taken = (await latestBlock(scene.chain)).number;
    await mineBlock(scene.chain);
    await scene.call(scene.founder, 'claim', [1n]);
  });

  /** The node does not say what was claimable at the end of the snapshot's block. */
  const pruned = () =>
    proxy.inject({
      kind: 'error',
      code: -32000,
      message: 'missing trie node: historical trie is not available',
      method: 'eth_call',
      selector: functions.claimableRevenue.selector,
      block: taken,
      times: Infinity,
    });

  it("is proven in its block by the contract's view of the largest holder", async () => {
    const databaseUrl = await freshDatabase();
    await index(databaseUrl, taken + 1);
    expect(await proofs(databaseUrl)).toEqual([[1, 'VIEW', taken]]);
  });

  it('is unproven where the node keeps no old state, until a claim pays exactly the share', async () => {
    const databaseUrl = await freshDatabase();
    const fault = pruned();
    await index(databaseUrl, taken + 1);
    expect(await proofs(databaseUrl)).toEqual([]);
    await index(databaseUrl, taken + 2);
    fault.cancel();
    expect(await proofs(databaseUrl)).toEqual([[1, 'PAYMENT', taken + 2]]);
    // The claim is rolled back by a reorg, and its proof with it.
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('BEGIN');
    await rollbackAbove(client, scene.chain.chainId, [1], taken + 1);
    await client.query('COMMIT');
    await client.end();
    expect(await proofs(databaseUrl)).toEqual([]);
  });

  it('is proven later by what the contract says at a block whose state the node has', async () => {
    const databaseUrl = await freshDatabase();
    const fault = pruned();
    await index(databaseUrl, taken);
    expect(await proofs(databaseUrl)).toEqual([]);
    await index(databaseUrl, taken + 1);
    fault.cancel();
    expect(await proofs(databaseUrl)).toEqual([[1, 'VIEW', taken + 1]]);
  });

  it('is not asked of a holder who has claimed it, whose share is gone by every view', async () => {
    const databaseUrl = await freshDatabase();
    await index(databaseUrl, taken + 2);
    await query(databaseUrl, 'DELETE FROM snapshot_proof');
    await mineBlock(scene.chain);
    await index(databaseUrl, taken + 3);
    expect(await proofs(databaseUrl)).toEqual([[1, 'STORAGE', taken + 3]]);
    expect(await query(databaseUrl, 'SELECT reason FROM contract_hold')).toEqual([]);
  });
});

it('a contract that refuses a share is refused, and a node that refuses every call is not believed', async () => {
  const scene = await Scene.start();
  await scene.pay(1000n);
  await scene.snapshot();
  const block = (await latestBlock(scene.chain)).number;
  await mineBlock(scene.chain);
  const run = async (selectors: string[]) => {
    const proxy = await faultyProxy(scene.chain.url);
    for (const selector of selectors) {
      const reverts = { kind: 'error', code: 3, message: 'execution reverted' } as const;
      proxy.inject({ ...reverts, method: 'eth_call', selector, block, times: Infinity });
    }
    const databaseUrl = await freshDatabase();
    const chain = { ...scene.chain, url: proxy.url };
    await indexTo({ chain, databaseUrl, tokens: [scene.token.address] });
    return proofs(databaseUrl);
  };
  const { claimableRevenue, totalSupply } = functions;
  await expect(run([claimableRevenue.selector])).rejects.toThrow('has 800; the contract reverts');
  // At the next block, where the node has the state, the snapshot is not tried a second time.
  expect(await run([claimableRevenue.selector, totalSupply.selector])).toEqual([]);
});

it('a contract that assigns another amount is refused at the snapshot, with both figures', async () => {
  const scene = await Scene.start('RevShareWithholding');
  await scene.pay(1000n);
  await scene.snapshot();
  await scene.pay(1000n);
  await scene.snapshot();
  const { number } = await latestBlock(scene.chain);
  const databaseUrl = await freshDatabase();
  // A rehearsal would refuse it before its first block.
  const url = await proxyWithoutRehearsal(scene.chain.url);
  const chain = { ...scene.chain, url };
  const run = indexTo({ chain, databaseUrl, tokens: [scene.token.address] });
  await expect(run).rejects.toMatchObject({ code: 'LEDGER_SNAPSHOT_DIFFERS' });
  await expect(run).rejects.toThrow(
    `block ${number}: snapshot 2 assigned 800 wei by the books, of which ${getAddress(scene.founder)} ` +
      'with 1000 of 1000 tokens has 800; the contract says 720',
  );
  expect(await query(databaseUrl, 'SELECT snapshot_id FROM snapshot')).toEqual([
    { snapshot_id: 1 },
  ]);
});
