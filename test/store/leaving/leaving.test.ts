import { beforeAll, describe, expect, it } from 'vitest';
import { execute, mineBlocks } from '../../../devnet/chain.js';
import { deployWindowed } from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import { rewindChain } from '../../../src/processor/holding/rewind.js';
import { forgetBooks } from '../../../src/processor/run/forget.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { connectClient } from '../../../src/store/database/postgres.js';
import { archiveContracts } from '../../../src/store/leaving/archiveContracts.js';
import { leaveBooks } from '../../../src/store/leaving/leaveBooks.js';
import { findAlteredBlock } from '../../../src/store/ledgerHash/alteredBlock.js';
import { nextNumber } from '../../../src/store/registry/contracts.js';
import { rollbackAbove } from '../../../src/store/write/rollback.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { dumpTables } from '../../support/databases/tables.js';
import { eventually } from '../../support/eventually.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

const FINALITY = 3;
const never = new AbortController().signal;

/** Does work in a transaction of a client of its own. */
async function inTransaction<T>(
  url: string,
  work: (client: Awaited<ReturnType<typeof connectClient>>) => Promise<T>,
): Promise<T> {
  const client = await connectClient({ connectionString: url });
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } finally {
    await client.end();
  }
}

describe('a token that left the config', () => {
  let scene: Scene;
  let leaving: Address;
  let staying: Address;
  let databaseUrl: string;
  let alone: string;
  let finalBlock: number;

  const archive = (url: string) =>
    inTransaction(url, (client) =>
      archiveContracts(client, scene.chain.chainId, [{ kind: 'token', address: leaving }]),
    );

  const rowsOf = (url: string, table: string) =>
    query<{ block: number }>(
      url,
      `SELECT block_number AS block FROM ${table} WHERE token_number = 1 ORDER BY 1`,
    );

  beforeAll(async () => {
    scene = await Scene.start();
    const { chain, founder, payer } = scene;
    leaving = scene.token.address.toLowerCase() as Address;
    await scene.pay(10n ** 18n);
    await scene.snapshot();
    await scene.call(founder, 'claim', [1n]);
    const other = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      from: founder,
      name: 'Staying',
      symbol: 'STY',
      supply: 1000n,
      percentClaimable: 60,
      window: 2,
      snapshotInterval: 10,
    });
    staying = other.address.toLowerCase() as Address;
    await execute(chain, { from: payer, to: staying, valueWei: 777n });
    await scene.call(founder, 'transfer', [scene.friend, 5n]);
    await scene.pay(500n);
    await mineBlocks(chain, 1);
    await scene.pay(1n);
    databaseUrl = await freshDatabase();
    alone = await freshDatabase();
    // The second index ends at a head that is not final, with rows above the final block.
    const request = { chain, databaseUrl, tokens: [leaving, staying], finality: FINALITY };
    await indexTo(request);
    await indexTo({ ...request, databaseUrl: alone, tokens: [staying] });
    for (const url of [databaseUrl, alone]) await proveFinalBlocks(url, chain.chainId, never);
    const [cursor] = await query<{ final: number }>(
      databaseUrl,
      'SELECT finalized_height AS final FROM chain_cursor',
    );
    finalBlock = cursor?.final ?? 0;
  });

  it('keeps its books up to the newest final block, and the ledger hash is that of a database without it', async () => {
    const before = await rowsOf(databaseUrl, 'receipt');
    expect(before.some(({ block }) => block > finalBlock)).toBe(true);
    expect(await archive(databaseUrl)).toEqual([
      { kind: 'token', address: leaving, archivedBlock: finalBlock },
    ]);
    expect(await rowsOf(databaseUrl, 'receipt')).toEqual(
      before.filter(({ block }) => block <= finalBlock),
    );
    const hashes = [];
    for (const url of [databaseUrl, alone]) {
      hashes.push(await proveFinalBlocks(url, scene.chain.chainId, never));
    }
    expect(hashes[0]).toEqual(hashes[1]);
    const client = await connectClient({ connectionString: databaseUrl });
    expect(await findAlteredBlock(client, scene.chain.chainId, finalBlock)).toBeNull();
    await client.end();
    // Twice changes nothing.
    expect(await archive(databaseUrl)).toEqual([]);
  });

  it('is not indexed any more, while the others are', async () => {
    const { chain } = scene;
    const rows = await rowsOf(databaseUrl, 'receipt');
    await scene.pay(3n);
    await execute(chain, { from: scene.payer, to: staying, valueWei: 3n });
    await mineBlocks(chain, FINALITY);
    for (const [url, tokens] of [
      [databaseUrl, [staying]],
      [alone, [staying]],
    ] as const) {
      await indexTo({ chain, databaseUrl: url, tokens, finality: FINALITY });
    }
    expect(await rowsOf(databaseUrl, 'receipt')).toEqual(rows);
    const ofOther = 'SELECT amount_wei::text FROM receipt WHERE token_number <> 1 ORDER BY id';
    expect(await query(databaseUrl, ofOther)).toEqual([{ amount_wei: '777' }, { amount_wei: '3' }]);
  });

  it('keeps its rows and their blocks when the indexer reads blocks again', async () => {
    const { chain } = scene;
    const dump = async () => {
      const { hot_block: _, chain_cursor: __, ...books } = await dumpTables(databaseUrl);
      return books;
    };
    const before = await dump();
    const client = await connectClient({ connectionString: databaseUrl });
    const rewound = await rewindChain(client, chain.chainId, finalBlock - 4);
    await client.end();
    expect(rewound?.height).toBeLessThan(finalBlock);
    const used = [
      ...(await rowsOf(databaseUrl, 'receipt')),
      ...(await rowsOf(databaseUrl, 'transfer')),
    ];
    const above = used.map(({ block }) => block).filter((block) => block > (rewound?.height ?? 0));
    expect(above.length).toBeGreaterThan(0);
    expect(
      await query(
        databaseUrl,
        `SELECT number AS block FROM block WHERE number = ANY($1) ORDER BY 1`,
        [above],
      ),
    ).toEqual([...new Set(above)].sort((a, b) => a - b).map((block) => ({ block })));
    await indexTo({ chain, databaseUrl, tokens: [staying], finality: FINALITY });
    const after = await dump();
    expect({ ...after, block: [] }).toEqual({ ...before, block: [] });
  });

  it('ends where the chain forked, if that was before', async () => {
    const copy = await freshDatabase();
    const { chain } = scene;
    const request = { chain, databaseUrl: copy, tokens: [leaving, staying], finality: FINALITY };
    await indexTo(request);
    const both = [leaving, staying].map((address) => ({ kind: 'token', address }) as const);
    const ended = await inTransaction(copy, (client) =>
      archiveContracts(client, chain.chainId, both),
    );
    expect(ended.map(({ address }) => address)).toEqual([leaving, staying]);
    const fork = finalBlock - 1;
    await inTransaction(copy, (client) => rollbackAbove(client, chain.chainId, [2], fork));
    expect(await query(copy, 'SELECT archived_block FROM token WHERE number = 1')).toEqual([
      { archived_block: fork },
    ]);
    expect((await rowsOf(copy, 'receipt')).every(({ block }) => block <= fork)).toBe(true);
    expect(await query(copy, `SELECT FROM block WHERE number > ${fork}`)).toEqual([]);
  });

  it('leaves nothing when it is forgotten, and its number is never given out again', async () => {
    const { chain } = scene;
    const deleted = await forgetBooks(databaseUrl, chain.chainId, leaving, {
      onProgress: () => undefined,
      signal: never,
    });
    expect(deleted).toBeGreaterThan(10);
    const renumbered = (dump: Record<string, string[]>) =>
      JSON.stringify({ ...dump, hot_block: [], chain_cursor: [] })
        .replaceAll('0002-', '0001-')
        .replaceAll(/([(,])2,/g, '$11,');
    expect(renumbered(await dumpTables(databaseUrl))).toBe(renumbered(await dumpTables(alone)));
    for (const url of [databaseUrl, alone]) await proveFinalBlocks(url, chain.chainId, never);
    const hash = 'SELECT height, hash FROM hash_cursor';
    expect(await query(databaseUrl, hash)).toEqual(await query(alone, hash));
    await expect(
      forgetBooks(databaseUrl, chain.chainId, leaving, {
        onProgress: () => undefined,
        signal: never,
      }),
    ).rejects.toMatchObject({ code: 'FORGET_UNKNOWN' });
    await expect(
      forgetBooks(databaseUrl, chain.chainId, staying, {
        onProgress: () => undefined,
        signal: never,
      }),
    ).rejects.toMatchObject({ code: 'FORGET_NOT_ARCHIVED' });
  });

  it('leaves nothing when other books have replaced it, because the indexer deletes its rows', async () => {
    const copy = await freshDatabase();
    const { chain } = scene;
    const request = { chain, databaseUrl: copy, finality: FINALITY };
    await indexTo({ ...request, tokens: [leaving, staying] });
    await inTransaction(copy, (client) =>
      leaveBooks(client, chain.chainId, [{ kind: 'token', address: leaving }]),
    );
    const follower = follow({ ...request, tokens: [staying] });
    await follower.caughtUp();
    await mineBlocks(chain, FINALITY + 1);
    await eventually(async () => {
      expect(await query(copy, 'SELECT FROM leaving_books')).toEqual([]);
    });
    await follower.stop();
    const { token, balance_checkpoint, holder, transfer } = await dumpTables(copy);
    expect([token, balance_checkpoint, holder, transfer].map((rows) => rows?.length)).toEqual([
      1, 1, 1, 1,
    ]);
    expect(await query(copy, 'SELECT number FROM block ORDER BY 1')).toEqual(
      await query(alone, 'SELECT number FROM block ORDER BY 1'),
    );
  });

  it('keeps the greatest number in use, even when nothing of it is left', async () => {
    const copy = await freshDatabase();
    const { chain } = scene;
    const request = { chain, databaseUrl: copy, tokens: [staying, leaving], finality: FINALITY };
    await indexTo(request);
    await archive(copy);
    await forgetBooks(copy, chain.chainId, leaving, { onProgress: () => undefined, signal: never });
    const client = await connectClient({ connectionString: copy });
    expect(await nextNumber(client)).toBe(3);
    await client.end();
  });
});
