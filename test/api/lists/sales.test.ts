import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Address, checksummed } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { SaleScene } from '../../support/scenes/saleScene.js';
import { askData, askError, startTestApi } from '../support.js';

let api: RunningApi;
let scene: SaleScene;
let sale: string;
let founder: string;
let friend: string;
/** Newest block while the sale was open, and the first one after its end. */
let openBlock: number;
let endBlock: number;

beforeAll(async () => {
  scene = await SaleScene.start();
  const contract = await scene.launchpad({ target: 100n, tokensForSale: 700n });
  sale = contract.address;
  ({ founder, friend } = scene.scene);
  await scene.call(founder, contract, 'deposit()', [], 100n);
  const { blockNumber } = await scene.call(friend, contract, 'deposit()', [], 50n);
  openBlock = Number(blockNumber);
  endBlock = await scene.blockAtEnd();
  await scene.call(friend, contract, 'claim');
  await scene.call(friend, contract, 'refund');
  const databaseUrl = await freshDatabase();
  await indexTo(scene.request(databaseUrl));
  api = await startTestApi(databaseUrl);
});

afterAll(() => api.close());

const PARTICIPATION = `participant deposited allocated claimed claimable refunded refundable
  sold proceeds costBasis { paid got isFinal }`;

describe('sales', () => {
  const query = `query ($at: AtInput) {
    sales(at: $at, filter: {chainId: 31337, kind: LAUNCHPAD}) {
      totalCount
      nodes { address kind state hasSucceeded target tokensForSale raised refunded claimed
        price { raiseAmount tokenAmount } participantCount raiseAsset token { symbolOnChain } }
    }
  }`;
  const figures = () => ({
    address: checksummed(sale as Address),
    kind: 'LAUNCHPAD',
    target: '100',
    tokensForSale: '700',
    raised: '150',
    price: { raiseAmount: '100', tokenAmount: '700' },
    participantCount: 2,
    raiseAsset: null,
    token: { symbolOnChain: 'MDL' },
  });

  test('have their current state', async () => {
    const { sales } = await askData(api, query);
    const now = { state: 'SUCCEEDED', hasSucceeded: true, refunded: '17', claimed: '233' };
    expect(sales).toEqual({ totalCount: 1, nodes: [{ ...figures(), ...now }] });
  });

  test('have their state while open and at their end', async () => {
    const before = await askData(api, query, { at: { block: openBlock } });
    const then = { refunded: '0', claimed: '0' };
    const open = { state: 'OPEN', hasSucceeded: null, ...then };
    expect(before.sales.nodes).toEqual([{ ...figures(), ...open }]);
    const after = await askData(api, query, { at: { block: endBlock } });
    const ended = { state: 'SUCCEEDED', hasSucceeded: true, ...then };
    expect(after.sales.nodes).toEqual([{ ...figures(), ...ended }]);
  });

  test('are read one by one, with their participants', async () => {
    const { sale: one } = await askData(
      api,
      `query ($sale: Address!) { sale(chainId: 31337, address: $sale) {
        state participations(last: 1) { totalCount nodes { participant sale { raised } } } } }`,
      { sale },
    );
    const last = [founder, friend].sort().at(-1);
    expect(one).toEqual({
      state: 'SUCCEEDED',
      participations: {
        totalCount: 2,
        nodes: [{ participant: checksummed(last as Address), sale: { raised: '150' } }],
      },
    });
  });

  test('are refused if they do not exist', async () => {
    const stranger = { sale: founder };
    const one = '($sale: Address!) { sale(chainId: 31337, address: $sale) { state } }';
    expect((await askError(api, `query ${one}`, stranger)).code).toBe('UNKNOWN_SALE');
    const list = '($sale: Address!) { participations(filter: {sale: $sale}) { totalCount } }';
    expect((await askError(api, `query ${list}`, stranger)).code).toBe('UNKNOWN_SALE');
  });

  test('are not listed before their deployment, and refused by address', async () => {
    const { sales } = await askData(api, query, { at: { block: 1 } });
    expect(sales).toEqual({ totalCount: 0, nodes: [] });
    const one =
      'query ($sale: Address!) { sale(chainId: 31337, address: $sale, at: {block: 1}) { state } }';
    expect((await askError(api, one, { sale })).code).toBe('BEFORE_START');
  });
});

