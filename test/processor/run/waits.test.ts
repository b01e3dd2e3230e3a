import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { defaultAccounts } from '../../../devnet/actors.js';
import { execute } from '../../../devnet/chain.js';
import { deployReference } from '../../../devnet/deploy.js';
import { reconcile } from '../../../src/processor/desks/reconcile.js';
import { LockWatch } from '../../../src/processor/run/lockWatch.js';
import { runIndexer } from '../../../src/processor/run.js';
import { readLockWaits } from '../../../src/store/database/lockWaits.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { eventually } from '../../support/eventually.js';
import { type Anvil, startAnvil } from '../../support/nodes/anvil.js';
import { faultyProxy } from '../../support/nodes/rpcProxy.js';
import { chainConfig, indexTo } from '../../support/programs/indexer.js';

/** Longer than any test waits: only a signal ends such a wait. */
const FOR_EVER_MS = 3_600_000;

interface LocalChain {
  readonly anvil: Anvil;
  readonly token: string;
}

let east: LocalChain;
let west: LocalChain;

beforeAll(async () => {
  [east, west] = await Promise.all([startChain(1001), startChain(1002)]);
});

async function startChain(chainId: number): Promise<LocalChain> {
  const anvil = await startAnvil({ chainId });
  const [from = ''] = await defaultAccounts(anvil);
  const terms = { name: 'Token', symbol: 'TKN', supply: 1_000n, percentClaimable: 80 };
  const { address: token } = await deployReference(anvil, { ...terms, from });
  await execute(anvil, { from, to: token, valueWei: 5n });
  return { anvil, token };
}

/** An indexer of `west` whose node never answers one method, and what ends it. */
async function startHanging(method: string | null, databaseUrl: string) {
  const proxy = await faultyProxy(west.anvil.url);
  const hang = { kind: 'timeout', delayMs: FOR_EVER_MS, times: Infinity } as const;
  if (method !== null) proxy.inject({ ...hang, method });
  const stopping = new AbortController();
  const chain = chainConfig({
    chain: { ...west.anvil, url: proxy.url },
    databaseUrl,
    tokens: [west.token],
    rpcTimeoutSeconds: FOR_EVER_MS / 1000,
  });
  const running = runIndexer({
    chain,
    databaseUrl,
    toBlock: null,
    onProgress: () => undefined,
    signal: stopping.signal,
  });
  return { proxy, stopping, running };
}

test('a node that hangs while a token is detected does not stall the other chains of the database', async () => {
  const databaseUrl = await freshDatabase();
  const hanging = await startHanging('eth_getCode', databaseUrl);
  await hanging.proxy.called('eth_getCode', 1);
  const { anvil, token } = east;
  await indexTo({ chain: anvil, databaseUrl, tokens: [token] });
  const [cursor] = await query(databaseUrl, 'SELECT chain_id, height FROM chain_cursor');
  expect(cursor).toEqual({ chain_id: 1001, height: 2 });
  hanging.stopping.abort();
  await hanging.running;
});

test.each([
  'eth_chainId',
  'eth_getCode',
  'eth_call',
  'eth_getBlockByNumber',
  'eth_getLogs',
  'debug_traceBlockByHash',
  'trace_block',
])('a signal ends the wait for an answer to %s', async (method) => {
  const { proxy, stopping, running } = await startHanging(method, await freshDatabase());
  const isCalled = proxy.called(method, 1);
  // Which way of reading is used is up to the node: then the run follows the head instead.
  await Promise.race([isCalled, proxy.called('eth_blockNumber', 12)]);
  stopping.abort();
  await running;
});

test('a signal ends the wait for a lock of the database, in a detection and in a commit', async () => {
  for (const table of ['token', 'chain_cursor']) {
    const databaseUrl = await freshDatabase();
    const other = await connectClient({ connectionString: databaseUrl });
    try {
      await other.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
      const { stopping, running } = await startHanging(null, databaseUrl);
      const waiting = `SELECT count(*)::int AS n FROM pg_locks JOIN pg_class c ON c.oid = relation
        WHERE c.relname = '${table}' AND NOT granted`;
      await eventually(async () => {
        expect(await query(databaseUrl, waiting)).toEqual([{ n: 1 }]);
      });
      stopping.abort();
      await running;
    } finally {
      await other.end();
    }
  }
});

test('a run says who holds the lock that it waits for, and when it is free', async () => {
  const databaseUrl = await freshDatabase();
  const session = { connectionString: databaseUrl };
  const [other, waiting] = await Promise.all([
    connectClient({ ...session, application_name: 'a maintenance job' }),
    connectClient({ ...session, application_name: 'imo-ledger' }),
  ]);
  const lines: string[] = [];
  const onWarning = (line: string) => void lines.push(line);
  const watch = new LockWatch({ url: databaseUrl, clients: [waiting], onWarning, seconds: 0.02 });
  try {
    await other.query("BEGIN; LOCK TABLE chain_cursor IN EXCLUSIVE MODE /* the key is 'secret' */");
    const written = waiting.query('DELETE FROM chain_cursor');
    await eventually(async () => expect(lines).toHaveLength(1));
    expect(await readLockWaits(other, { seconds: 0 })).toMatchObject([
      { pid: waiting.processId, holders: [{ pid: other.processId }] },
    ]);
    await other.query('COMMIT');
    await written;
    await eventually(async () => expect(lines).toHaveLength(2));
  } finally {
    await watch.stop();
    await Promise.all([other.end(), waiting.end()]);
  }
  const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
  expect(lines[0]).toMatch(
    new RegExp(
      `^indexing has waited \\d+ s for a lock of the database: process ${other.processId} ` +
        `\\(a maintenance job, its statement started at ${time}\\) holds it; indexing continues when that transaction ends$`,
    ),
  );
  expect(lines[1]).toBe('the lock of the database is free; indexing continues');
});

test('a run to a block before the first contract says so', async () => {
  const { anvil, token } = east;
  const chain = chainConfig({ chain: anvil, databaseUrl: '', tokens: [token] });
  const { signal } = new AbortController();
  const running = runIndexer({
    chain,
    databaseUrl: await freshDatabase(),
    toBlock: 0,
    onProgress: () => undefined,
    signal,
  });
  await expect(running).rejects.toMatchObject({
    code: 'TO_BLOCK_EARLY',
    message: '--to-block 0 is before block 1, the first block of the contracts',
  });
});

test('contracts are looked up at the same time, and have their numbers in the order of the config', async () => {
  const addresses = Array.from({ length: 20 }, (_, index) => `0x${index}` as const);
  let looking = 0;
  let allAreLooking: () => void = () => undefined;
  const together = new Promise<void>((resolve) => {
    allAreLooking = resolve;
  });
  const inserted: string[] = [];
  const chain = chainConfig({ chain: east.anvil, databaseUrl: '', tokens: [] });
  const opening = await reconcile<{ address: `0x${string}` }, { startBlock: number }>({
    kind: 'token',
    chain,
    configured: addresses.map((address) => ({ address })),
    known: [],
    indexedTo: null,
    async detect({ address }) {
      if (++looking === addresses.length) allAreLooking();
      await together;
      // The endpoint that was asked first answers last.
      await delay(20 - Number(address));
      const insert = () => Promise.resolve(inserted.push(address)).then(() => ({ startBlock: 7 }));
      return { startBlock: 7, insert };
    },
  });
  expect(opening.firstBlock).toBe(7);
  const client = await connectClient({ connectionString: await freshDatabase() });
  await opening.write(client).finally(() => client.end());
  expect(inserted).toEqual(addresses);
});
