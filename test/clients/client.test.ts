import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeAmounts, FollowedList, ImoLedger } from '../../clients/ts/src/index.js';

interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

interface Asked {
  readonly variables: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** A server that gives these replies, one after the other, and what it was asked. */
async function replying(...replies: readonly Reply[]): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { status = 200, headers = {}, body } = replies[asked.length] ?? { status: 500 };
    asked.push({ variables: JSON.parse(text).variables, headers: request.headers });
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

interface Lists {
  readonly receipts: {
    readonly nodes: readonly { readonly id: string; readonly amountWei: bigint }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly asOf: readonly { readonly chainId: number; readonly block: number; hash: string }[];
  };
}

interface ListVariables {
  readonly after?: string;
  readonly at?: { readonly block: number };
}

const LIST: TypedDocumentNode<Lists, ListVariables> = parse(`
  query ($after: String, $at: AtInput) {
    receipts(after: $after, at: $at) {
      nodes { id amountWei } pageInfo { hasNextPage endCursor } asOf { chainId block hash }
    }
  }`);

/** A page of one row, at block 7. */
function page(id: string, endCursor: string | null, hash = '0xaa'): Reply {
  const pageInfo = { hasNextPage: endCursor !== null, endCursor };
  const asOf = [{ chainId: 1, block: 7, hash }];
  const receipts = { nodes: [{ id, amountWei: '9007199254740993' }], pageInfo, asOf };
  return { body: { data: { receipts } } };
}

const refused = (code: string): Reply => ({
  body: { errors: [{ message: 'no', path: ['receipts'], extensions: { code, hint: 'Wait.' } }] },
});

describe('amounts of an answer', () => {
  it('are bigint behind aliases, fragments and lists, and other numbers stay', () => {
    const document = parse(`
      query { mine: holder(address: "0x") { positions { ...Owed ... on HolderPosition { balance } } } }
      fragment Owed on HolderPosition {
        balance
        asOf { block }
        entitlement { due: totalClaimableWei }
      }`);
    const data = {
      mine: {
        positions: [
          { balance: '5', asOf: { block: 3 }, entitlement: { due: '10000000000000000000000' } },
          { balance: '0', asOf: { block: 3 }, entitlement: null },
        ],
      },
    };
    decodeAmounts(document, data);
    expect(data.mine.positions).toEqual([
      { balance: 5n, asOf: { block: 3 }, entitlement: { due: 10_000_000_000_000_000_000_000n } },
      { balance: 0n, asOf: { block: 3 }, entitlement: null },
    ]);
  });
});

describe('a request', () => {
  it('is repeated where it helps, and keeps the marks of its answer', async () => {
    const { url, asked } = await replying(
      { status: 429, headers: { 'retry-after': '0' }, body: refused('RATE_LIMITED').body },
      { status: 502, headers: { 'retry-after': '0' }, body: '<html>' },
      { ...refused('CHAIN_REORGANISED'), status: 503, headers: { 'retry-after': '0' } },
      { body: { ...(page('a', null).body as object), extensions: { held: [{ chainId: 1 }] } } },
    );
    const { data, marks } = await new ImoLedger({ url }).query(LIST, {});
    expect(data.receipts.nodes[0]?.amountWei).toBe(9_007_199_254_740_993n);
    expect(marks).toEqual({ held: [{ chainId: 1 }] });
    expect(asked).toHaveLength(4);
  });

  it('is repeated while the database moves, and until a server has the block that it wants', async () => {
    const later = { status: 503, headers: { 'retry-after': '0' } };
    const { url, asked } = await replying(
      { ...refused('DATABASE_MOVED'), ...later },
      { ...refused('MIN_BLOCK_NOT_REACHED'), ...later },
      { body: page('a', null).body },
    );
    await new ImoLedger({ url }).query(LIST, {});
    expect(asked).toHaveLength(3);
  });

  it('fails with the code and the hint of the server, and once, where repeating does not help', async () => {
    const { url, asked } = await replying(refused('UNKNOWN_TOKEN'));
    await expect(new ImoLedger({ url }).query(LIST, {})).rejects.toMatchObject({
      name: 'ImoLedgerFailure',
      code: 'UNKNOWN_TOKEN',
      hint: 'Wait.',
      path: ['receipts'],
    });
    expect(asked).toHaveLength(1);
  });

  it('fails if only a part of the answer is there', async () => {
    const { url } = await replying({
      body: { data: { receipts: null }, errors: [{ message: 'half', extensions: { code: 'X' } }] },
    });
    await expect(new ImoLedger({ url }).query(LIST, {})).rejects.toMatchObject({ code: 'X' });
  });

  it('ends after so many attempts, also where nothing listens or nobody answers in time', async () => {
    const { url, asked } = await replying({
      status: 503,
      headers: { 'retry-after': '0' },
      body: '',
    });
    const twice = { url, attempts: 2, longestPauseMs: 1 };
    await expect(new ImoLedger(twice).query(LIST, {})).rejects.toMatchObject({ code: 'HTTP_500' });
    expect(asked).toHaveLength(2);
    const never = { ...twice, url: 'http://127.0.0.1:1' };
    await expect(new ImoLedger(never).query(LIST, {})).rejects.toMatchObject({
      code: 'UNREACHABLE',
    });
    const silent: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    const late = { ...twice, timeoutMs: 1, fetch: silent };
    await expect(new ImoLedger(late).query(LIST, {})).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('ends with the reason of the caller', async () => {
    const reason = new Error('enough');
    const { url } = await replying({ status: 503, headers: { 'retry-after': '3600' }, body: '' });
    const stopping = new AbortController();
    const asking = new ImoLedger({ url }).query(LIST, {}, stopping.signal);
    stopping.abort(reason);
    await expect(asking).rejects.toBe(reason);
  });
});

describe('pages', () => {
  const receipts = (data: Lists) => data.receipts;

  it('are read to the end, all as of the block of the first one', async () => {
    const { url, asked } = await replying(page('a', 'A'), page('b', 'B'), page('c', null));
    const rows = await new ImoLedger({ url }).rows(LIST, {}, receipts);
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(asked.map(({ variables }) => variables)).toEqual([
      {},
      { after: 'A', at: { block: 7 } },
      { after: 'B', at: { block: 7 } },
    ]);
  });

  it('end with an error if a reorg replaces that block', async () => {
    const { url } = await replying(page('a', 'A'), page('b', null, '0xbb'));
    const reading = new ImoLedger({ url }).rows(LIST, {}, receipts);
    await expect(reading).rejects.toMatchObject({ code: 'MOMENT_REPLACED' });
  });

  it('are never cut off silently', async () => {
    const { url } = await replying(page('a', 'A'), page('b', 'B'));
    const reading = new ImoLedger({ url }).rows(LIST, {}, receipts, { atMost: 1 });
    await expect(reading).rejects.toMatchObject({ code: 'NO_PAGES' });
  });

  it('need a variable for the cursor', async () => {
    const document: TypedDocumentNode<Lists, ListVariables> = parse(
      '{ receipts { nodes { id } } }',
    );
    const reading = new ImoLedger({ url: 'http://127.0.0.1:1' }).rows(document, {}, receipts);
    await expect(reading).rejects.toThrow('$after');
  });
});

describe('a list that is followed', () => {
  interface Row {
    readonly id: string;
    readonly block: number;
  }

  it('is read at its start, after a gap and after a lost connection, and takes what is added or withdrawn', async () => {
    let stored: Row[] = [
      { id: 'a', block: 1 },
      { id: 'b', block: 5 },
    ];
    const reads: (number | null)[] = [];
    const list = new FollowedList<Row>({
      keyOf: ({ id }) => id,
      placeOf: ({ block }) => ({ chainId: 1, block }),
      read: async (_, fromBlock) => {
        reads.push(fromBlock);
        return stored.filter(({ block }) => block >= (fromBlock ?? 0));
      },
    });
    const ids = () => list.rows.map(({ id }) => id);
    const event = (block: number, more: object = {}) => ({ asOf: { chainId: 1, block }, ...more });

    await list.apply(event(5));
    expect(ids()).toEqual(['a', 'b']);
    await list.apply(
      event(6, { withdrawn: [{ id: 'b', block: 5 }], added: [{ id: 'c', block: 6 }] }),
    );
    expect(ids()).toEqual(['a', 'c']);

    stored = [stored[0] ?? { id: '', block: 0 }, { id: 'd', block: 7 }];
    await list.apply(event(7, { gap: { fromBlock: 2 } }));
    expect(ids()).toEqual(['a', 'd']);

    stored = [{ id: 'e', block: 8 }];
    await list.apply(event(8));
    expect(ids()).toEqual(['e']);
    expect(reads).toEqual([null, 2, null]);
  });
});
