import {
  type AnyVariables,
  Client,
  fetchExchange,
  gql,
  type OperationResult,
  type TypedDocumentNode,
} from '@urql/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApi } from '../../../src/api/server.js';
import { receipt } from '../../store/read/actions.js';
import type { Books } from '../../store/read/books.js';
import { openScenario, PAYER, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { startTestApi } from '../support.js';

interface Page {
  readonly receipts: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly amountWei: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const RECEIPTS: TypedDocumentNode<Page, AnyVariables> = gql`
  query Receipts($token: Address!, $after: String) {
    receipts(filter: { token: $token, chainId: 1 }, first: 2, after: $after, direction: ASC) {
      totalCount
      nodes { amountWei }
      pageInfo { hasNextPage endCursor }
    }
  }`;

let books: Books;
let api: RunningApi;
let client: Client;

beforeAll(async () => {
  const url = await freshDatabase();
  books = await openScenario(url);
  api = await startTestApi(url, { live: { deafPollMs: 20, heardPollMs: 20 } });
  client = new Client({
    url: api.url,
    exchanges: [fetchExchange],
    // Server-sent events, without another library.
    fetchSubscriptions: true,
    preferGetMethod: false,
  });
});
afterAll(async () => {
  await api.close();
  await books.close();
});

test('a loop over cursors reads a list to its end, each row once', async () => {
  const amounts: string[] = [];
  let after: string | null = null;
  let pages = 0;
  do {
    const { data, error }: OperationResult<Page> = await client.query(RECEIPTS, {
      token: WINDOWED,
      after,
    });
    expect(error).toBeUndefined();
    expect(data?.receipts.totalCount).toBe(4);
    amounts.push(...(data?.receipts.nodes ?? []).map(({ amountWei }) => amountWei));
    after = data?.receipts.pageInfo.hasNextPage ? data.receipts.pageInfo.endCursor : null;
    pages += 1;
  } while (after !== null);
  expect(amounts).toEqual(['1000', '500', '101', '50']);
  expect(pages).toBe(2);
});

test('queries may also come by GET', async () => {
  const { data, error } = await client.query(
    gql`{ token(chainId: 1, address: "${WINDOWED}") { supply } }`,
    {},
    { preferGetMethod: 'force' },
  );
  expect(error).toBeUndefined();
  expect(data).toMatchObject({ token: { supply: '90' } });
});

test('a subscription comes over server-sent events, and ends when nobody listens', async () => {
  const document = gql`subscription {
    receipts(chainId: 1) { asOf { block } added { amountWei } }
  }`;
  const amountWei = 10n ** 24n + 1n;
  const seen: unknown[] = [];
  let unsubscribe: () => void = () => undefined;
  await new Promise<void>((resolve, reject) => {
    ({ unsubscribe } = client.subscription(document, {}).subscribe(({ data, error }) => {
      if (error !== undefined) return reject(error);
      seen.push(data?.receipts);
      if (seen.length === 2) return resolve();
      // The first says from where on nothing is missed.
      books
        .commit(1, 56, new Map([[1, [receipt(PAYER, amountWei)]]]), 45)
        .catch((failure: unknown) => reject(failure as Error));
    }));
  });
  unsubscribe();
  expect(seen).toMatchObject([
    { asOf: { block: 55 }, added: [] },
    { asOf: { block: 56 }, added: [{ amountWei: String(amountWei) }] },
  ]);
});

test('an error comes with its code and hint', async () => {
  const { error } = await client.query(gql`{ receipts(first: 5000) { totalCount } }`, {});
  expect(error?.graphQLErrors[0]?.extensions).toMatchObject({
    code: 'BAD_PAGE',
    hint: expect.stringMatching(/\w/),
  });
});
