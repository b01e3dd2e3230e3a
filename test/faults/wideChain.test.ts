import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../devnet/chain.js';
import { checksummed } from '../../src/address.js';
import type { RunningApi } from '../../src/api/server.js';
import { subscribeSse, subscribeWs } from '../api/live/clients.js';
import { askData, startTestApi } from '../api/support.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { shiftedNode } from '../support/nodes/shiftedNode.js';
import { indexTo } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { Scene } from '../support/scenes/scene.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

/** Palm. */
const CHAIN = 11_297_108_109;
const SHIFT = 2 ** 33;

describe('a chain whose id and blocks exceed 32 bits', () => {
  let scene: Scene;
  let databaseUrl: string;
  let api: RunningApi;
  let folder: string;
  let head: number;
  let token: string;
  const environment = () => ({ DATABASE_URL: databaseUrl });
  const file = (name: string) => join(folder, name);
  const verb = async (...args: string[]) => {
    const { stdout, stderr, exitCode } = await runVerbHere(args, environment());
    expect(exitCode, stderr).toBe(0);
    return stdout;
  };

  beforeAll(async () => {
    scene = await Scene.start();
    token = checksummed(scene.token.address as `0x${string}`);
    // Enough for a final block of this chain.
    await mineBlocks(scene.chain, 12, 1);
    await scene.pay(1000n);
    await scene.snapshot();
    await scene.pay(7n);
    await scene.call(scene.founder, 'claim', [1n]);
    head = (await latestBlock(scene.chain)).number + SHIFT;
    const url = await shiftedNode(scene.chain.url, { chainId: CHAIN, shift: SHIFT });
    databaseUrl = await freshDatabase();
    const chain = { ...scene.chain, chainId: CHAIN, url };
    expect(await indexTo({ chain, databaseUrl, tokens: [scene.token.address] }, head)).toBe(head);
    folder = await temporaryFolder();
    await writeFile(
      file('imo.yaml'),
      `chains:\n  - id: ${CHAIN}\n    name: palm\n    rpc: ${url}\n    tokens: [{address: '${token}'}]\n`,
    );
    const chains = [{ id: CHAIN, name: 'palm', rpcUrl: url }];
    api = await startTestApi(databaseUrl, { chains });
  });
  afterAll(() => api.close());

  it('pages, filters and moments of the API carry them', async () => {
    const list = `receipts(direction: ASC, first: 1, after: $after,
      filter: { chainId: $chain, block: { gte: $from, lte: $to } }, where: { chainId: { _eq: $chain }, block: { _gt: $from, _lte: $to } }) {
      nodes { block amountWei } pageInfo { endCursor hasNextPage } }`;
    const ask = (after: string | null) =>
      askData(
        api,
        `query ($chain: SafeInt!, $from: SafeInt!, $to: SafeInt!, $after: String) { ${list} }`,
        { chain: CHAIN, from: SHIFT, to: head, after },
      );
    const { receipts: first } = await ask(null);
    const { receipts: second } = await ask(first.pageInfo.endCursor);
    expect([...first.nodes, ...second.nodes]).toEqual([
      { block: head - 4, amountWei: '1000' },
      { block: head - 1, amountWei: '7' },
    ]);
    expect(second.pageInfo.hasNextPage).toBe(false);
    const data = await askData(
      api,
      `query ($chain: SafeInt!, $token: Address!, $holder: Address!, $block: SafeInt!) {
        status { chainId isOnChain indexed { block } }
        token(chainId: $chain, address: $token, at: { block: $block }) { chainId startBlock }
        holder(chainId: $chain, address: $holder, at: { block: $block }) { positions {
          balance asOf { chainId block } entitlement { totalClaimableWei claimedWei } } } }`,
      { chain: CHAIN, token, holder: scene.founder, block: head - 1 },
    );
    expect(data).toEqual({
      status: [{ chainId: CHAIN, isOnChain: true, indexed: { block: head } }],
      token: {
        chainId: CHAIN,
        startBlock: scene.token.deploymentBlock + SHIFT,
      },
      holder: {
        positions: [
          {
            balance: '1000',
            asOf: { chainId: CHAIN, block: head - 1 },
            entitlement: { totalClaimableWei: '800', claimedWei: '0' },
          },
        ],
      },
    });
  });

  it('subscriptions carry them', async () => {
    for (const subscribe of [subscribeSse, subscribeWs]) {
      const events = await subscribe(
        api,
        `subscription { claims(chainId: ${CHAIN}) { asOf { chainId block } added { id } } }`,
      );
      expect((await events.next()).data).toEqual({
        claims: { asOf: { chainId: CHAIN, block: head }, added: [] },
      });
      await events.close();
    }
  });

  it('REST carries them', async () => {
    const url = `/v1/holders/${scene.founder}/claimable?chainId=${CHAIN}`;
    const response = await fetch(new URL(url, api.url));
    const text = await response.text();
    expect(response.status, text).toBe(200);
    expect(text).toContain(`"chainId":${CHAIN}`);
    expect(text).toContain(`"block":${head}`);
  });

  it('exports carry them in every format', async () => {
    const rows = [
      [CHAIN, head - 4],
      [CHAIN, head - 1],
    ];
    const from = ['--chain', String(CHAIN), '--from', String(SHIFT + 1)];
    const text = async (format: string) => {
      const path = `/v1/export/receipts?chain=${CHAIN}&from=${SHIFT + 1}&to=${head}&format=${format}`;
      return (await fetch(new URL(path, api.url))).text();
    };
    const csv = await text('csv');
    const [header = '', ...lines] = csv.trim().split('\n');
    const column = (name: string) => header.split(',').indexOf(name);
    expect(
      lines.map((line) =>
        ['chain_id', 'block_number'].map((name) => Number(line.split(',')[column(name)])),
      ),
    ).toEqual(rows);
    const jsonl = await text('jsonl');
    const objects = jsonl
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.map((row) => [row.chain_id, row.block_number])).toEqual(rows);
    const out = file('receipts.parquet');
    await verb('export', 'receipts', ...from, '--format', 'parquet', '--out', out);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await connection.runAndReadAll(
      `SELECT chain_id, block_number FROM read_parquet('${out}') ORDER BY 2`,
    );
    expect(reader.getRows().map((row) => row.map(Number))).toEqual(rows);
    connection.closeSync();
    expect(JSON.parse(await readFile(`${out}.manifest.json`, 'utf8'))).toMatchObject({
      asOf: [{ chainId: CHAIN, block: head }],
    });
  });

  it('statements carry them', async () => {
    const text = await verb(
      'statement',
      scene.founder,
      '--chain',
      String(CHAIN),
      '--from',
      String(head - 1),
      '--to',
      String(head),
      '--format',
      'json',
    );
    expect(text).toContain(`"chainId": ${CHAIN}`);
    expect(text).toContain(`"block": ${head}`);
  });

  it('audits and status of the command line carry them', async () => {
    const config = ['--config', file('imo.yaml')];
    const state = ['--state', file('state')];
    const audit = await verb('audit', ...config, ...state, '--json', '--at', String(head - 1));
    expect(JSON.parse(audit)).toMatchObject([{ chainId: CHAIN, block: head - 1, mismatches: 0 }]);
    expect(JSON.parse(await verb('status', ...config, '--json'))).toMatchObject([
      { chainId: CHAIN, indexedBlock: head, headBlock: head, isOnChain: true },
    ]);
  });

  it('the snapshot after 999,999 comes after it, on its own page', async () => {
    await query(databaseUrl, 'UPDATE snapshot SET snapshot_id = 999999');
    await query(
      databaseUrl,
      `INSERT INTO snapshot SELECT (s).* FROM (SELECT jsonb_populate_record(o, jsonb_build_object(
         'id', regexp_replace(o.id, '[0-9]$', '9'), 'snapshot_id', 1000000)) AS s FROM snapshot o) n`,
    );
    await query(databaseUrl, 'UPDATE pool_version SET last_snapshot_id = 1000000');
    const page = async (after: string | null) => {
      const { token: of } = await askData(
        api,
        `query ($chain: SafeInt!, $token: Address!, $after: String) {
          token(chainId: $chain, address: $token) {
            snapshots(first: 1, after: $after, direction: ASC) {
              nodes { snapshotId } pageInfo { endCursor } } } }`,
        { chain: CHAIN, token, after },
      );
      return of.snapshots;
    };
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    expect([...first.nodes, ...second.nodes]).toEqual([
      { snapshotId: 999_999 },
      { snapshotId: 1_000_000 },
    ]);
  });
});
