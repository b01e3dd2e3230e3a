import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { latestBlock, mineBlocks } from '../../devnet/chain.js';
import { auditedBlock } from '../../src/audit/run.js';
import { ChainNode } from '../../src/chain/node.js';
import { askData, operatorsPage, startTestApi } from '../api/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { indexTo } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { Scene } from '../support/scenes/scene.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

/** Books of a fork that is gone below its final blocks, as a restored copy of a database has them. */
describe('books of a dead fork', () => {
  let scene: Scene;
  let databaseUrl: string;
  let indexed: number;

  beforeAll(async () => {
    scene = await Scene.start();
    await scene.pay(1000n);
    databaseUrl = await freshDatabase();
    const fork = await scene.chain.rpc.call<string>('evm_snapshot');
    await mineBlocks(scene.chain, 20, 1);
    indexed = await indexTo({
      chain: scene.chain,
      databaseUrl,
      tokens: [scene.token.address],
      finality: 3,
    });
    await scene.chain.rpc.call('evm_revert', [fork]);
    await scene.pay(1n);
    await mineBlocks(scene.chain, 60, 2);
  });

  it('are refused by an audit, also of a block whose own hash is not remembered', async () => {
    const db = new pg.Pool({ connectionString: databaseUrl });
    const node = new ChainNode(scene.chain.url);
    onTestFinished(async () => {
      node.close();
      await db.end();
    });
    const at = (block: number) => auditedBlock(db, node, scene.chain.chainId, { block });
    await expect(at(indexed - 10)).rejects.toMatchObject({ code: 'AUDIT_OTHER_FORK' });
    await expect(at(indexed)).rejects.toMatchObject({ code: 'AUDIT_OTHER_FORK' });
    expect(await at(scene.token.deploymentBlock)).toMatchObject({
      number: scene.token.deploymentBlock,
    });
  });

  it('are named by status', async () => {
    const folder = await temporaryFolder();
    const config = join(folder, 'imo.yaml');
    const { chainId, url } = scene.chain;
    await writeFile(
      config,
      `chains:\n  - id: ${chainId}\n    name: devnet\n    rpc: ${url}\n    tokens: [{address: '${scene.token.address}'}]\n`,
    );
    const environment = { DATABASE_URL: databaseUrl };
    const json = await runVerbHere(['status', '--config', config, '--json'], environment);
    expect(json.stderr).toBe('');
    expect(JSON.parse(json.stdout)).toMatchObject([{ indexedBlock: indexed, isOnChain: false }]);
    const { stdout } = await runVerbHere(['status', '--config', config], environment);
    expect(stdout).toContain(`devnet: block ${indexed} is 0x`);
  });

  it('make serve not ready, and its status names the reason', async () => {
    const { chainId: id, url: rpcUrl } = scene.chain;
    const api = await startTestApi(databaseUrl, { chains: [{ id, name: 'devnet', rpcUrl }] });
    onTestFinished(() => api.close());
    expect(await askData(api, '{ status { isOnChain } }')).toEqual({
      status: [{ isOnChain: false }],
    });
    const ready = await operatorsPage(api, '/ready');
    expect(ready.status).toBe(503);
    const { reasons } = (await ready.json()) as { reasons: string[] };
    expect(reasons).toContain(
      `devnet: its node has another block ${indexed - 3}: the chain forked below it`,
    );
  });

  it('are taken back by index before it asks a contract anything', async () => {
    const warnings: string[] = [];
    const request = {
      chain: scene.chain,
      databaseUrl,
      tokens: [scene.token.address],
      finality: 3,
      onWarning: (line: string) => warnings.push(line),
    };
    // A token that is only in the config is looked up on the chain, after the comparison.
    const missing = `0x${'77'.repeat(20)}`;
    const run = indexTo({ ...request, tokens: [scene.token.address, missing] });
    await expect(run).rejects.toThrow(/0x7777/i);
    expect(warnings.join('\n')).toContain('DEEP REORG');
    const { number } = await latestBlock(scene.chain);
    expect(await indexTo(request)).toBe(number);
    const api = await startTestApi(databaseUrl, {
      chains: [{ id: scene.chain.chainId, name: 'devnet', rpcUrl: scene.chain.url }],
    });
    onTestFinished(() => api.close());
    expect(await askData(api, '{ status { isOnChain } }')).toEqual({
      status: [{ isOnChain: true }],
    });
  });
});
