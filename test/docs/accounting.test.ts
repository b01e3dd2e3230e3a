import { readFileSync, writeFileSync } from 'node:fs';
import pg from 'pg';
import { expect, it } from 'vitest';
import { type Account, isHeld } from '../../src/ledger/journal.js';
import { readAccountBalances } from '../../src/store/read/accountBalances.js';
import { readPostings } from '../../src/store/read/journal.js';
import { indexTo } from '../support/indexer.js';
import { freshDatabase } from '../support/postgres.js';
import { Scene } from '../support/scene.js';

const FILE = 'docs/accounting.md';
const BEGINS = '<!-- example begins -->\n';
const ENDS = '<!-- example ends -->';

/** What happens in the example, in words and on the chain, one block after the other. */
async function playStory(scene: Scene): Promise<string[]> {
  const { founder, friend } = scene;
  await scene.call(founder, 'transfer', [friend, 400n]);
  const steps: [string, () => Promise<unknown>][] = [
    ['1000 wei come in', () => scene.pay(1000n)],
    ['snapshot 1', () => scene.snapshot()],
    ['the founder claims 1', () => scene.call(founder, 'claim', [1n])],
    ['501 wei come in', () => scene.pay(501n)],
    ['the friend burns 100', () => scene.call(friend, 'burn', [100n])],
    ['snapshot 2', () => scene.snapshot()],
    ['the founder claims 2', () => scene.call(founder, 'claim', [2n])],
    ['33 wei come in', () => scene.pay(33n)],
    ['snapshot 3: what the friend left of 1 rolls over', () => scene.snapshot()],
    ['the friend claims 3', () => scene.call(friend, 'claim', [3n])],
  ];
  for (const [, happens] of steps) await happens();
  return steps.map(([words]) => words);
}

async function renderExample(): Promise<string> {
  const scene = await Scene.start();
  const words = await playStory(scene);
  const databaseUrl = await freshDatabase();
  const { chain, token } = scene;
  const block = await indexTo({ chain, databaseUrl, tokens: [token.address] });
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  try {
    const { rows } = await db.query<{ id: string; kind: string; block: number }>(
      'SELECT id, kind, block_number AS block FROM journal_entry ORDER BY id',
    );
    const postings = await readPostings(
      db,
      rows.map(({ id }) => id),
    );
    const blocks = [...new Set(rows.map((row) => row.block))];
    const lines = rows.map((row, index) => {
      const isFirst = rows[index - 1]?.block !== row.block;
      const moved = (postings[index] ?? []).map(
        ({ account, amountWei }) => `\`${account}\` ${amountWei > 0n ? '+' : '−'}${abs(amountWei)}`,
      );
      const what = isFirst ? (words[blocks.indexOf(row.block)] ?? '') : '';
      return `| ${what} | ${row.kind} | ${moved.join(', ')} |`;
    });
    const accounts = await readAccountBalances(db, { tokenNumber: 1, block });
    const balances = accounts.map(
      ({ account, balanceWei }) =>
        `| \`${account}\` | ${String(balanceWei).replace('-', '−')} | ${isHeld(account as Account) ? 'yes' : ''} |`,
    );
    const held = accounts
      .filter(({ account }) => isHeld(account as Account))
      .reduce((sum, { balanceWei }) => sum + balanceWei, 0n);
    const onChain = BigInt(
      await chain.rpc.call<string>('eth_getBalance', [token.address, 'latest']),
    );
    expect(held).toBe(onChain);
    return [
      '| what happens | entry | postings, in wei |\n|---|---|---|',
      ...lines,
      '\nand the trial balance after it:\n',
      '| account | balance, wei | held |\n|---|---|---|',
      ...balances,
      `\nThe accounts sum to 0; those that are held sum to ${held}, which is what`,
      '`eth_getBalance` says of the token.\n',
    ].join('\n');
  } finally {
    await db.end();
  }
}

function abs(amountWei: bigint): bigint {
  return amountWei < 0n ? -amountWei : amountWei;
}

it('the worked example in docs/accounting.md is what happens on a chain', async () => {
  const text = readFileSync(FILE, 'utf8');
  const begin = text.indexOf(BEGINS) + BEGINS.length;
  const end = text.indexOf(ENDS);
  const example = await renderExample();
  if (process.env.UPDATE_DOCS === '1') {
    writeFileSync(FILE, text.slice(0, begin) + example + text.slice(end));
    return;
  }
  expect(text.slice(begin, end)).toBe(example);
});
