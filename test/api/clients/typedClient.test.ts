import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typedDocuments from '@graphql-codegen/typed-document-node';
import * as operations from '@graphql-codegen/typescript-operations';
import { buildClientSchema, getIntrospectionQuery, parse, printSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checksummed } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';

import { claim } from '../../store/read/actions.js';
import type { Books } from '../../store/read/books.js';
import { ALICE, BOB, openScenario, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { askData, startTestApi } from '../support.js';

/** What somebody writes who uses a generator: queries … */
const DOCUMENTS = `
  query LargeReceipts($token: Address!, $least: BigInt!) {
    receipts(where: { token: { _eq: $token }, amountWei: { _gte: $least } }, direction: ASC) {
      totalCount
      nodes { block amountWei kind payer token { symbol } }
    }
  }
  query Owed($holder: Address!) {
    holder(address: $holder) {
      positions { balance token { chainId } entitlement { totalClaimableWei claimedWei } }
    }
  }
  query Income($where: ReceiptWhere = {}) {
    receiptTotals(where: $where, groupBy: [SOURCE]) { source count amountWei { sum max } }
  }`;

/** … and a program, whose every field the compiler knows. */
const PROGRAM = `
import { ImoLedger } from '../../../clients/ts/src/index.js';
import { IncomeDocument, LargeReceiptsDocument, OwedDocument } from './documents.js';

export async function figures(url: string, token: string, holder: string) {
  const ledger = new ImoLedger({ url });
  const { data: { receipts } } = await ledger.query(LargeReceiptsDocument, { token, least: 101n });
  const { data: { holder: owed } } = await ledger.query(OwedDocument, { holder });
  const { data: { receiptTotals } } = await ledger.query(IncomeDocument, {
    where: { _or: [{ kind: { _eq: 'CALL' } }, { source: { _in: ['SALE'] } }] },
  });
  const nodes = receipts?.nodes ?? [];
  return {
    sum: nodes.reduce((sum, { amountWei }) => sum + amountWei, 0n),
    blocks: nodes.map(({ block }): number => block),
    symbols: nodes.map(({ token }) => token.symbol ?? ''),
    owed: owed?.positions.map(({ entitlement }) => entitlement.claimedWei) ?? [],
    totals: receiptTotals?.map(({ source, amountWei }) => [source, amountWei.sum] as const) ?? [],
  };
}
`;

/** A mistake that a compiler must find: an amount is not a float. */
const MISTAKE = `
import type { LargeReceiptsQuery } from './documents.js';
export const half = ({ receipts }: LargeReceiptsQuery) => receipts!.nodes[0]!.amountWei / 2;
`;

const SCALARS = {
  Address: 'string',
  Asset: 'string',
  BigInt: { input: 'bigint | string', output: 'bigint' },
  Bytes4: 'string',
  Bytes32: 'string',
  DateTime: 'string',
  SafeInt: 'number',
};

let books: Books;
let api: RunningApi;
/** Below the repository, so that its packages are found. */
let folder: string;

beforeAll(async () => {
  const url = await freshDatabase();
  books = await openScenario(url);
  api = await startTestApi(url, { live: { deafPollMs: 20, heardPollMs: 20 } });
  folder = mkdtempSync(join('test', 'api', 'typed-client-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.close();
  await books.close();
});

/** The compiler's complaints; empty: none. */
function compile(...files: string[]): string {
  const config = { extends: '../../../tsconfig.json', files, include: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  try {
    execFileSync('npx', ['--no-install', 'tsc', '-p', folder, '--noEmit'], { stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { readonly stdout: Buffer }).stdout);
  }
}

test('typed documents are generated from the served schema, compiled, and right', async () => {
  const schema = buildClientSchema(await askData(api, getIntrospectionQuery()));
  const documents = await codegen({
    schema: parse(printSchema(schema)),
    documents: [{ location: 'documents.graphql', document: parse(DOCUMENTS) }],
    filename: 'documents.ts',
    pluginMap: { operations, typedDocuments },
    plugins: [
      { operations: { scalars: SCALARS, useTypeImports: true } },
      { typedDocuments: { useTypeImports: true } },
    ],
    config: {},
  });
  writeFileSync(join(folder, 'documents.ts'), documents);
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  writeFileSync(join(folder, 'mistake.ts'), MISTAKE);

  expect(compile('program.ts')).toBe('');
  expect(compile('mistake.ts')).toContain('TS2365');

  const program = await import(pathToFileURL(join(folder, 'program.ts')).href);
  expect(await program.figures(api.url, WINDOWED, checksummed(BOB))).toEqual({
    sum: 1601n,
    blocks: [10, 30, 40],
    symbols: ['WIN', 'WIN', 'WIN'],
    owed: [240n],
    totals: [
      ['UNKNOWN', 1762n],
      ['UNKNOWN', 70n],
    ],
  });
});

test.each([
  ['docs/api.md', 'string'],
  ['clients/ts/README.md', 'bigint'],
])('%s: its config of graphql-codegen makes documents with amounts as %s', async (page, type) => {
  const [, config = ''] =
    /```ts\nconst (config: CodegenConfig[\s\S]*?)```/.exec(readFileSync(page, 'utf8')) ?? [];
  const made = new Function(`const ${config.replace(': CodegenConfig', '')}; return config;`)();
  const [output] = Object.values(made.generates) as { plugins: string[]; config: object }[];
  expect(output?.plugins).toEqual(['typescript-operations', 'typed-document-node']);
  const generated = await codegen({
    schema: parse(readFileSync('schema/schema.generated.graphql', 'utf8')),
    documents: [{ location: 'documents.graphql', document: parse(DOCUMENTS) }],
    filename: 'documents.ts',
    pluginMap: { operations, typedDocuments },
    plugins: [{ operations: {} }, { typedDocuments: {} }],
    config: output?.config ?? {},
  });
  expect(generated).toContain(`claimedWei: ${type}`);
  expect(generated).not.toMatch(/\w\??: (any|unknown)\b/);
});

describe('the README of the client', () => {
  const readme = readFileSync('clients/ts/README.md', 'utf8');
  const [asking = '', following = ''] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(
    ([, block = '']) => block,
  );

  /** The program of the README about these books. */
  const program = (block: string) =>
    block
      .replace('@imo-ledger/client', '../../../clients/ts/src/index.js')
      .replace('http://127.0.0.1:4350/graphql', api.url)
      .replace(/0xe5018913\w{32}/, WINDOWED)
      .replace(/0x7A4322BE\w{32}/, checksummed(BOB));

  test('asks for what is owed and for all receipts', async () => {
    writeFileSync(join(folder, 'asking.ts'), `${program(asking)}\nexport {};\n`);
    writeFileSync(join(folder, 'following.ts'), `${program(following)}\nexport {};\n`);
    expect(compile('asking.ts', 'following.ts')).toBe('');

    const lines: unknown[][] = [];
    vi.spyOn(console, 'log').mockImplementation((...words) => void lines.push(words));
    await import(pathToFileURL(join(folder, 'asking.ts')).href);
    vi.restoreAllMocks();
    expect(lines).toEqual([
      ['WIN', 288n],
      ['received', 1651n],
    ]);
  });

  test('follows claims: those that are there, and those that come', async () => {
    const sums: unknown[] = [];
    const said = vi.spyOn(console, 'log').mockImplementation((_, sum) => void sums.push(sum));
    const ended = import(pathToFileURL(join(folder, 'following.ts')).href);
    const begun = expect.poll(() => sums.length).toBeGreaterThan(0);
    await Promise.race([begun, ended]);
    const before = sums[0] as bigint;
    await books.commit(1, 56, new Map([[1, [claim(ALICE, 2, 150n)]]]), 45);
    await expect.poll(() => sums.length).toBeGreaterThan(1);
    expect(sums).toEqual([before, before + 150n]);
    said.mockRestore();
  });
});
