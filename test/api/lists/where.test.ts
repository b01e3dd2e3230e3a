import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checksummed } from '../../../src/address.js';
import type { Where } from '../../../src/store/read/query/where.js';
import { wherePasses } from '../../../src/store/read/query/wherePasses.js';
import { timeOf } from '../../store/read/actions.js';
import { ALICE, BOB, PAYER, REFERENCE, WINDOWED } from '../../store/read/scenario.js';
import { serveScenario } from '../servedScenario.js';
import { ask, askData, askError } from '../support.js';

const { api } = await serveScenario();

async function blocksOf(where: object, list = 'receipts', type = 'ReceiptWhere') {
  const data = await askData(
    api,
    `query ($where: ${type}) {
      ${list}(where: $where, direction: ASC) { totalCount nodes { block } } }`,
    { where },
  );
  expect(data[list].totalCount).toBe(data[list].nodes.length);
  return data[list].nodes.map(({ block }: { block: number }) => block);
}

test('receipts are filtered by any of their fields, with every comparison', async () => {
  expect(await blocksOf({})).toEqual([10, 12, 15, 30, 35, 40, 41]);
  expect(await blocksOf({ amountWei: { _eq: '101' } })).toEqual([40]);
  expect(await blocksOf({ amountWei: { _neq: '101' } })).toEqual([10, 12, 15, 30, 35, 41]);
  expect(await blocksOf({ amountWei: { _in: ['101', '70', '3'] } })).toEqual([15, 40]);
  expect(await blocksOf({ amountWei: { _in: [] } })).toEqual([]);
  expect(await blocksOf({ amountWei: { _nin: ['101', '70'] } })).toEqual([10, 12, 30, 35, 41]);
  expect(await blocksOf({ amountWei: { _gt: '100', _lte: '500' } })).toEqual([30, 40]);
  expect(await blocksOf({ amountWei: { _gte: '500' } })).toEqual([10, 30]);
  expect(await blocksOf({ amountWei: { _lt: '50' } })).toEqual([35]);
  expect(await blocksOf({ token: { _eq: REFERENCE } })).toEqual([12, 35]);
  expect(await blocksOf({ token: { _neq: WINDOWED } })).toEqual([12, 35]);
  expect(await blocksOf({ chainId: { _eq: 2 } })).toEqual([15]);
  expect(await blocksOf({ block: { _gt: 12, _lt: 40 } })).toEqual([15, 30, 35]);
  expect(await blocksOf({ timestamp: { _lte: timeOf(15).toISOString() } })).toEqual([10, 12, 15]);
  expect(await blocksOf({ payer: { _eq: PAYER } })).toEqual([10, 12, 15, 30, 35, 40, 41]);
  expect(await blocksOf({ payer: { _eq: ALICE } })).toEqual([]);
  expect(await blocksOf({ kind: { _eq: 'CALL' }, selector: { _isNull: true } })).toHaveLength(7);
  expect(await blocksOf({ modelId: { _isNull: false } })).toEqual([]);
});

test('a field without a value fulfils no comparison, and _not inverts that', async () => {
  const all = [10, 12, 15, 30, 35, 40, 41];
  expect(await blocksOf({ modelId: { _gt: '0' } })).toEqual([]);
  expect(await blocksOf({ _not: { modelId: { _gt: '0' } } })).toEqual(all);
  expect(await blocksOf({ modelId: { _neq: '7' } })).toEqual(all);
  expect(await blocksOf({ modelId: { _nin: ['7'] } })).toEqual(all);
});

test('conditions are combined by _and, _or and _not, nested', async () => {
  const { _or, _and } = {
    _or: [{ amountWei: { _eq: '1000' } }, { chainId: { _eq: 2 } }, { block: { _eq: 41 } }],
    _and: [{ block: { _gte: 12 } }, { _not: { block: { _in: [41] } } }],
  };
  expect(await blocksOf({ _or })).toEqual([10, 15, 41]);
  expect(await blocksOf({ _or, _and })).toEqual([15]);
  expect(await blocksOf({ _or: [] })).toEqual([]);
  expect(await blocksOf({ _and: [] })).toHaveLength(7);
  expect(await blocksOf({ _or: [{ token: { _eq: REFERENCE } }, { block: { _eq: 10 } }] })).toEqual([
    10, 12, 35,
  ]);
});

test('claims, redemptions and transfers are filtered by their fields', async () => {
  const of = (list: string, type: string, where: object) => blocksOf(where, list, type);
  expect(await of('claims', 'ClaimWhere', { holder: { _eq: BOB } })).toEqual([21]);
  expect(await of('claims', 'ClaimWhere', { holder: { _neq: BOB } })).toEqual([31, 46]);
  expect(await of('claims', 'ClaimWhere', { snapshotId: { _gte: 2 } })).toEqual([31]);
  expect(await of('redemptions', 'RedemptionWhere', { fromNewWei: { _eq: '2' } })).toEqual([50]);
  const touching = { _or: [{ from: { _eq: ALICE } }, { to: { _eq: ALICE } }] };
  expect(await of('transfers', 'TransferWhere', touching)).toEqual([10, 15, 22, 50]);
  expect(await of('transfers', 'TransferWhere', { from: { _eq: ALICE } })).toEqual([22, 50]);
});

