import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SNAPSHOT_TOPIC, TRANSFER_TOPIC } from '../../../src/chain/reading/selectors.js';
import type { Finder, Piece, Wanted } from '../../../src/chain/source/finders/finder.js';
import { GatewayFinder } from '../../../src/chain/source/portal/gatewayFinder.js';
import { PortalFinder } from '../../../src/chain/source/portal/portalFinder.js';
import { ImoError } from '../../../src/errors.js';
import {
  type GatewaySimulator,
  startGatewaySimulator,
} from '../../support/nodes/gatewaySimulator.js';
import { type PortalSimulator, startPortalSimulator } from '../../support/nodes/portalSimulator.js';
import { type LivedToken, liveToken } from '../../support/scenes/livedToken.js';
import type { Row } from '../../support/sqd/rows.js';

const FAST = { failures: 3, firstPauseMs: 1, longestPauseMs: 1 };
const KEY = 'sqd_secret_of_the_test';
const { signal } = new AbortController();

let life: LivedToken;
let portal: PortalSimulator;
let gateway: GatewaySimulator;
let wanted: Wanted;
let head: number;
let hits: number[];

beforeAll(async () => {
  life = await liveToken(2);
  const [token = ''] = life.tokens;
  const address = [token.toLowerCase()];
  wanted = {
    logs: [{ address, topic0: [TRANSFER_TOPIC, SNAPSHOT_TOPIC] }],
    traces: [
      { callTo: address, parents: true, transaction: true },
      { callFrom: address, parents: true, transaction: true },
    ],
  };
  const { url: rpcUrl, rpc } = life.chain;
  portal = await startPortalSimulator({ rpcUrl, key: KEY, chunk: 7 });
  gateway = await startGatewaySimulator({ rpcUrl, key: KEY, chunk: 7 });
  head = Number(await rpc.call<string>('eth_blockNumber'));
  const range = { fromBlock: '0x0', toBlock: `0x${head.toString(16)}` };
  const traces = await rpc.call<{ blockNumber: number; action: { to?: string } }[]>(
    'trace_filter',
    [{ ...range, toAddress: [token] }],
  );
  hits = [...new Set(traces.map(({ blockNumber }) => blockNumber))];
});

afterEach(() => {
  portal.omit = {};
  portal.lag = 0;
});

afterAll(async () => {
  await portal.close();
  await gateway.close();
});

function portalFinder(options: { key?: string | null; silenceMs?: number } = {}): PortalFinder {
  const { key = KEY, silenceMs = 5000 } = options;
  return new PortalFinder({ url: portal.url, key }, { patience: FAST, silenceMs });
}

function gatewayFinder(key: string | null = KEY): GatewayFinder {
  return new GatewayFinder({ url: gateway.url, key }, { patience: FAST });
}

async function search(finder: Finder, range = { from: 0, to: head }, what = wanted) {
  const pieces: Piece[] = [];
  for await (const piece of finder.find(range, what, signal)) pieces.push(piece);
  return { pieces, heights: pieces.flatMap((piece) => piece.hits.map(({ height }) => height)) };
}

/** What a search ends with. */
async function failure(finder: Finder, range = { from: 0, to: head }): Promise<ImoError> {
  const error: unknown = await search(finder, range).catch((reason: unknown) => reason);
  if (!(error instanceof ImoError)) throw new Error(`no ImoError: ${String(error)}`);
  return error;
}

