import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mineBlocks } from '../../../devnet/chain.js';
import { type Address, checksummed } from '../../../src/address.js';
import type { ChainConfig } from '../../../src/config/types.js';
import { askData, startTestApi } from '../../api/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import {
  type GatewaySimulator,
  startGatewaySimulator,
} from '../../support/nodes/gatewaySimulator.js';
import { type PortalSimulator, startPortalSimulator } from '../../support/nodes/portalSimulator.js';
import { indexTo } from '../../support/programs/indexer.js';
import { runVerbHere } from '../../support/programs/verbHere.js';
import { writeConfig } from '../../support/programs/writeConfig.js';
import { FactoryScene } from '../../support/scenes/factoryScene.js';

let scene: FactoryScene;
let portal: PortalSimulator;
let gateway: GatewaySimulator;

beforeAll(async () => {
  scene = await FactoryScene.start();
  const token = await scene.createToken(1, 77n);
  await scene.createSale(token);
  await mineBlocks(scene.chain, 40, 1);
  await scene.createTokens(7, 2);
  // An address without code.
  await scene.announce(scene.payer);
  await mineBlocks(scene.chain, 12, 1);
  const rpcUrl = scene.chain.url;
  portal = await startPortalSimulator({ rpcUrl, chunk: 16, chunksAtOnce: 1 });
  gateway = await startGatewaySimulator({ rpcUrl, chunk: 16 });
});

afterAll(async () => {
  await portal.close();
  await gateway.close();
});

/** imo.yaml with the entries of the scene for tokens, and other lines. */
function configOf(more: string): Promise<string> {
  const { chain } = scene;
  return writeConfig(
    `chains:\n  - id: ${chain.chainId}\n    name: devnet\n    rpc: ${chain.url}\n    finality: 2\n    cache: false\n${more}`,
  );
}

function tokensFrom(factory: string, event = 'address indexed token, address creator'): string {
  return `    tokensFrom:\n      - factory: "${factory}"\n        event: "event TokenCreated(${event})"\n        field: token\n`;
}