test('filter and where combine', async () => {
  const { receipts } = await askData(
    api,
    `{ receipts(filter: { token: "${WINDOWED}", payer: "${PAYER}" }, where: { payer: { _eq: "${ALICE}" } }) { totalCount } }`,
  );
  expect(receipts.totalCount).toBe(0);
});

test('a filtered list is paged without gap or overlap', async () => {
  const page = async (after: string | null) =>
    (
      await askData(
        api,
        `query ($after: String) { receipts(first: 2, after: $after, orderBy: AMOUNT,
          where: { _not: { block: { _eq: 15 } } }) {
          nodes { block } pageInfo { endCursor hasNextPage } } }`,
        { after },
      )
    ).receipts;
  const blocks: number[] = [];
  for (let after: string | null = null, isMore = true; isMore; ) {
    const { nodes, pageInfo } = await page(after);
    blocks.push(...nodes.map(({ block }: { block: number }) => block));
    after = pageInfo.endCursor;
    isMore = pageInfo.hasNextPage;
  }
  expect(blocks).toEqual([10, 30, 40, 12, 41, 35]);
});

test('conditions that are too deep, too many or too long are refused', async () => {
  const code = async (where: object) => {
    const query = 'query ($where: ReceiptWhere = {}) { receipts(where: $where) { totalCount } }';
    return (await askError(api, query, { where })).code;
  };
  let deep: object = { block: { _eq: 1 } };
  for (let depth = 0; depth < 6; depth++) deep = { _not: deep };
  expect(await code(deep)).toBe('WHERE_TOO_LARGE');
  const many = Array.from({ length: 200 }, () => ({ block: { _eq: 1 } }));
  expect(await code({ _or: many })).toBe('WHERE_TOO_LARGE');
  const long = Array.from({ length: 1001 }, (_, index) => index);
  expect(await code({ block: { _in: long } })).toBe('WHERE_TOO_LARGE');
});

interface Node {
  readonly block: number;
  readonly amountWei: string;
  readonly selector: null;
  readonly token: { readonly address: string };
}

interface Values {
  readonly block: number;
  readonly amountWei: bigint;
  readonly token: string;
  readonly modelId: bigint | null;
}

/** Random conditions, as the books compare them. */
function conditions() {
  const compare = <Value>(value: fc.Arbitrary<Value>, isOrdered: boolean, isNamed = true) =>
    fc
      .record(
        {
          ...(isNamed ? { _eq: value, _in: fc.array(value, { maxLength: 3 }) } : {}),
          _neq: value,
          _nin: fc.array(value, { maxLength: 3 }),
          ...(isOrdered ? { _gt: value, _gte: value, _lt: value, _lte: value } : {}),
          _isNull: fc.boolean(),
        },
        { requiredKeys: [] },
      )
      .filter((comparison) => Object.keys(comparison).length > 0);
  const block = fc.constantFrom(10, 12, 15, 30, 35, 40, 41, 42);
  const amount = fc.constantFrom(11n, 50n, 70n, 100n, 101n, 500n, 1000n);
  const token = fc.constantFrom(checksummed(WINDOWED), checksummed(REFERENCE));
  return fc.letrec<{ where: Where<Values> }>((tie) => ({
    where: fc.oneof(
      { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
      fc.record({ block: compare(block, true) }),
      fc.record({ amountWei: compare(amount, true), token: compare(token, false) }),
      // A model that does not exist is refused.
      fc.record({ modelId: compare(amount, true, false) }),
      fc.record({ _and: fc.array(tie('where'), { maxLength: 2 }) }),
      fc.record({ _or: fc.array(tie('where'), { maxLength: 3 }) }),
      fc.record({ _not: tie('where'), block: compare(block, true) }),
    ),
  })).where;
}

test('the database and the program agree on which rows pass', async () => {
  const query = `query ($where: ReceiptWhere = {}) { receipts(where: $where, direction: ASC) {
    nodes { block amountWei selector token { address } } } }`;
  const { receipts } = await askData(api, query);
  const getters = {
    block: ({ block }: Node) => block,
    amountWei: ({ amountWei }: Node) => BigInt(amountWei),
    token: ({ token }: Node) => token.address,
    modelId: () => null,
  };
  await fc.assert(
    fc.asyncProperty(conditions(), async (where) => {
      const sent = JSON.parse(
        JSON.stringify(where, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
      );
      const passing = receipts.nodes.filter((node: Node) => wherePasses(node, where, getters));
      const { data, errors } = await ask(api, query, { where: sent });
      // A range of blocks that ends before it starts is refused.
      if (errors?.[0]?.extensions.code === 'BAD_RANGE') expect(passing).toEqual([]);
      else expect(data?.receipts.nodes).toEqual(passing);
    }),
    { numRuns: 150 },
  );
});
