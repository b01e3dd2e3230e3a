import { expect, test } from 'vitest';
import { checksummed } from '../../../src/address.js';
import { hashOf, timeOf } from '../../store/read/actions.js';
import { ALICE, BOB, PAYER, WINDOWED } from '../../store/read/scenario.js';
import { serveScenario } from '../servedScenario.js';
import { askData } from '../support.js';

const { api } = await serveScenario();

test('a receipt shows who paid what, when and where', async () => {
  const { receipts } = await askData(
    api,
    `{ receipts(filter: { chainId: 1, token: "${WINDOWED}" }, direction: ASC, first: 1) {
      nodes {
        id block timestamp transactionHash transactionIndex position
        payer amountWei kind selector token { symbol }
      }
      asOf { chainId block }
    } }`,
  );
  expect(receipts).toEqual({
    nodes: [
      {
        id: '0001-0000000010-000002',
        block: 10,
        timestamp: timeOf(10).toISOString(),
        transactionHash: hashOf(1, 10, 3),
        transactionIndex: 2,
        position: 2,
        payer: checksummed(PAYER),
        amountWei: '1000',
        kind: 'CALL',
        selector: null,
        token: { symbol: 'WIN' },
      },
    ],
    asOf: [{ chainId: 1, block: 55 }],
  });
});

test('without a filter a list spans all tokens and chains, newest first', async () => {
  const { receipts } = await askData(
    api,
    '{ receipts { totalCount nodes { block token { symbol } } asOf { chainId block } } }',
  );
  expect(receipts.totalCount).toBe(7);
  expect(
    receipts.nodes.map((node: { block: number; token: { symbol: string } }) => [
      node.block,
      node.token.symbol,
    ]),
  ).toEqual([
    [41, 'WIN'],
    [40, 'WIN'],
    [35, 'REF'],
    [30, 'WIN'],
    [15, 'WIN2'],
    [12, 'REF'],
    [10, 'WIN'],
  ]);
  expect(receipts.asOf).toEqual([
    { chainId: 1, block: 55 },
    { chainId: 2, block: 60 },
  ]);
});

test('a token address means that token on every chain, unless a chain is named', async () => {
  const count = async (filter: string) =>
    (await askData(api, `{ receipts(filter: { ${filter} }) { totalCount } }`)).receipts.totalCount;
  expect(await count(`token: "${WINDOWED}"`)).toBe(5);
  expect(await count(`token: "${WINDOWED}", chainId: 2`)).toBe(1);
});

test('claims, redemptions and transfers have their own figures', async () => {
  const data = await askData(
    api,
    `query ($bob: Address!, $alice: Address!) {
      claims(filter: { holder: $bob }) { nodes { holder snapshotId amountWei snapshotClaimedWei } }
      redemptions(filter: { holder: $alice }) { nodes { burned amountWei fromNewWei fromPoolWei } }
      transfers(filter: { account: $alice, chainId: 1, amount: { lte: "10" } }) {
        totalCount nodes { from to amount logIndex block }
      }
    }`,
    { bob: BOB, alice: ALICE },
  );
  expect(data.claims.nodes).toEqual([
    { holder: checksummed(BOB), snapshotId: 1, amountWei: '240', snapshotClaimedWei: '240' },
  ]);
  expect(data.redemptions.nodes).toEqual([
    { burned: '10', amountWei: '66', fromNewWei: '2', fromPoolWei: '64' },
  ]);
  expect(data.transfers).toMatchObject({
    totalCount: 2,
    nodes: [
      { from: checksummed(ALICE), amount: '10', block: 50, logIndex: 1 },
      { amount: '10', block: 22 },
    ],
  });
});

test('a list ends at the moment that is asked about', async () => {
  const { receipts } = await askData(
    api,
    `{ receipts(at: { timestamp: "${timeOf(29).toISOString()}" }) { totalCount } }`,
  );
  expect(receipts.totalCount).toBe(3);
});

test('pages join without gap or overlap, in both directions and both orders', async () => {
  const ids = (page: { edges: { node: { id: string } }[] }) =>
    page.edges.map(({ node }) => node.id);
  for (const orderBy of ['CHAIN', 'AMOUNT']) {
    for (const direction of ['ASC', 'DESC']) {
      const page = (args: string) =>
        askData(
          api,
          `{ transfers(orderBy: ${orderBy}, direction: ${direction}, ${args}) {
            edges { node { id } cursor }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          } }`,
        ).then(({ transfers }) => transfers);
      const all = ids(await page('first: 100'));
      expect(all).toHaveLength(7);

      const forward: string[] = [];
      for (let after = ''; ; ) {
        const found = await page(`first: 2${after}`);
        forward.push(...ids(found));
        if (!found.pageInfo.hasNextPage) break;
        after = `, after: "${found.pageInfo.endCursor}"`;
      }
      expect(forward).toEqual(all);

      const backward: string[] = [];
      for (let before = ''; ; ) {
        const found = await page(`last: 3${before}`);
        backward.unshift(...ids(found));
        if (!found.pageInfo.hasPreviousPage) break;
        before = `, before: "${found.pageInfo.startCursor}"`;
      }
      expect(backward).toEqual(all);
    }
  }
});

test('a repeated query has the same answer, compiled or not', async () => {
  const asked: readonly (readonly [string, object])[] = [
    ['{ receipts { totalCount nodes { amountWei token { symbol } } pageInfo { endCursor } } }', {}],
    [
      'query ($where: ReceiptWhere) { receipts(where: $where) { totalCount nodes { block } } }',
      { where: { _not: { _or: [{ block: { _eq: 15 } }, { block: { _gt: 35 } }] } } },
    ],
  ];
  for (const [query, variables] of asked) {
    const first = await askData(api, query, { ...variables });
    expect(first.receipts.nodes.length).toBeGreaterThan(3);
    for (let again = 0; again < 8; again++) {
      expect(await askData(api, query, { ...variables })).toEqual(first);
    }
  }
});