describe('what a factory created', () => {
  test('is the same where a Portal or a gateway finds the blocks of its events', async () => {
    const index = async (more: Partial<ChainConfig>) => {
      const databaseUrl = await freshDatabase();
      await indexTo({ ...scene.request(databaseUrl, { more }), finality: 2 });
      const created = await query(
        databaseUrl,
        'SELECT * FROM factory_contract ORDER BY block_number, log_index',
      );
      // The program and the config differ: they name the services.
      return {
        created: created.map(({ refused_by: _, ...row }) => row),
        rows: await dumpTables(databaseUrl),
      };
    };
    const truth = await index({});
    expect(truth.created).toHaveLength(5);
    const asks = (bodies: readonly string[]) =>
      bodies.filter((body) => body.includes(scene.factory.address)).length;
    expect(await index({ portal: { url: portal.url, key: null } })).toEqual(truth);
    expect(asks(portal.bodies)).toBeGreaterThan(0);
    expect(await index({ gatewayUrl: gateway.url, gatewayKey: null })).toEqual(truth);
    expect(asks(gateway.bodies)).toBeGreaterThan(0);
  });

  test('is part of a plan before anything is indexed, with the price of the search first', async () => {
    const databaseUrl = await freshDatabase();
    const plan = (config: string, ...args: string[]) =>
      runVerbHere(['plan', '--config', config, ...args], { DATABASE_URL: databaseUrl });
    const { address } = scene.factory;
    const [token = ''] = await tokens();
    await indexTo({ chain: scene.chain, databaseUrl, tokens: [token], finality: 2 });
    const config = `    tokens: [{address: "${token}"}]\n${tokensFrom(address)}`;
    const { stdout, stderr, exitCode } = await plan(await configOf(config));
    expect(stderr).toMatch(
      /^Searching \d+ blocks for what factory 0x\w+ created: at most about 1 question for logs/m,
    );
    expect(stdout).toMatch(
      /^ {2}\+ token 0x\w+, from block \d+: its history is read next to the live books$/m,
    );
    expect(stdout).toContain(
      `  * factory ${checksummed(address as Address)} created 3 tokens so far`,
    );
    expect(exitCode).toBe(0);
    expect(await query(databaseUrl, 'SELECT FROM factory')).toEqual([]);
    // One block for each question: too many to ask without being asked to.
    const dear = await configOf(`    source: {blocksAtOnce: 1}\n    startBlock: 0\n${config}`);
    await mineBlocks(scene.chain, 60, 1);
    const unknown = await plan(dear);
    expect(unknown.stdout).toMatch(
      /^ {2}\? factory 0x\w+: which tokens it created is not known yet\. .* searches 1\d\d blocks/m,
    );
    const { stdout: json } = await plan(dear, '--search', '--json');
    expect(JSON.parse(json)).toMatchObject([{ added: [{}, {}], factories: [{ contracts: 3 }] }]);
  });

  test('makes a plan refuse a factory that the index would refuse, each with its own error', async () => {
    const databaseUrl = await freshDatabase();
    await indexTo({ chain: scene.chain, databaseUrl, tokens: await tokens(), finality: 2 });
    const refused = async (factory: string, event?: string) => {
      const config = await configOf(tokensFrom(factory, event));
      return runVerbHere(['plan', '--config', config], { DATABASE_URL: databaseUrl });
    };
    const nobody = await refused(`0x${'ab'.repeat(20)}`);
    expect(nobody.exitCode).toBe(1);
    expect(nobody.stdout).toMatch(/tokensFrom 0x\w+: FACTORY_NOT_A_CONTRACT: there is no contract/);
    const other = await refused(scene.factory.address, 'address token, address creator');
    expect(other.exitCode).toBe(1);
    expect(other.stdout).toMatch(/tokensFrom 0x\w+: FACTORY_EVENT_UNREADABLE: none of 4 logs/);
  });

  test('is part of an estimate', async () => {
    const config = await configOf(tokensFrom(scene.factory.address));
    const { stdout, exitCode } = await runVerbHere(['estimate', '--config', config]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ {2}\* factory 0x\w+ created 3 tokens so far/m);
    expect(stdout).toMatch(/^ {2}whole {5}about [1-9]\d* hits/m);
  });

  test('and is left out shows in the status of the chain, with the reason', async () => {
    const databaseUrl = await freshDatabase();
    const config = await configOf(tokensFrom(scene.factory.address));
    const env = { DATABASE_URL: databaseUrl };
    const factories = scene.factories.slice(0, 1);
    await indexTo({ ...scene.request(databaseUrl, { more: { factories } }), finality: 2 });
    const { stdout } = await runVerbHere(['status', '--config', config], env);
    const payer = checksummed(scene.payer as Address);
    expect(stdout).toContain(
      `devnet: ${payer} is left out, which factory ${factory()} named in block `,
    );
    expect(stdout).toContain('(FACTORY_NAMES_NO_CONTRACT): ');
    const api = await startTestApi(databaseUrl);
    try {
      const { status } = await askData(
        api,
        '{ status { refusedCreations { address factory code reason block } } }',
      );
      expect(status).toEqual([
        {
          refusedCreations: [
            {
              address: payer,
              factory: factory(),
              code: 'FACTORY_NAMES_NO_CONTRACT',
              reason: expect.stringContaining('where there is no contract'),
              block: expect.any(Number),
            },
          ],
        },
      ]);
    } finally {
      await api.close();
    }
    const { stdout: findings } = await runVerbHere(['doctor', '--config', config, '--json'], env);
    const codes = (JSON.parse(findings) as { findings: { code: string }[] }).findings.map(
      ({ code }) => code,
    );
    expect(codes).toContain('CREATIONS_LEFT_OUT');
    expect(codes).not.toContain('CONTRACT_NOT_IN_CONFIG');
  });
});

const factory = () => checksummed(scene.factory.address as Address);

/** The tokens that the factory created. */
async function tokens(): Promise<string[]> {
  const logs = await scene.chain.rpc.call<{ topics: string[] }[]>('eth_getLogs', [
    { address: scene.factory.address, fromBlock: '0x0', topics: [scene.factories[0]?.event.topic] },
  ]);
  const named = logs.map(({ topics }) => `0x${topics[1]?.slice(26)}`);
  return named.filter((address) => address !== scene.payer.toLowerCase());
}
