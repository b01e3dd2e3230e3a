import { execFile } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksummed } from '../../src/address.js';
import type { RunningApi } from '../../src/api/server.js';
import { subscribeSse } from '../api/live/clients.js';
import { askData, startTestApi } from '../api/support.js';
import { exportText } from '../export/support.js';
import type { Books } from '../store/read/books.js';
import { ALICE, BOB, CAROL, openScenario, WINDOWED } from '../store/read/scenario.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { documentedBlocks } from '../support/docs/blocks.js';
import { pdfPages } from '../support/pdfText.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

let url: string;
let books: Books;
let api: RunningApi;
let folder: string;

beforeAll(async () => {
  url = await freshDatabase();
  books = await openScenario(url);
  api = await startTestApi(url);
  folder = await temporaryFolder();
});
afterAll(async () => {
  await api.close();
  await books.close();
});

/** A text of a page about these books: their token, holders, days and server. */
function aboutTheseBooks(text: string): string {
  return text
    .replaceAll('127.0.0.1:4350', `127.0.0.1:${api.port}`)
    .replaceAll(/0x(?:e5018913|0A0f4321)\w{32}/g, checksummed(WINDOWED))
    .replaceAll(/0x(?:7A4322BE|75ed5999)\w{32}/g, checksummed(BOB))
    .replaceAll(/0x85478a68\w{32}/g, checksummed(ALICE))
    .replaceAll(/--at 20\d\d-\d\d-\d\d/g, '--at 2023-11-14T22:20:00Z')
    .replaceAll(/(to[= ])20\d\d-\d\d-\d\d/g, '$12023-11-14T22:22:00Z')
    .replaceAll(/(from[= ])20\d\d-\d\d-\d\d/g, '$12023-11-14');
}

/** The block of a page that starts so. */
function blockOf(file: string, start: string): string {
  const block = documentedBlocks().find(
    (one) => one.file === file && one.text.includes(start) && one.language !== 'sql',
  );
  if (block === undefined) throw new Error(`${file} has no block with ${start}`);
  return aboutTheseBooks(block.text);
}

/** Runs a line of a shell in the folder. */
async function shell(line: string): Promise<string> {
  const { stdout } = await promisify(execFile)('bash', ['-ec', line], { cwd: folder });
  return stdout;
}

const lines = (text: string) => text.replaceAll('\\\n', ' ').split('\n');
const curls = (text: string) => lines(text).filter((line) => line.startsWith('curl '));

/** Runs a command of a page; its files are in the folder. */
async function command(line: string) {
  const [, rest = ''] = /imo-ledger (.*)$/.exec(line.replace(/\s+#.*$/, '')) ?? [];
  const args = rest
    .trim()
    .split(/\s+/)
    .map((part) => (/^[\w-]+\.(csv|parquet|pdf)$/.test(part) ? join(folder, part) : part));
  const result = await runVerbHere(args, { DATABASE_URL: url });
  expect(result, line).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining('error') });
  return result;
}

/** All amounts of an answer by the name of their field, in its order. */
function amountsIn(answer: unknown): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  const walk = (value: unknown, name: string): void => {
    if (typeof value === 'string' && /^-?\d+$/.test(value))
      found[name] = [...(found[name] ?? []), value];
    else if (Array.isArray(value)) for (const item of value) walk(item, name);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) walk(inner, key);
    }
  };
  walk(answer, '');
  return found;
}

describe('the queries of the pages', () => {
  test('README.md: what a holder can claim', async () => {
    const { holder } = await askData(api, blockOf('README.md', 'holder(address'));
    expect(amountsIn(holder)).toEqual({
      balance: ['40'],
      totalClaimableWei: ['288'],
      claimedWei: ['240'],
      expiredWei: ['0'],
      redeemableWei: ['264'],
      accruingWei: ['133'],
      claimableWei: ['0', '120', '168'],
    });
  });

  test('README.md: receipts as they come', async () => {
    const events = await subscribeSse(api, blockOf('README.md', 'subscription'));
    const { data, errors } = await events.next();
    expect(errors).toBeUndefined();
    expect(data.receipts.withdrawn).toEqual([]);
    await events.close();
  });

  test('docs/assets.md: what is owed in every asset', async () => {
    const { holder } = await askData(api, blockOf('docs/assets.md', 'assetEntitlements'));
    expect(amountsIn(holder)).toEqual({ totalClaimableWei: ['288'] });
  });

  test('docs/claims.md: the plan of claims, in GraphQL and for wallets', async () => {
    const { claimPlan } = await askData(api, blockOf('docs/claims.md', 'claimPlan('));
    const byUrl = JSON.parse(await shell(blockOf('docs/claims.md', 'curl ')));
    const paid = claimPlan.steps.flatMap(({ pays }: { pays: { amount: string }[] }) => pays);
    expect(amountsIn(paid)).toEqual({ amount: ['120', '168'] });
    const paidByUrl = byUrl.steps.flatMap(({ pays }: { pays: object[] }) => pays);
    expect(amountsIn(paidByUrl)).toEqual({ amount: ['120', '168'] });
  });

  test('docs/claims.md: a calendar for reminders', async () => {
    const calendar = await shell(blockOf('docs/claims.md', 'calendar.ics'));
    expect(
      [...calendar.matchAll(/^UID:.*-((?:deadline|snapshot)-\w+)@/gm)].map(([, id]) => id),
    ).toEqual(['deadline-2', 'deadline-3', 'snapshot-next']);
  });

  test('docs/serving.md: the cost of an answer has these parts', async () => {
    const documented = JSON.parse(blockOf('docs/serving.md', '{"cost"'));
    const response = await fetch(api.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ status { chainId } }', extensions: { cost: true } }),
    });
    const { extensions } = (await response.json()) as { extensions: { cost: object } };
    expect(Object.keys(extensions.cost).toSorted()).toEqual(
      Object.keys(documented.cost).toSorted(),
    );
  });
});