describe('participations', () => {
  test('of a person are the sums of what the sale rounds for each account', async () => {
    const { person } = await askData(
      api,
      `query ($holders: [Address!]!) { person(holders: $holders) { participations {
        deposited allocated claimed claimable refunded refundable sold proceeds
        costBasis { paid got isFinal raise { symbol } } sale { address } } } }`,
      { holders: [founder, friend] },
    );
    expect(person.participations).toEqual([
      {
        ...{ deposited: '150', allocated: '699', claimed: '233', claimable: '466' },
        ...{ refunded: '17', refundable: '34', sold: '0', proceeds: '0' },
        // 66 and 33 kept, 466 and 233 allocated.
        costBasis: { paid: '99', got: '699', isFinal: true, raise: { symbol: 'ETH' } },
        sale: { address: checksummed(sale as Address) },
      },
    ]);
  });

  test('of one account show what it paid, received, took and can still take', async () => {
    const { participations } = await askData(
      api,
      `query ($filter: ParticipationFilter = {}) {
        participations(filter: $filter) { nodes { ${PARTICIPATION} } } }`,
      { filter: { participant: friend, sale } },
    );
    expect(participations.nodes).toEqual([
      {
        participant: checksummed(friend as Address),
        deposited: '50',
        allocated: '233',
        claimed: '233',
        claimable: '0',
        refunded: '17',
        refundable: '0',
        sold: '0',
        proceeds: '0',
        costBasis: { paid: '33', got: '233', isFinal: true },
      },
    ]);
  });

  test('are paged in both directions as of the open sale', async () => {
    const query = `query ($first: Int, $after: String, $last: Int, $before: String, $at: AtInput) {
      participations(first: $first, after: $after, last: $last, before: $before, at: $at,
        filter: {chainId: 31337}) {
        pageInfo { hasNextPage endCursor startCursor }
        nodes { participant deposited allocated refundable costBasis { paid got isFinal } } } }`;
    const at = { block: openBlock };
    const first = (await askData(api, query, { first: 1, at })).participations;
    expect(first.pageInfo.hasNextPage).toBe(true);
    const after = first.pageInfo.endCursor;
    const second = (await askData(api, query, { first: 1, after, at })).participations;
    expect(second.pageInfo.hasNextPage).toBe(false);
    const deposits = new Map([
      [founder, '100'],
      [friend, '50'],
    ]);
    const open = { allocated: '0', refundable: '0' };
    const accounts = [...deposits.keys()].sort();
    expect([...first.nodes, ...second.nodes]).toEqual(
      accounts.map((account) => ({
        participant: checksummed(account as Address),
        deposited: deposits.get(account),
        ...open,
        costBasis: { paid: deposits.get(account), got: '0', isFinal: false },
      })),
    );
    const before = second.pageInfo.startCursor;
    const back = (await askData(api, query, { last: 1, before, at })).participations;
    expect(back.nodes).toEqual(first.nodes);
  });
});

describe('sale entries', () => {
  const query = `query ($filter: SaleEntryFilter = {}, $direction: OrderDirection, $first: Int,
      $after: String, $at: AtInput) {
    saleEntries(filter: $filter, direction: $direction, first: $first, after: $after, at: $at) {
      totalCount pageInfo { endCursor hasNextPage }
      nodes { kind block participant caller raiseAmount tokenAmount sale { kind } } } }`;
  const kindsOf = ({ nodes }: { nodes: { kind: string; raiseAmount: string }[] }) =>
    nodes.map(({ kind, raiseAmount }) => [kind, raiseAmount]);

  test('of one sale are in chain order, as of any block', async () => {
    const { saleEntries } = await askData(api, query, { filter: { sale } });
    expect(kindsOf(saleEntries)).toEqual([
      ['DEPOSIT', '100'],
      ['DEPOSIT', '50'],
      ['TOKEN_CLAIM', '0'],
      ['REFUND', '17'],
    ]);
    const then = await askData(api, query, { filter: { sale }, at: { block: openBlock } });
    expect(then.saleEntries.totalCount).toBe(2);
  });

  test('are filtered by account and kind', async () => {
    const filter = { participant: friend, entryKind: 'DEPOSIT' };
    const { saleEntries } = await askData(api, query, { filter });
    expect(saleEntries).toMatchObject({
      totalCount: 1,
      nodes: [
        {
          kind: 'DEPOSIT',
          block: openBlock,
          participant: checksummed(friend as Address),
          caller: checksummed(friend as Address),
          raiseAmount: '50',
          tokenAmount: '0',
          sale: { kind: 'LAUNCHPAD' },
        },
      ],
    });
  });

  test('are paged from the newest', async () => {
    const first = await askData(api, query, { direction: 'DESC', first: 3 });
    const after = first.saleEntries.pageInfo.endCursor;
    const rest = await askData(api, query, { direction: 'DESC', first: 3, after });
    expect([...kindsOf(first.saleEntries), ...kindsOf(rest.saleEntries)]).toEqual([
      ['REFUND', '17'],
      ['TOKEN_CLAIM', '0'],
      ['DEPOSIT', '50'],
      ['DEPOSIT', '100'],
    ]);
  });
});