describe('an SQD Portal', () => {
  test('names every block with a call or a log of the token, with its transactions', async () => {
    const { pieces, heights } = await search(portalFinder());
    expect(heights).toEqual(hits);
    expect(pieces.at(-1)?.to).toBe(head);
    const [first] = pieces.flatMap((piece) => piece.hits);
    const block = await life.chain.rpc.call<{ hash: string; transactions: string[] }>(
      'eth_getBlockByNumber',
      [`0x${first?.height.toString(16)}`, false],
    );
    expect(first).toEqual({
      height: first?.height,
      hash: block.hash,
      transactions: block.transactions,
    });
  });

  test('gets requests for final blocks only, up to the head that it names', async () => {
    portal.lag = 5;
    expect(await portalFinder().height(signal)).toBe(head - 5);
    const { pieces } = await search(portalFinder());
    expect(pieces.at(-1)?.to).toBe(head - 5);
  });

  test('continues after the last block of an answer that ended early', async () => {
    portal.inject({ kind: 'ends', records: 2 }, { kind: 'ends', records: 1 });
    const before = portal.bodies.length;
    expect((await search(portalFinder())).heights).toEqual(hits);
    const asked = portal.bodies.slice(before).map((body) => JSON.parse(body));
    expect(asked).toHaveLength(3);
    expect(asked[1].fromBlock).toBeGreaterThan(0);
    expect(asked[1].parentBlockHash).toMatch(/^0x[0-9a-f]{64}$/);
  });

  test('continues where a connection broke in the middle of a block', async () => {
    portal.inject({ kind: 'breaks', records: 3 }, { kind: 'breaks', records: 0 });
    expect((await search(portalFinder())).heights).toEqual(hits);
    portal.inject({ kind: 'cuts', records: 3 });
    expect((await search(portalFinder())).heights).toEqual(hits);
  });

  test('is asked again when it is silent', async () => {
    portal.inject({ kind: 'silence', records: 2 });
    expect((await search(portalFinder({ silenceMs: 200 }))).heights).toEqual(hits);
  });

  test.each([429, 529, 503, 500])('is asked again when it answers %i', async (status) => {
    portal.inject({ kind: 'status', status, retryAfterSeconds: 0 });
    expect((await search(portalFinder())).heights).toEqual(hits);
  });

  test('is given up after several failures in a row', async () => {
    portal.inject(...Array(3).fill({ kind: 'status', status: 529, retryAfterSeconds: 0 }));
    const error = await failure(portalFinder());
    expect(error.code).toBe('SOURCE_UNREACHABLE');
    expect(error.message).toContain('answered 529');
  });

  test.each([
    [401, 'SOURCE_KEY_REFUSED'],
    [403, 'SOURCE_FORBIDDEN'],
    [410, 'SOURCE_GONE'],
    [400, 'SOURCE_REFUSED'],
  ])(
    'a Portal that answers %i during a run is given up at once, with a remedy',
    async (status, code) => {
      portal.inject({ kind: 'ends', records: 2 }, { kind: 'status', status });
      const error = await failure(portalFinder());
      expect(error.code).toBe(code);
      expect(error.hint).toContain('portal:');
      expect(`${error.message} ${error.hint}`).not.toContain(KEY);
    },
  );

  test('refuses a request without its key', async () => {
    expect((await failure(portalFinder({ key: null }))).code).toBe('SOURCE_KEY_REFUSED');
  });

  test('a Portal that continues on another fork is given up', async () => {
    const parentHash = `0x${'ab'.repeat(32)}`;
    portal.inject(
      { kind: 'ends', records: 2 },
      { kind: 'changes', change: withHeader({ parentHash }) },
    );
    const error = await failure(portalFinder());
    expect(error.code).toBe('SOURCE_OTHER_FORK');
    expect(error.message).toContain(parentHash);
  });

  test('a Portal that answers 409 is given up, with the block that it has instead', async () => {
    const { hash } = await life.chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
      '0x0',
      false,
    ]);
    const wrong = `0x${'cd'.repeat(32)}`;
    portal.inject({ kind: 'changes', records: 1, change: withHeader({ hash: wrong }) });
    const error = await failure(portalFinder());
    expect(error.code).toBe('SOURCE_OTHER_FORK');
    expect(error.message).toContain(`returns ${hash} as block 0, but ${wrong} is expected`);
    expect(portal.statuses.at(-1)).toBe(409);
  });

  test.each([
    ['is not JSON', 'sorry\n'],
    ['lacks a field', '{"header":{"number":0}}\n'],
    [
      'starts late',
      `{"header":{"number":3,"hash":"0x${'a'.repeat(64)}","parentHash":"0x${'b'.repeat(64)}"}}\n`,
    ],
    [
      'is out of range',
      `{"header":{"number":900000,"hash":"0x${'a'.repeat(64)}","parentHash":"0x${'b'.repeat(64)}"}}\n`,
    ],
  ])('is given up when a line %s', async (_, text) => {
    portal.inject({ kind: 'text', text });
    expect((await failure(portalFinder())).code).toBe('SOURCE_BAD_ANSWER');
  });

  test('is given up when a line is longer than allowed', async () => {
    portal.inject({ kind: 'text', text: 'x'.repeat(5000) });
    const finder = new PortalFinder(
      { url: portal.url, key: KEY },
      { patience: FAST, lineBytes: 4000 },
    );
    expect((await failure(finder)).code).toBe('SOURCE_BAD_ANSWER');
  });

  test('serves 300 contracts by one request', async () => {
    const before = portal.bodies.length;
    const { heights } = await search(portalFinder(), { from: 0, to: head }, crowd(299));
    expect(heights).toEqual(hits);
    expect(portal.bodies.length - before).toBe(1);
  });

  test('serves more contracts than one request holds by several', async () => {
    const before = portal.bodies.length;
    const { heights, pieces } = await search(portalFinder(), { from: 0, to: head }, crowd(9000));
    expect(heights).toEqual(hits);
    expect(pieces.at(-1)?.to).toBe(head);
    expect(portal.bodies.length - before).toBeGreaterThan(3);
  });
});

/** Records with something else in their headers. */
function withHeader(fields: Row): (record: Row) => Row {
  return ({ header, ...rest }) => ({ ...rest, header: Object.assign({}, header, fields) });
}

/** What is wanted, of so many more contracts, each with requests of its own. */
function crowd(size: number): Wanted {
  const addresses = Array.from({ length: size }, (_, index) => [
    `0x${(index + 0x1000).toString(16).padStart(40, '0')}`,
  ]);
  return {
    logs: [
      ...addresses.map((address) => ({ address, topic0: [TRANSFER_TOPIC, SNAPSHOT_TOPIC] })),
      ...wanted.logs,
    ],
    traces: [
      ...addresses.flatMap((address) => [{ callTo: address }, { callFrom: address }]),
      ...wanted.traces,
    ],
  };
}

describe('an SQD v2 gateway', () => {
  test('names every block with a call or a log of the token', async () => {
    expect(await gatewayFinder().height(signal)).toBe(head);
    const { pieces, heights } = await search(gatewayFinder());
    expect(heights).toEqual(hits);
    expect(pieces.at(-1)?.to).toBe(head);
  });

  test('is asked again when a worker is busy or its answer is cut', async () => {
    gateway.inject({ kind: 'status', status: 503 }, { kind: 'cut' });
    expect((await search(gatewayFinder())).heights).toEqual(hits);
  });

  test('gets requests for fewer blocks if an answer is too large', async () => {
    const finder = new GatewayFinder(
      { url: gateway.url, key: KEY },
      { patience: FAST, answerBytes: 1500 },
    );
    expect((await search(finder)).heights).toEqual(hits);
  });

  test('a gateway without a key has an error that says what to use instead', async () => {
    const error = await failure(gatewayFinder(null));
    expect(error.code).toBe('SOURCE_KEY_REFUSED');
    expect(error.hint).toContain('https://portal.sqd.dev/datasets/ethereum-mainnet');
  });
});