describe('the downloads of the pages', () => {
  test.each(['README.md', 'docs/data.md'])('%s: a file by curl is the export', async (file) => {
    const [download = ''] = curls(blockOf(file, 'curl -OJ'));
    const [, dataset = '', options = ''] = /export\/(\w+)\?([^']*)'/.exec(download) ?? [];
    await shell(download);
    const [name = ''] = (await readdir(folder)).filter((one) => one.startsWith(`${dataset}-`));
    const texts = Object.fromEntries(new URLSearchParams(options));
    const { content } = await exportText(url, dataset, texts);
    expect(await readFile(join(folder, name), 'utf8')).toBe(content);
  });

  test('docs/statement.md: the file of a server is the file of the command', async () => {
    await shell(blockOf('docs/statement.md', 'curl '));
    const [name = ''] = (await readdir(folder)).filter((one) => one.startsWith('statement-0x'));
    const text = (pdf: Buffer) => pdfPages(pdf).join('\n');
    await command(lines(blockOf('docs/statement.md', '--out 2026.pdf'))[0] ?? '');
    expect(text(await readFile(join(folder, name)))).toBe(
      text(await readFile(join(folder, '2026.pdf'))),
    );
  });

  test('docs/data.md: rows of a range', async () => {
    const line =
      curls(blockOf('docs/data.md', 'curl -OJ')).find((one) => one.includes('from=')) ?? '';
    const answer = await shell(line);
    expect(answer).not.toContain('error');
    const rows = answer
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row));
    const moved = rows.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    expect(String(moved)).toBe('125');
  });

  test('docs/data.md: holders without contracts', async () => {
    const read = [
      [ALICE, 'contract'],
      [BOB, 'none'],
      [CAROL, 'delegation'],
    ].map(([account = '', code]) => `(1, '\\x${account.slice(2)}'::bytea, '${code}', 55)`);
    await query(
      url,
      `INSERT INTO account_code (chain_id, address, code, block_number) VALUES ${read.join(', ')}`,
    );
    const line =
      curls(blockOf('docs/data.md', 'curl -OJ')).find((one) => one.includes('kind=')) ?? '';
    const rows = (await shell(line))
      .trim()
      .split('\n')
      .map((row) => JSON.parse(row));
    expect(rows.map(({ holder, balance }) => [holder, balance]).toSorted()).toEqual(
      [
        [BOB, '40'],
        [CAROL, '10'],
      ].toSorted(),
    );
    const block = documentedBlocks().find(({ text }) => text.includes('--kind wallet'));
    const [asked = ''] = lines(aboutTheseBooks(block?.text ?? '')).filter((one) =>
      one.includes('--kind wallet'),
    );
    await command(asked);
    const [, ...people] = readFileSync(join(folder, 'people.csv'), 'utf8').trim().split('\n');
    expect(people).toHaveLength(rows.length);
  });

  test('docs/data.md: the rest of an interrupted download', async () => {
    const [first = '', rest = ''] = curls(blockOf('docs/data.md', 'curl -OJ')).filter((line) =>
      line.includes('claims.csv'),
    );
    await shell(first);
    const file = join(folder, 'claims.csv');
    const whole = readFileSync(file, 'utf8');
    truncateSync(file, 150);
    await shell(rest);
    expect(readFileSync(file, 'utf8')).toBe(whole);
  });
});

describe('the commands of the pages', () => {
  test.each([
    ['README.md', 'export entitlements'],
    ['docs/data.md', 'export holders'],
    ['docs/statement.md', '--format pdf'],
    ['docs/statement.md', '0x85478a68'],
    ['docs/analysis.md', 'for dataset'],
  ])('%s: %s', async (file, start) => {
    const block = documentedBlocks().find((one) => one.file === file && one.text.includes(start));
    const [line = ''] = lines(aboutTheseBooks(block?.text ?? '')).filter((one) =>
      one.includes('npx imo-ledger'),
    );
    await command(line.replaceAll('$dataset', 'journal'));
  });

  test('docs/audit.md: jq reads what an audit prints as JSON', async () => {
    const line = lines(blockOf('docs/audit.md', 'jq')).find((one) => one.includes('jq')) ?? '';
    const [, filter = ''] = /(jq .*)$/.exec(line) ?? [];
    const details = [{ figure: 'totalSupply()', ours: '90', contract: '91' }];
    writeFileSync(join(folder, 'audit.json'), JSON.stringify([{ block: 55, details }]));
    expect(JSON.parse(await shell(`${filter} < audit.json`))).toEqual(details);
  });
});
