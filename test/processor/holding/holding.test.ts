import { beforeAll, describe, expect, it } from 'vitest';
import { execute, mineBlocks } from '../../../devnet/chain.js';
import { deployWindowed } from '../../../devnet/deploy.js';
import { type Address, checksummed } from '../../../src/address.js';
import { resumeContract } from '../../../src/processor/run/resume.js';
import { startTestApi } from '../../api/support.js';
import { auditHere } from '../../audit/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

const TABLES = [
  'pool_version',
  'snapshot',
  'receipt',
  'claim',
  'transfer',
  'journal_entry',
  'posting',
  'balance_checkpoint',
  'holder',
];

/** Every row of a token as text, table by table. */
async function rowsOf(databaseUrl: string, tokenNumber: number): Promise<string[]> {
  const lines: string[] = [];
  for (const table of TABLES) {
    const rows = await query<{ line: string }>(
      databaseUrl,
      `SELECT of::text AS line FROM ${table} AS of WHERE token_number = ${tokenNumber} ORDER BY 1`,
    );
    lines.push(...rows.map(({ line }) => `${table} ${line}`));
  }
  return lines;
}

async function post(url: string, text: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: text }),
  });
  return (await response.json()) as { data: unknown; extensions?: unknown };
}

describe('a token that pays out a wei that no rule explains', () => {
  let scene: Scene;
  let honest: string;
  let stolenAt: number;

  beforeAll(async () => {
    scene = await Scene.start();
    const { chain, founder } = scene;
    const other = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      from: founder,
      name: 'Honest',
      symbol: 'HON',
      supply: 1000n,
      percentClaimable: 60,
      window: 2,
      snapshotInterval: 10,
    });
    honest = other.address;
    await scene.pay(10n ** 18n);
    await scene.snapshot();
    await scene.call(founder, 'claim', [1n]);
    const theft = await execute(chain, {
      from: scene.token.address,
      to: scene.friend,
      valueWei: 1n,
    });
    stolenAt = Number(theft.blockNumber);
    await scene.pay(500n);
    await execute(chain, { from: scene.payer, to: honest, valueWei: 777n });
    await mineBlocks(chain, 3);
  });

  const holds = (databaseUrl: string) =>
    query(
      databaseUrl,
      `SELECT last_block::int, block_number::int, is_confirmed, code FROM contract_hold`,
    );

  it('is held at the last block that was right, and the error says why at the end of the run', async () => {
    const databaseUrl = await freshDatabase();
    const { chain, token } = scene;
    await expect(
      indexTo({ chain, databaseUrl, tokens: [token.address, honest] }),
    ).rejects.toMatchObject({
      code: 'CHAIN_UNEXPLAINED_PAYMENT',
      message: expect.stringContaining(`end at block ${stolenAt - 1} (CHAIN_UNEXPLAINED_PAYMENT)`),
    });
    expect(await holds(databaseUrl)).toMatchObject([
      { last_block: stolenAt - 1, block_number: stolenAt, code: 'CHAIN_UNEXPLAINED_PAYMENT' },
    ]);
    const receipts = await query(
      databaseUrl,
      'SELECT token_number, amount_wei::text AS wei FROM receipt ORDER BY 1, block_number',
    );
    expect(receipts).toEqual([
      { token_number: 1, wei: '1000000000000000000' },
      { token_number: 2, wei: '777' },
    ]);
  });

  it('leaves every row of the others as they are without it', async () => {
    const [together, alone] = [await freshDatabase(), await freshDatabase()];
    const { chain, token } = scene;
    await indexTo({ chain, databaseUrl: together, tokens: [honest, token.address] }).catch(
      () => undefined,
    );
    await indexTo({ chain, databaseUrl: alone, tokens: [honest] });
    const rows = await rowsOf(together, 1);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows).toEqual(await rowsOf(alone, 1));
  });

  it('is read again when its block is final, and stays held where that changes nothing', async () => {
    const databaseUrl = await freshDatabase();
    const { chain, token } = scene;
    const lines: string[] = [];
    const request = { chain, databaseUrl, tokens: [token.address, honest], finality: 20 };
    const follower = follow({ ...request, onWarning: (line) => lines.push(line) });
    await follower.caughtUp();
    expect(await holds(databaseUrl)).toMatchObject([{ is_confirmed: false }]);
    await mineBlocks(chain, 25);
    await follower.caughtUp();
    await follower.stop();
    expect(await holds(databaseUrl)).toMatchObject([
      { last_block: stolenAt - 1, is_confirmed: true },
    ]);
    expect(lines.join('\n')).toContain('a held contract may continue');
  });
  it('is marked in every answer that depends on it, in status, and in exports', async () => {
    const databaseUrl = await freshDatabase();
    const { chain, token } = scene;
    const request = { chain, databaseUrl, tokens: [token.address, honest] };
    await indexTo(request).catch(() => undefined);
    const api = await startTestApi(databaseUrl);
    try {
      const address = checksummed(token.address.toLowerCase() as Address);
      const mark = { kind: 'token', lastBlock: stolenAt - 1, code: 'CHAIN_UNEXPLAINED_PAYMENT' };
      const answer = await post(
        api.url,
        `{ token(chainId: ${chain.chainId}, address: "${token.address}") {
        supply held { kind lastBlock block code reason hint } } }`,
      );
      expect(answer).toMatchObject({
        data: {
          token: {
            held: {
              kind: 'TOKEN',
              lastBlock: stolenAt - 1,
              block: stolenAt,
              code: 'CHAIN_UNEXPLAINED_PAYMENT',
              reason: expect.stringContaining('paid 1 wei'),
            },
          },
        },
        extensions: { held: [{ ...mark, address }] },
      });
      const other = await post(
        api.url,
        `{ token(chainId: ${chain.chainId}, address: "${honest}") { supply held { code } } }`,
      );
      expect(other).toEqual({ data: { token: { supply: '1000', held: null } } });
      const { data } = await post(api.url, '{ status { held { address lastBlock } } }');
      expect(data).toEqual({
        status: [{ held: [{ address, lastBlock: stolenAt - 1 }] }],
      });
      const exported = await fetch(new URL('/v1/export/holders?format=csv', api.url));
      await exported.text();
      expect(exported.headers.get('x-imo-held')).toBe(
        `${chain.chainId}:${address}:${stolenAt - 1}`,
      );
      const claimable = await fetch(new URL(`/v1/holders/${scene.founder}/claimable`, api.url));
      expect(await claimable.json()).toMatchObject({ held: [mark] });
    } finally {
      await api.close();
    }
  });

  it('is audited at the end of its books, and the audit says so', async () => {
    const databaseUrl = await freshDatabase();
    const { chain, token } = scene;
    await indexTo({ chain, databaseUrl, tokens: [token.address, honest] }).catch(() => undefined);
    const { mismatchCount, figures, notCompared } = await auditHere({
      chain,
      databaseUrl,
      earlier: 3,
    });
    expect({ mismatchCount, notCompared }).toEqual({
      mismatchCount: 0,
      notCompared: [
        `${checksummed(token.address.toLowerCase() as Address)} after block ${stolenAt - 1}: it is held there (CHAIN_UNEXPLAINED_PAYMENT)`,
      ],
    });
    expect(figures).toBeGreaterThan(20);
  });

  it('is read again from its last right block once it is resumed', async () => {
    const databaseUrl = await freshDatabase();
    const { chain, token } = scene;
    const request = { chain, databaseUrl, tokens: [token.address, honest] };
    await indexTo(request).catch(() => undefined);
    const address = token.address.toLowerCase() as Address;
    const { hold, from } = await resumeContract(databaseUrl, chain.chainId, address);
    expect(hold).toMatchObject({ lastBlock: stolenAt - 1, code: 'CHAIN_UNEXPLAINED_PAYMENT' });
    expect(from).toBe(stolenAt - 1);
    expect(await holds(databaseUrl)).toEqual([]);
    await expect(resumeContract(databaseUrl, chain.chainId, address)).rejects.toMatchObject({
      code: 'CONTRACT_NOT_HELD',
      message: expect.stringContaining('is not held'),
    });
    // The cause is still there: it is found again.
    await expect(indexTo(request)).rejects.toMatchObject({ code: 'CHAIN_UNEXPLAINED_PAYMENT' });
    expect(await holds(databaseUrl)).toMatchObject([{ last_block: stolenAt - 1 }]);
  });
});
