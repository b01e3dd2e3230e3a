import { describe, expect, it } from 'vitest';
import { execute } from '../../../devnet/chain.js';
import { deploySplitter } from '../../../devnet/deploy.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

async function index(scene: Scene, labels: { address: string; name: string }[] = []) {
  const databaseUrl = await freshDatabase();
  const { chain, token } = scene;
  await indexTo({ chain, databaseUrl, tokens: [token.address], labels });
  return databaseUrl;
}

/** Newest balance of each account. */
async function trialBalance(databaseUrl: string): Promise<Record<string, string>> {
  const rows = await query<{ account: string; balance: string }>(
    databaseUrl,
    `SELECT DISTINCT ON (account) account, balance_wei::text AS balance
     FROM posting ORDER BY account, id DESC`,
  );
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
}

describe('the journal of a token', () => {
  it('moves every wei from where it came to where it went', async () => {
    const scene = await Scene.start();
    await scene.pay(1000n);
    await scene.snapshot();
    await scene.call(scene.founder, 'transfer', [scene.friend, 400n]);
    await scene.call(scene.founder, 'claim', [1n]);
    await scene.pay(500n);
    await scene.call(scene.friend, 'burn', [100n]);
    await scene.snapshot();
    await scene.pay(10n);
    await scene.snapshot();
    const databaseUrl = await index(scene);
    expect(await trialBalance(databaseUrl)).toEqual({
      'income/unknown': '-1510',
      // 500 · 20 % · 100/1000 from new revenue, 200 · 100/1000 from the pool
      redeemed: '30',
      claimed: '800',
      'claimable/1': '0',
      'claimable/2': '400',
      'claimable/3': '8',
      // 180 left of the first, 500 − 400 − 10 of the second, 2 of the third
      redeemable: '272',
      'new-revenue': '0',
    });
    const [{ unbalanced } = { unbalanced: 'none' }] = await query<{ unbalanced: string }>(
      databaseUrl,
      `SELECT count(*)::text AS unbalanced FROM (
         SELECT entry_id FROM posting GROUP BY entry_id HAVING sum(amount_wei) <> 0) AS wrong`,
    );
    expect(unbalanced).toBe('0');
  });

  it('books what expires as a roll-over into the snapshot that gets it', async () => {
    const scene = await Scene.start();
    await scene.pay(1000n);
    await scene.snapshot();
    await scene.snapshot();
    await scene.snapshot();
    const databaseUrl = await index(scene);
    const postings = await query<{ account: string; amount: string }>(
      databaseUrl,
      `SELECT account, posting.amount_wei::text AS amount FROM posting
       JOIN journal_entry AS entry ON entry.id = entry_id
       WHERE entry.kind = 'roll-over' ORDER BY posting.id`,
    );
    expect(postings).toEqual([
      { account: 'claimable/1', amount: '-800' },
      { account: 'claimable/3', amount: '800' },
    ]);
  });
});

describe('a receipt knows who passed it on', () => {
  it('a receipt through a splitter knows the labelled address that it came from', async () => {
    const scene = await Scene.start();
    const { chain, token, payer, founder } = scene;
    const splitter = await deploySplitter(chain, [token.address], { from: founder });
    await execute(chain, { from: payer, to: splitter.address, valueWei: 60n });
    await scene.pay(4n);
    await scene.call(scene.friend, 'deposit', ['0x'], 3n);
    const databaseUrl = await index(scene, [{ address: payer, name: 'treasury' }]);
    const receipts = await query<Record<string, unknown>>(
      databaseUrl,
      `SELECT amount_wei::text AS amount, source, '0x' || encode(source_address, 'hex') AS address,
         (SELECT array_agg('0x' || encode(passed, 'hex')) FROM unnest(path) AS passed) AS path
       FROM receipt ORDER BY id`,
    );
    const label = { source: 'known', address: payer.toLowerCase() };
    expect(receipts).toEqual([
      { amount: '60', ...label, path: [payer.toLowerCase(), splitter.address] },
      { amount: '4', ...label, path: [payer.toLowerCase()] },
      { amount: '3', source: 'unknown', address: null, path: [scene.friend.toLowerCase()] },
    ]);
    expect(await trialBalance(databaseUrl)).toEqual({
      'income/known': '-64',
      'income/unknown': '-3',
      'new-revenue': '67',
    });
  });
});
