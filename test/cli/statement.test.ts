import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Address, checksummed } from '../../src/address.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { pdfPages } from '../support/pdfText.js';
import { runCli } from '../support/programs/cli.js';
import { indexTo } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { liveToken } from '../support/scenes/livedToken.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const ROUNDS = 12;

let env: NodeJS.ProcessEnv;
let account: string;
let token: string;

/** In each round the founder gives 400 tokens away, and claims its share of 800,000 wei. */
beforeAll(async () => {
  const { chain, tokens, founder } = await liveToken(ROUNDS);
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens });
  // A name that a spreadsheet would run.
  await query(databaseUrl, `UPDATE token SET symbol = '=MDQ', decimals = 3`);
  env = { DATABASE_URL: databaseUrl };
  account = checksummed(founder as Address);
  token = checksummed((tokens[0] ?? '') as Address);
});

async function statement(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runVerbHere(['statement', account, ...args], env);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

interface Json {
  readonly account: string;
  readonly tokens: readonly {
    readonly token: string;
    readonly opening: string;
    readonly closing: string;
    readonly movements: readonly { readonly change: string; readonly transactionHash: string }[];
    readonly revenue: readonly {
      readonly asset: string;
      readonly opening: Readonly<Record<string, string>>;
      readonly closing: Readonly<Record<string, string>>;
      readonly movements: readonly { readonly changes: Readonly<Record<string, string>> }[];
    }[];
  }[];
}

describe('imo-ledger statement', () => {
  test('as JSON has exact amounts that add up', async () => {
    const { account: named, tokens }: Json = JSON.parse(await statement('--format', 'json'));
    expect(named).toBe(account);
    expect(tokens).toMatchObject([{ token, opening: '0', closing: '995200' }]);
    const [stated] = tokens;
    const sum = (texts: readonly (string | undefined)[]) =>
      texts.reduce((total, text) => total + BigInt(text ?? 0), 0n);
    expect(sum(stated?.movements.map(({ change }) => change) ?? [])).toBe(995_200n);
    const [revenue] = stated?.revenue ?? [];
    expect(revenue?.asset).toBe('native');
    for (const [name, closing] of Object.entries(revenue?.closing ?? {})) {
      const changes = revenue?.movements.map((movement) => movement.changes[name]) ?? [];
      expect([name, sum([revenue?.opening[name], ...changes])]).toEqual([name, BigInt(closing)]);
    }
    expect(BigInt(revenue?.closing.claimed ?? 0)).toBeGreaterThan(9_000_000n);
  });

  test('of several accounts is that of one person, and one named twice counts once', async () => {
    const other = checksummed('0x70997970c51812dc3a010c7d01b50e0d17dc79c8');
    const stated = JSON.parse(await statement(other, account.toLowerCase(), '--format', 'json'));
    expect(stated.accounts).toEqual([account, other]);
    const bad = await runVerbHere(['statement', account, `${other.slice(0, -1)}9`], env);
    expect(bad.exitCode).not.toBe(0);
    expect(bad.stderr).toContain('checksum');
  });

  test('as CSV has one line for each movement, in whole tokens and coins', async () => {
    const lines: Record<string, string>[] = parse(await statement('--format', 'csv'), {
      columns: true,
    });
    const tokens = lines.filter(({ part }) => part === 'tokens');
    expect(tokens.at(0)).toMatchObject({ line: 'opening', tokens: '0', token_symbol: "'=MDQ" });
    expect(tokens.at(1)).toMatchObject({ line: 'movement', kind: 'minted', tokens: '1000' });
    expect(tokens.at(2)).toMatchObject({ line: 'movement', kind: 'sent', tokens: '-0.4' });
    expect(tokens.at(-1)).toMatchObject({ line: 'closing', tokens: '995.2' });
    expect(tokens.filter(({ kind }) => kind === 'sent')).toHaveLength(ROUNDS);
    const claims = lines.filter(({ kind }) => kind === 'claim');
    expect(claims).toHaveLength(ROUNDS);
    for (const claim of claims) {
      expect(claim).toMatchObject({ token, asset: 'native', claimable: `-${claim.claimed}` });
      expect(claim.transaction_hash).toMatch(/^0x[0-9a-f]{64}$/);
      expect(claim.time).toMatch(/^2025-.*Z$/);
      expect(claim.claimed).toMatch(/^0\.0000000000007\d+$|^0\.0000000000008\d*$/);
    }
  });

  test('as text has the positions, and every line below its column', async () => {
    const { stdout: text } = await runCli(['statement', account], { env });
    expect(text).toContain(`Statement of ${account}\nChain `);
    expect(text).toMatch(/^=MDQ +balance +0\.0{18} +\+995\.20{17} +995\.20{17}$/m);
    expect(text).toMatch(/^TIME \(UTC\) +BLOCK {2}WHAT +WITH +AMOUNT +BALANCE {2}TRANSACTION$/m);
    expect(text).toMatch(/^ +closing +995\.20$/m);
    expect(text.match(/claimed, snapshot \d+/g)).toHaveLength(ROUNDS);
  });

  test('as PDF has numbered pages, the head of its tables on each, and is always the same', async () => {
    const folder = await temporaryFolder();
    const write = async (name: string) => {
      const out = join(folder, name);
      expect(await statement('--format', 'pdf', '--out', out)).toBe('');
      return readFile(out);
    };
    const pdf = await write('one.pdf');
    const pages = pdfPages(pdf);
    expect(pages.length).toBeGreaterThan(1);
    const letters = pages.map((page) => page.replaceAll(' ', ''));
    for (const [index, page] of letters.entries()) {
      expect(page).toContain(`Page${index + 1}of${pages.length}`);
      expect(page).toContain('TIME(UTC)BLOCKWHAT');
      expect(page).toContain(`Statementof${account}`);
    }
    expect(letters.join('')).toContain(`${token}onchain`);
    expect(letters.join('').match(/claimed,snapshot\d+/g)).toHaveLength(ROUNDS);
    // All amounts of a column have as many decimals as its longest: their points are below each other.
    expect(letters.join('')).toMatch(/balance0\.0{18}\+995\.20{17}995\.20{17}/);
    expect(await write('two.pdf')).toEqual(pdf);
  });

  test('writes characters that cannot be shown as code points, with a note', async () => {
    const { DATABASE_URL: databaseUrl = '' } = env;
    await query(databaseUrl, `UPDATE token SET symbol = U&'\\6A21\\202EMDQ'`);
    const out = join(await temporaryFolder(), 'signs.pdf');
    await statement('--format', 'pdf', '--out', out);
    const letters = pdfPages(await readFile(out))
      .join('')
      .replaceAll(' ', '');
    expect(letters).toContain('\\u{6a21}\\u{202e}MDQtokens');
    expect(letters).toContain('iswrittenbyitsUnicodenumber');
    const text = await statement();
    expect(text).toContain('模\\u{202e}MDQ tokens');
    expect(text).not.toContain('\u202e');
    await query(databaseUrl, `UPDATE token SET symbol = '=MDQ'`);
  });

  test('a statement of one token and some blocks has what happened there', async () => {
    const text = await statement('--token', token, '--from', '2', '--to', '4', '--format', 'csv');
    const lines: Record<string, string>[] = parse(text, { columns: true });
    expect(
      lines.filter(({ line }) => line === 'movement').map(({ block }) => Number(block)),
    ).toSatisfy((blocks: number[]) =>
      blocks.every((block) => block === 0 || (block >= 2 && block <= 4)),
    );
    expect(lines.at(0)).toMatchObject({ line: 'opening', tokens: '1000' });
  });

  test.each([
    [['0x12'], 2, 'USAGE', 'address'],
    [['--from', 'May'], 1, 'STATEMENT_BAD_PERIOD', 'May'],
    [['--to', '999999'], 1, 'BLOCK_NOT_INDEXED', '"to"'],
    [['--from', '9', '--to', '7'], 1, 'STATEMENT_EMPTY_PERIOD', '"from"'],
    [['--chain', '5'], 1, 'UNKNOWN_CHAIN', 'Indexed chains'],
    [['--format', 'xml'], 2, 'USAGE', 'text, csv, json, pdf'],
    [['--out', '/nowhere/at/all.txt'], 1, 'STATEMENT_NOT_WRITTEN', '/nowhere'],
  ])('%s is refused with code and remedy', async (args, code, error, says) => {
    const [first = ''] = args;
    const all = first.startsWith('--') ? [account, ...args] : args;
    const { exitCode, stdout, stderr } = await runVerbHere(['statement', ...all], env);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toContain(`error ${error}: `);
    expect(stderr).toContain(says);
  });
});
