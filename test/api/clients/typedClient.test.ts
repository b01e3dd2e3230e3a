import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codegen } from '@graphql-codegen/core';
import * as typedDocuments from '@graphql-codegen/typed-document-node';
import * as operations from '@graphql-codegen/typescript-operations';
import { buildClientSchema, getIntrospectionQuery, parse, printSchema } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checksummed } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import type { Books } from '../../store/read/books.js';
import { BOB, openScenario, WINDOWED } from '../../store/read/scenario.js';
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
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { IncomeDocument, LargeReceiptsDocument, OwedDocument } from './documents.js';

async function request<Data, Variables>(
  url: string,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

export async function figures(url: string, token: string, holder: string) {
  const { receipts } = await request(url, LargeReceiptsDocument, { token, least: '101' });
  const { holder: owed } = await request(url, OwedDocument, { holder });
  const { receiptTotals } = await request(url, IncomeDocument, {
    where: { _or: [{ kind: { _eq: 'CALL' } }, { source: { _in: ['SALE'] } }] },
  });
  const nodes = receipts?.nodes ?? [];
  return {
    sum: nodes.reduce((sum, { amountWei }) => sum + BigInt(amountWei), 0n),
    blocks: nodes.map(({ block }): number => block),
    symbols: nodes.map(({ token }) => token.symbol ?? ''),
    owed: owed?.positions.map(({ entitlement }) => BigInt(entitlement.claimedWei)) ?? [],
    totals: receiptTotals?.map(({ source, amountWei }) => [source, amountWei.sum] as const) ?? [],
  };
}
`;

/** A mistake that a compiler must find: an amount is not a number. */
const MISTAKE = `
import type { LargeReceiptsQuery } from './documents.js';
export const half = ({ receipts }: LargeReceiptsQuery) => receipts!.nodes[0]!.amountWei / 2;
`;

const SCALARS = {
  Address: 'string',
  Asset: 'string',
  BigInt: 'string',
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
  api = await startTestApi(url);
  folder = mkdtempSync(join('test', 'api', 'typed-client-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.close();
  await books.close();
});

/** The compiler's complaints; empty: none. */
function compile(file: string): string {
  const config = { extends: '../../../tsconfig.json', files: [file], include: [] };
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
  expect(compile('mistake.ts')).toContain('TS2362');

  const program = await import(pathToFileURL(join(folder, 'program.ts')).href);
  expect(await program.figures(api.url, WINDOWED, checksummed(BOB))).toEqual({
    sum: 1601n,
    blocks: [10, 30, 40],
    symbols: ['WIN', 'WIN', 'WIN'],
    owed: [240n],
    totals: [
      ['UNKNOWN', '1762'],
      ['UNKNOWN', '70'],
    ],
  });
});
