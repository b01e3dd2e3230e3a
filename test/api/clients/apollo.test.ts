import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { getMainDefinition, relayStylePagination } from '@apollo/client/utilities';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { RunningApi } from '../../../src/api/server.js';
import { receipt } from '../../store/read/actions.js';
import type { Books } from '../../store/read/books.js';
import { openScenario, PAYER, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { startTestApi } from '../support.js';

interface Receipt {
  readonly id: string;
  readonly amountWei: string;
  readonly token: { readonly symbol: string };
}

interface Receipts {
  readonly receipts: {
    readonly edges: readonly { readonly node: Receipt }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const RECEIPTS = gql`
  query Receipts($token: Address!, $first: Int!, $after: String) {
    receipts(filter: { token: $token, chainId: 1 }, first: $first, after: $after) {
      edges { cursor node { id block amountWei token { symbol } } }
      pageInfo { hasNextPage endCursor }
    }
  }`;

let books: Books;
let api: RunningApi;
let client: ApolloClient;
let sockets: ReturnType<typeof createClient>;

beforeAll(async () => {
  const url = await freshDatabase();
  books = await openScenario(url);
  api = await startTestApi(url, { live: { deafPollMs: 20, heardPollMs: 20 } });
  sockets = createClient({ url: api.url.replace('http', 'ws'), webSocketImpl: WebSocket });
  client = new ApolloClient({
    link: ApolloLink.split(
      ({ query }) => {
        const definition = getMainDefinition(query);
        return 'operation' in definition && definition.operation === 'subscription';
      },
      new GraphQLWsLink(sockets),
      new HttpLink({ uri: api.url }),
    ),
    cache: new InMemoryCache({
      typePolicies: {
        Query: { fields: { receipts: relayStylePagination(['filter', 'where', 'orderBy']) } },
      },
    }),
  });
});
afterAll(async () => {
  client.stop();
  await sockets.dispose();
  await api.close();
  await books.close();
});

const amountsOf = ({ receipts }: Receipts) => receipts.edges.map(({ node }) => node.amountWei);

test('pages become one list in the cache, each row once', async () => {
  const variables = { token: WINDOWED, first: 3 };
  const { data } = await client.query<Receipts>({ query: RECEIPTS, variables });
  expect(data === undefined ? [] : amountsOf(data)).toEqual(['50', '101', '500']);
  expect(data?.receipts.pageInfo.hasNextPage).toBe(true);

  const list = client.watchQuery<Receipts>({ query: RECEIPTS, variables });
  await list.fetchMore({ variables: { after: data?.receipts.pageInfo.endCursor } });
  const merged = client.readQuery<Receipts>({ query: RECEIPTS, variables });
  expect(merged === null ? [] : amountsOf(merged)).toEqual(['50', '101', '500', '1000']);
  expect(merged?.receipts.pageInfo.hasNextPage).toBe(false);
});

test('a row that two queries ask for is one object; a token of another block is another', async () => {
  const at = (block: number) => `at: { block: ${block} }, chainId: 1, address: "${WINDOWED}"`;
  const query = gql`{ early: token(${at(22)}) { symbol supply } late: token(${at(50)}) { supply } }`;
  const { data } = await client.query({ query });
  expect(data).toMatchObject({ early: { supply: '100' }, late: { supply: '90' } });

  const { data: first } = await client.query<Receipts>({
    query: RECEIPTS,
    variables: { token: WINDOWED, first: 1 },
  });
  const id = first?.receipts.edges[0]?.node.id ?? '';
  await client.query({
    query: gql`{ receipts(first: 1, filter: { chainId: 1 }) {
    edges { node { id kind token { id decimals } } } } }`,
  });
  const fragment = gql`fragment All on Receipt { id amountWei kind }`;
  expect(client.readFragment({ id: `Receipt:${id}`, fragment })).toEqual({
    __typename: 'Receipt',
    id,
    amountWei: '50',
    kind: 'CALL',
  });
});

test('a subscription over graphql-ws keeps the cached list up to date', async () => {
  const variables = { token: WINDOWED, first: 3 };
  const list = client.watchQuery<Receipts>({ query: RECEIPTS, variables });
  await list.refetch();
  const events = eventsOf(gql`subscription {
    receipts(chainId: 1) {
      asOf { block } withdrawn { id } added { id block amountWei token { id symbol } }
    }
  }`);
  expect(await events.next()).toMatchObject({ receipts: { asOf: { block: 55 }, added: [] } });

  const amountWei = 10n ** 24n + 1n;
  await books.commit(1, 56, new Map([[1, [receipt(PAYER, amountWei)]]]), 45);
  const { receipts } = (await events.next()) as {
    readonly receipts: { readonly added: readonly Receipt[] };
  };
  client.cache.updateQuery<Receipts>({ query: RECEIPTS, variables }, (held) => {
    if (held === null) return undefined;
    const added = receipts.added.map((node) => ({
      __typename: 'ReceiptEdge',
      cursor: '',
      node,
    }));
    return { receipts: { ...held.receipts, edges: [...added, ...held.receipts.edges] } };
  });
  const { data } = list.getCurrentResult();
  expect(amountsOf(data as Receipts)[0]).toBe(String(amountWei));
  await events.end();
});

test('an error comes with its code and hint', async () => {
  const query = gql`{ receipts(first: 5000) { totalCount } }`;
  await expect(client.query({ query })).rejects.toMatchObject({
    errors: [{ extensions: { code: 'BAD_PAGE', hint: expect.stringMatching(/\w/) } }],
  });
});

/** The answers of a subscription, one after the other. */
function eventsOf(query: ReturnType<typeof gql>) {
  const waiting: unknown[] = [];
  let wake: () => void = () => undefined;
  const subscription = client.subscribe({ query }).subscribe(({ data, error }) => {
    waiting.push(error ?? data);
    wake();
  });
  return {
    async next(): Promise<unknown> {
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift();
    },
    async end(): Promise<void> {
      subscription.unsubscribe();
    },
  };
}
