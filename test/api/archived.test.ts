import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { execute, mineBlocks } from '../../devnet/chain.js';
import { deployWindowed } from '../../devnet/deploy.js';
import { postJson } from '../../devnet/postJson.js';
import { type Address, checksummed } from '../../src/address.js';
import type { RunningApi } from '../../src/api/server.js';
import { layOut } from '../../src/export/statement/layout/layout.js';
import { readStatement } from '../../src/export/statement/read/readStatement.js';
import { writeCsv } from '../../src/export/statement/write/writeCsv.js';
import { writeJson } from '../../src/export/statement/write/writeJson.js';
import { openDatabaseSource } from '../../src/store/backup/databaseSource.js';
import { connectClient } from '../../src/store/database/postgres.js';
import { archiveContracts } from '../../src/store/leaving/archiveContracts.js';
import { attachToken } from '../../src/store/partitions/attachToken.js';
import { type Announce, detachToken } from '../../src/store/partitions/detachToken.js';
import { moveTokens } from '../../src/store/partitions/moveTokens.js';
import { partitionTables } from '../../src/store/partitions/partitionTables.js';
import { announceCommit } from '../../src/store/write/commitNotice.js';
import { hashFinal } from '../support/databases/hashFinal.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { indexTo } from '../support/programs/indexer.js';
import { Scene } from '../support/scenes/scene.js';
import { startTestApi } from './support.js';

/** What the queries of this file ask for, each a part of it. */
interface Asked {
  readonly tokens: { readonly edges: readonly { readonly node: unknown }[] };
  readonly holders: unknown;
  readonly snapshots: unknown;
  readonly trialBalance: unknown;
  readonly holder: { readonly positions: unknown };
  readonly status: readonly { readonly archived: unknown }[];
  readonly claimPlan: { readonly warnings: unknown };
}

interface MarkedAnswer {
  readonly data: Asked;
  readonly errors?: unknown;
  readonly extensions?: { readonly archived?: unknown };
}

