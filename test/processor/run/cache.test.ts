import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import type { ChainConfig } from '../../../src/config/types.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { atEndOfFile } from '../../support/endOfFile.js';
import { startOddNode } from '../../support/nodes/oddNode.js';
import { proxyWithout } from '../../support/nodes/rpcProxy.js';
import { indexTo } from '../../support/programs/indexer.js';
import { query } from '../../support/query.js';
import { type LivedToken, liveToken } from '../../support/scenes/livedToken.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const FINALITY = 5;

let life: LivedToken;
let head: number;
let truth: Record<string, string[]>;
let url: string;
/** What the node was asked, as `method block`. */
let asked: string[] = [];

beforeAll(async () => {
  life = await liveToken(3);
  head = Number(await life.chain.rpc.call<string>('eth_blockNumber'));
  truth = (await index(null)).rows;
  const node = await startOddNode(life.chain.url, [
    (call, ask) => {
      asked.push(`${call.method} ${JSON.stringify(call.params)}`);
      return ask(call);
    },
  ]);
  atEndOfFile(() => node.close());
  url = node.url;
}, 60_000);

beforeEach(() => {
  asked = [];
});

async function index(folder: string | null, more: Partial<ChainConfig> = {}) {
  const { chain, tokens } = life;
  const warnings: string[] = [];
  const databaseUrl = await freshDatabase();
  const cache = folder === null ? null : { folder, maxBytes: 1e9 };
  const source = { finders: ['ranges' as const], blocksAtLeast: 1 };
  const config = { ...(folder === null ? {} : { rpcUrl: url, source }), cache, ...more };
  await indexTo({
    chain,
    tokens,
    databaseUrl,
    finality: FINALITY,
    onWarning: (line) => void warnings.push(line),
    more: config,
  });
  const found = await query(databaseUrl, 'SELECT DISTINCT finder, proof FROM source_range');
  return { rows: await dumpTables(databaseUrl), found, warnings };
}

/** Questions about final blocks. */
async function askedOfFinalBlocks(): Promise<string[]> {
  const hot = ['latest', 'eth_chainId', 'eth_blockNumber'];
  for (let height = head - FINALITY + 1; height <= head; height++) {
    const tag = `0x${height.toString(16)}`;
    const { hash } = await life.chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
      tag,
      false,
    ]);
    hot.push(`"${tag}"`, hash);
  }
  return asked.filter((question) => !hot.some((part) => question.includes(part)));
}

async function packs(folder: string): Promise<string[]> {
  const chain = join(folder, String(life.chain.chainId));
  return (await readdir(chain)).map((name) => join(chain, name)).sort();
}

/** The only questions about final blocks: headers that show that the chain is still the same. */
async function expectHeadersOnly(): Promise<void> {
  const questions = await askedOfFinalBlocks();
  expect(questions.filter((one) => !/^eth_getBlockByNumber \["0x\w+",false\]$/.test(one))).toEqual(
    [],
  );
  expect(questions.length).toBeLessThan(6);
}

describe('a chain that is indexed again from the cache', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    expect((await index(folder)).rows).toEqual(truth);
    expect((await askedOfFinalBlocks()).length).toBeGreaterThan(50);
  });

  test('has the same books without a call but for the head', async () => {
    expect((await index(folder)).rows).toEqual(truth);
    await expectHeadersOnly();
  });

  test('is read from the disk with another label, another policy and another finder', async () => {
    const token = life.tokens[0]?.toLowerCase() as Address;
    const { rows, found } = await index(folder, {
      source: { finders: ['state'], blocksAtLeast: 1 },
      labels: [{ address: life.founder.toLowerCase() as Address, name: 'founder' }],
      tokens: [{ address: token, policy: 'windowed', startBlock: null, assets: [] }],
    });
    expect(found).toContainEqual({ finder: 'ranges', proof: 'state' });
    expect(found).not.toContainEqual(expect.objectContaining({ finder: 'state' }));
    expect(rows.receipt).toHaveLength(truth.receipt?.length ?? 0);
    await expectHeadersOnly();
  });

  test('fetches data again that was damaged on the disk, and logs it', async () => {
    const copy = await temporaryFolder();
    await cp(folder, copy, { recursive: true });
    for (const path of await packs(copy)) {
      const bytes = await readFile(path);
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      await writeFile(path, bytes);
    }
    const { rows, warnings } = await index(copy);
    expect(rows).toEqual(truth);
    expect(warnings.filter((line) => line.includes('is damaged'))).not.toEqual([]);
    expect((await askedOfFinalBlocks()).length).toBeGreaterThan(50);
    expect((await index(copy)).rows).toEqual(truth);
  });

  test('is not believed where it is of another chain with the same id', async () => {
    const copy = await temporaryFolder();
    await cp(folder, copy, { recursive: true });
    const other = await liveToken(3);
    const databaseUrl = await freshDatabase();
    const warnings: string[] = [];
    const more: Partial<ChainConfig> = {
      cache: { folder: copy, maxBytes: 1e9 },
      source: { finders: ['ranges'], blocksAtLeast: 1 },
    };
    const onWarning = (line: string) => void warnings.push(line);
    const { chain, tokens } = other;
    await chain.rpc.call('anvil_reorg', [20, []]);
    const before = await indexTo({ chain, tokens, databaseUrl, finality: FINALITY });
    const own = await dumpTables(databaseUrl);
    const again = await freshDatabase();
    await indexTo(
      { chain, tokens, databaseUrl: again, finality: FINALITY, more, onWarning },
      before,
    );
    expect(await dumpTables(again)).toEqual(own);
    expect(warnings.join()).toContain('was of another chain');
  });

  test.each([
    ['trace_block', []],
    ['debug_traceBlockByHash', ['trace_block', 'trace_filter']],
  ])('is read from the disk where each block was read by %s', async (_, refused) => {
    const blocks = await temporaryFolder();
    const each: Partial<ChainConfig> = {
      rpcUrl: await proxyWithout(url, refused),
      source: { blocksAtLeast: 1_000_000 },
    };
    expect((await index(blocks, each)).rows).toEqual(truth);
    expect(asked.filter((one) => one.startsWith('eth_getLogs'))).not.toEqual([]);
    asked = [];
    expect((await index(blocks, each)).rows).toEqual(truth);
    await expectHeadersOnly();
  });

  test('keeps to the size that it is given', async () => {
    const small = await temporaryFolder();
    const cache = { folder: small, maxBytes: 1_000 };
    expect((await index(small, { cache })).rows).toEqual(truth);
    expect((await packs(small)).length).toBe(1);
    expect((await index(small, { cache })).rows).toEqual(truth);
  });
});
