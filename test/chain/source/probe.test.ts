import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import { type Ability, describeAbility, probe } from '../../../src/chain/source/finders/probe.js';
import { without } from '../../support/nodes/frameDialects.js';
import { type Dialect, type OddNode, startOddNode } from '../../support/nodes/oddNode.js';
import { limitsRanges, WORDINGS } from '../../support/nodes/rangeDialects.js';
import { oddNode } from '../../support/nodes/testNode.js';

const TOKEN = `0x${'a'.repeat(40)}`;
/** A node that has everything. */
let source: OddNode;
/** What the clock of the probe says. */
let time = 0;

beforeAll(async () => {
  const word = `0x${'0'.repeat(64)}`;
  const answers: Readonly<Record<string, unknown>> = {
    eth_chainId: '0x1',
    eth_getBlockReceipts: [],
    eth_getProof: { balance: '0x0', storageHash: word },
    eth_getBalance: '0x0',
    trace_filter: [],
    eth_getLogs: [],
  };
  source = await startOddNode('', [async ({ method }) => ({ result: answers[method] })]);
});
afterAll(() => source.close());

async function probed(url: string): Promise<{ abilities: Ability[]; pool: PoolConnection }> {
  const pool = new PoolConnection({ urls: [url], chainId: 1 });
  const client = new PooledClient(pool, { capacity: 5, requestTimeoutMs: 5_000, retryAttempts: 0 });
  onTestFinished(() => {
    client.close();
    pool.close();
  });
  const range = { from: 10, to: 5_000 };
  const now = () => time;
  return {
    abilities: await probe(client, { range, address: TOKEN, timeoutMs: 5_000, now }),
    pool,
  };
}

async function lineOf(...dialects: Dialect[]): Promise<string | undefined> {
  const node = await oddNode(source.url, ...dialects);
  const { abilities } = await probed(node.url);
  return abilities.map(describeAbility)[0]?.replace(node.url, 'node');
}

it('one line lists what an endpoint can do', async () => {
  expect(await lineOf()).toBe(
    'node: traces by filter: yes, state of old blocks: yes, receipts by block: yes, logs of 100 or more blocks at once',
  );
  expect(await lineOf(without('trace_filter', 'eth_getProof', 'eth_getBlockReceipts'))).toBe(
    'node: traces by filter: no, state of old blocks: balances only, receipts by block: no, logs of 100 or more blocks at once',
  );
  expect(await lineOf(without('eth_getProof', 'eth_getBalance'))).toBe(
    'node: traces by filter: yes, state of old blocks: no, receipts by block: yes, logs of 100 or more blocks at once',
  );
});

it('all questions are asked at once, because each round costs the way to the node', async () => {
  const QUESTIONS = 6;
  let last = () => {};
  const all = new Promise<void>((resolve) => {
    last = resolve;
  });
  let asked = 0;
  const line = await lineOf(async (call, ask) => {
    if (call.method !== 'eth_chainId' && ++asked === QUESTIONS) last();
    // Nothing is answered before the last question has come.
    if (call.method !== 'eth_chainId') await all;
    return ask(call);
  });
  expect(line).toContain('traces by filter: yes, state of old blocks: yes');
});

it('a limit of the range of trace_filter is not a lack of it', async () => {
  const wording = WORDINGS['a number of blocks'] ?? (() => ({ result: [] }));
  expect(await lineOf(limitsRanges(100, wording, 'trace_filter'))).toContain('by filter: yes');
});

it('a limit of eth_getLogs is known before the first request for a range', async () => {
  const wording = WORDINGS['a number of blocks'] ?? (() => ({ result: [] }));
  expect(await lineOf(limitsRanges(20, wording))).toContain('logs of 20 blocks at once');
});

it('a node that runs every block again for trace_filter is not asked for it again', async () => {
  const node = await oddNode(source.url, async (call, ask) => {
    if (call.method === 'trace_filter') time += 4_000;
    return ask(call);
  });
  const { abilities, pool } = await probed(node.url);
  expect(abilities[0]?.traceFilter).toBe('slow');
  expect(pool.endpoints[0]?.lacks.has('trace_filter')).toBe(true);
});

it('an endpoint that does not answer is named without its key', async () => {
  const { abilities } = await probed('http://127.0.0.1:1/v2/s3cret');
  const [line = ''] = abilities.map(describeAbility);
  expect(line).toMatch(/^http:\/\/127\.0\.0\.1:1\/…: ./);
  expect(line).not.toContain('s3cret');
});