describe('an answer about a token that the config no longer names', () => {
  let scene: Scene;
  let api: RunningApi;
  let databaseUrl: string;
  let chainId: number;
  let staying: string;
  let end: number;
  let mark: object;

  const ask = (text: string) => postJson(api.url, { query: text }) as Promise<MarkedAnswer>;
  const token = (at = '') => `token(chainId: ${chainId}, address: "${scene.token.address}"${at})`;

  beforeAll(async () => {
    scene = await Scene.start();
    const { chain, founder, payer } = scene;
    chainId = chain.chainId;
    const other = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      from: founder,
      name: 'Staying',
      symbol: 'STY',
      supply: 1000n,
      percentClaimable: 60,
      window: 2,
      snapshotInterval: 10,
    });
    staying = other.address;
    await scene.pay(1000n);
    await scene.snapshot();
    await mineBlocks(chain, 4);
    databaseUrl = await freshDatabase();
    const request = { chain, databaseUrl, finality: 3 };
    await indexTo({ ...request, tokens: [scene.token.address, staying] });
    const client = await connectClient({ connectionString: databaseUrl });
    const address = scene.token.address.toLowerCase() as Address;
    await client.query('BEGIN');
    const [archived] = await archiveContracts(client, chainId, [{ kind: 'token', address }]);
    await client.query('COMMIT');
    await client.end();
    end = archived?.archivedBlock ?? -1;
    // The contract moves on, and nobody sees it.
    await scene.call(founder, 'claim', [1n]);
    await scene.pay(5n);
    await execute(chain, { from: payer, to: staying, valueWei: 7n });
    await mineBlocks(chain, 4);
    await indexTo({ ...request, tokens: [staying] });
    mark = { chainId, address: checksummed(address), kind: 'token', lastBlock: end };
    api = await startTestApi(databaseUrl);
  });

  afterAll(() => api.close());

  it('holds for the block at which its books end, and says so', async () => {
    const answer = await ask(`{ ${token()} { archivedBlock receivedWei asOf { block } } }`);
    expect(answer).toEqual({
      data: { token: { archivedBlock: end, receivedWei: '1000', asOf: { block: end } } },
      extensions: { archived: [mark] },
    });
    const lists = await ask(`{
      tokens { edges { node { name archivedBlock asOf { block } } } }
      holders(chainId: ${chainId}, token: "${scene.token.address}") { asOf { block } totalCount }
      snapshots(chainId: ${chainId}, token: "${scene.token.address}") { asOf { block } }
      trialBalance(chainId: ${chainId}, token: "${scene.token.address}") { asOf { block } heldWei }
      holder(address: "${scene.founder}") {
        positions { asOf { block } token { name } entitlement { totalClaimableWei } }
      }
    }`);
    const [row] = await query<{ height: number }>(databaseUrl, 'SELECT height FROM chain_cursor');
    expect(row?.height).toBeGreaterThan(end);
    expect(lists.errors).toBeUndefined();
    expect(lists.extensions?.archived).toEqual([mark]);
    expect(lists.data.tokens.edges.map(({ node }) => node)).toEqual([
      { name: 'Model', archivedBlock: end, asOf: { block: end } },
      { name: 'Staying', archivedBlock: null, asOf: { block: row?.height } },
    ]);
    expect(lists.data.holders).toEqual({ asOf: [{ block: end }], totalCount: 1 });
    expect(lists.data.snapshots).toEqual({ asOf: [{ block: end }] });
    expect(lists.data.trialBalance).toEqual({ asOf: { block: end }, heldWei: '1000' });
    expect(lists.data.holder.positions).toEqual([
      { asOf: { block: end }, token: { name: 'Model' }, entitlement: { totalClaimableWei: '800' } },
      {
        asOf: { block: row?.height },
        token: { name: 'Staying' },
        entitlement: { totalClaimableWei: '0' },
      },
    ]);
  });

  it('needs no mark if it is about a block that the books have', async () => {
    const answer = await ask(`{ ${token(`, at: { block: ${end} }`)} { asOf { block } } }`);
    expect(answer).toEqual({ data: { token: { asOf: { block: end } } } });
    const other = await ask(
      `{ token(chainId: ${chainId}, address: "${staying}") { archivedBlock } }`,
    );
    expect(other).toEqual({ data: { token: { archivedBlock: null } } });
  });

  it('is marked in status, plans of claims, REST, exports and statements', async () => {
    const { data } = await ask('{ status { archived { address kind startBlock archivedBlock } } }');
    expect(data.status[0]?.archived).toMatchObject([{ kind: 'TOKEN', archivedBlock: end }]);
    const plan = await ask(
      `{ claimPlan(address: "${scene.founder}") { warnings { code snapshotId message } } }`,
    );
    expect(plan.extensions?.archived).toEqual([mark]);
    expect(plan.data.claimPlan.warnings).toContainEqual({
      code: 'BOOKS_ARCHIVED',
      snapshotId: 1,
      message: expect.stringContaining(`end at block ${end}`),
    });
    const rest = await fetch(new URL(`/v1/holders/${scene.founder}/claimable`, api.url));
    expect(await rest.json()).toMatchObject({
      archived: [mark],
      warnings: [{ code: 'BOOKS_ARCHIVED' }],
    });
    const exported = await fetch(new URL('/v1/export/entitlements?format=csv', api.url));
    await exported.text();
    expect(exported.headers.get('x-imo-archived')).toBe(
      `${chainId}:${checksummed(scene.token.address.toLowerCase() as Address)}:${end}`,
    );
    const client = await connectClient({ connectionString: databaseUrl });
    const statement = await readStatement(client, {
      accounts: [scene.founder.toLowerCase() as Address],
      tokens: [],
      chainId: null,
      from: null,
      to: null,
    });
    await client.end();
    expect(layOut(statement).facts).toContain(
      `The books of token ${checksummed(scene.token.address.toLowerCase() as Address)} on chain ${chainId} ` +
        `end at block ${end} (archived): its figures are those of that block`,
    );
    expect(JSON.parse(writeJson(statement)).ended).toMatchObject([{ lastBlock: end }]);
    expect(writeCsv(statement)).toMatch(new RegExp(`closing,,,${end},`));
  });

  it('is like one about a held token: its figures are those of the last right block', async () => {
    const columns = 'chain_id, address, kind, last_block, block_number, is_confirmed, is_compared';
    await query(
      databaseUrl,
      `INSERT INTO contract_hold (${columns}, code, reason, hint, held_at)
       SELECT chain_id, address, 'token', $1::bigint, $1::bigint + 1, true, true, 'LEDGER_PAYMENT_DIFFERS', 'paid 2 wei', '', now()
       FROM token WHERE name = 'Staying'`,
      [end],
    );
    const held = await ask(`{
      token(chainId: ${chainId}, address: "${staying}") { archivedBlock receivedWei asOf { block } }
      holders(chainId: ${chainId}, token: "${staying}") { asOf { block } totalCount }
    }`);
    // What it was paid after the last right block is not part of it.
    expect(held.data).toEqual({
      token: { archivedBlock: null, receivedWei: '0', asOf: { block: end } },
      holders: { asOf: [{ block: end }], totalCount: 1 },
    });
    expect(held.extensions).toMatchObject({ held: [{ kind: 'token', lastBlock: end }] });
    const before = await ask(
      `{ token(chainId: ${chainId}, address: "${staying}", at: { block: ${end - 1} }) { asOf { block } } }`,
    );
    expect(before.data).toEqual({ token: { asOf: { block: end - 1 } } });
    const exported = await fetch(new URL('/v1/export/entitlements?format=jsonl', api.url));
    expect(await exported.text()).not.toContain(`"block":${end + 1}`);
  });

  it('is an error with a code while its partitions are detached, and is as before when they are attached', async () => {
    const [signal, announce] = [new AbortController().signal, noticeOf(chainId)];
    const quiet = { signal, onProgress: () => undefined, onWaiting: () => undefined };
    const address = scene.token.address.toLowerCase() as Address;
    const client = await connectClient({ connectionString: databaseUrl });
    const lists = `{ tokens { edges { node { name } } } holder(address: "${scene.founder}") {
      positions { token { name } } } transfers { edges { node { id } } } }`;
    const named = `{ ${token()} { receivedWei } }`;
    const before = [await ask(lists), await ask(named)];
    await hashFinal(databaseUrl, [chainId]);
    const hashes = await hashesOf(databaseUrl);
    expect(hashes).not.toEqual([]);

    await partitionTables(databaseUrl, { numbersEach: 16, ...quiet });
    const detach = () => detachToken(client, chainId, address, { signal, announce });
    await expect(detach()).rejects.toMatchObject({ code: 'PARTITION_SHARED' });
    await moveTokens(databaseUrl, chainId, [address], {
      isAlone: true,
      tablespace: null,
      ...quiet,
    });
    expect([await ask(lists), await ask(named)]).toEqual(before);
    await expect(
      detachToken(client, chainId, staying.toLowerCase() as Address, { signal, announce }),
    ).rejects.toMatchObject({ code: 'DETACH_NOT_ARCHIVED' });
    const partitions = await detach();
    expect(partitions.map(({ name }) => name)).toContain('posting_p1');

    const apart = [
      {
        chainId,
        address: checksummed(address),
        code: 'BOOKS_DETACHED',
        detachedAt: expect.stringMatching(/^20/),
      },
    ];
    const without = await ask(lists);
    expect(without.extensions).toMatchObject({ detached: apart });
    expect(without.data.tokens.edges.map(({ node }) => node)).toEqual([{ name: 'Staying' }]);
    expect(await ask(named)).toMatchObject({
      errors: [{ extensions: { code: 'BOOKS_DETACHED', hint: expect.stringContaining('attach') } }],
    });
    await expect(openDatabaseSource(databaseUrl, () => undefined)).rejects.toMatchObject({
      code: 'BOOKS_DETACHED',
    });

    await query(databaseUrl, 'DELETE FROM ledger_hash');
    await query(databaseUrl, 'DELETE FROM hash_cursor');
    await hashFinal(databaseUrl, [chainId]);
    expect(await hashesOf(databaseUrl)).toEqual([]);

    const attach = () => attachToken(client, chainId, address, { signal, announce });
    await client.query('UPDATE posting_p1 SET amount_wei = amount_wei + 1');
    await expect(attach()).rejects.toMatchObject({ code: 'ATTACH_DIFFERS' });
    await client.query('UPDATE posting_p1 SET amount_wei = amount_wei - 1');
    await client.query(
      'DELETE FROM block WHERE id IN (SELECT id FROM block_of_detached_1 LIMIT 1)',
    );
    await attach();
    await client.end();
    expect([await ask(lists), await ask(named)]).toEqual(before);
    await hashFinal(databaseUrl, [chainId]);
    expect(await hashesOf(databaseUrl)).toEqual(hashes);
    await expect(
      connectClient({ connectionString: databaseUrl }).then(async (again) => {
        await attachToken(again, chainId, address, { signal, announce }).finally(() => again.end());
      }),
    ).rejects.toMatchObject({ code: 'NOT_DETACHED' });
  });
});

function hashesOf(databaseUrl: string): Promise<object[]> {
  const text =
    "SELECT block_number, encode(hash, 'hex') AS hash FROM ledger_hash ORDER BY block_number";
  return query(databaseUrl, text);
}

/** Servers that keep answers read the books again. */
function noticeOf(chainId: number): Announce {
  return (db, fromBlock, toBlock) =>
    announceCommit(db, { chainId, kind: 'rollback', fromBlock, toBlock });
}
