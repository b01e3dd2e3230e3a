import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChainConfig } from '../../../src/config/types.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import {
  type GatewaySimulator,
  startGatewaySimulator,
} from '../../support/nodes/gatewaySimulator.js';
import { type PortalSimulator, startPortalSimulator } from '../../support/nodes/portalSimulator.js';
import { indexTo } from '../../support/programs/indexer.js';
import { type LivedToken, liveToken } from '../../support/scenes/livedToken.js';

const KEY = 'sqd_secret_of_the_test';

let life: LivedToken;
let truth: Record<string, string[]>;
let portal: PortalSimulator;
let gateway: GatewaySimulator;

beforeAll(async () => {
  life = await liveToken(3);
  truth = (await index({})).rows;
  const { url: rpcUrl } = life.chain;
  portal = await startPortalSimulator({ rpcUrl, key: KEY, chunk: 16, chunksAtOnce: 1 });
  gateway = await startGatewaySimulator({ rpcUrl, key: KEY, chunk: 16 });
}, 60_000);

afterAll(async () => {
  await portal.close();
  await gateway.close();
});

async function index(more: Partial<ChainConfig>) {
  const { chain, tokens } = life;
  const warnings: string[] = [];
  const databaseUrl = await freshDatabase();
  const onWarning = (line: string) => void warnings.push(line);
  await indexTo({ chain, tokens, databaseUrl, finality: 5, onWarning, more });
  return { rows: await dumpTables(databaseUrl), warnings };
}

function byPortal(key: string | null = KEY) {
  return {
    portal: { url: portal.url, key },
    source: { finders: ['portal' as const], blocksAtLeast: 1 },
  };
}

function byGateway(key: string | null) {
  return {
    gatewayUrl: gateway.url,
    gatewayKey: key,
    source: { finders: ['gateway' as const], blocksAtLeast: 1 },
  };
}

describe('the books of a chain whose blocks were found by a service are the same', () => {
  test('the books are the same if an SQD Portal finds the blocks', async () => {
    const asked = portal.bodies.length;
    expect((await index(byPortal())).rows).toEqual(truth);
    expect(portal.bodies.length).toBeGreaterThan(asked);
  });

  test('the books are the same if an SQD v2 gateway with a key finds the blocks', async () => {
    const asked = gateway.bodies.length;
    expect((await index(byGateway(KEY))).rows).toEqual(truth);
    expect(gateway.bodies.length).toBeGreaterThan(asked);
  });

  test('if the gateway refuses requests without a key, the node finds the blocks and the log names the remedy', async () => {
    const { rows, warnings } = await index(byGateway(null));
    expect(rows).toEqual(truth);
    expect(warnings.join('\n')).toContain('answered 401');
    expect(warnings.join('\n')).toContain('https://portal.sqd.dev/datasets/ethereum-mainnet');
  });

  test('the node finds the blocks if the key of the Portal is refused during a run', async () => {
    portal.inject({ kind: 'ends', records: 4 }, { kind: 'status', status: 401 });
    const { rows, warnings } = await index(byPortal());
    expect(rows).toEqual(truth);
    expect(warnings.join('\n')).toContain('answered 401');
    expect(warnings.join('\n')).not.toContain(KEY);
  });

  test('the node finds the blocks if the Portal is behind', async () => {
    portal.lag = 20;
    expect((await index(byPortal())).rows).toEqual(truth);
    portal.lag = 0;
  });

  test('the node finds the blocks if the Portal follows another fork', async () => {
    const hash = `0x${'ab'.repeat(32)}`;
    portal.inject({
      kind: 'changes',
      change: ({ header, ...rest }) => ({ ...rest, header: Object.assign({}, header, { hash }) }),
      records: 1,
    });
    const { rows, warnings } = await index(byPortal());
    expect(rows).toEqual(truth);
    expect(warnings.join('\n')).toContain(hash);
  });

  test('the Portal finds the blocks despite streams that are cut and refusals that pass', async () => {
    const busy = { kind: 'status' as const, retryAfterSeconds: 0 };
    portal.inject(
      { kind: 'breaks', records: 2 },
      { ...busy, status: 529 },
      { kind: 'cuts', records: 1 },
      { ...busy, status: 429 },
      { ...busy, status: 503 },
      { kind: 'ends', records: 1 },
    );
    const { rows, warnings } = await index(byPortal());
    expect(rows).toEqual(truth);
    expect(warnings.filter((line) => line.startsWith('portal:'))).toEqual([]);
  });
});
