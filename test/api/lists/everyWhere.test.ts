import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LISTS as OPERATION_LISTS } from '../../../src/api/lists/catalogue.js';
import { buildApiSchema } from '../../../src/api/schema.js';
import type { RunningApi } from '../../../src/api/server.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { fieldsOf, labelConditions, partWith } from '../../support/lists.js';
import { BUSY_ID, FILLED_ADDRESS, fillEveryTable } from '../../support/scenes/manyRows.js';
import { type Answer, askData, startTestApi } from '../support.js';

const ROWS = 8;

/** A value of each scalar that some of the rows have; not all. */
const VALUES: Readonly<Record<string, unknown>> = {
  Int: 3,
  SafeInt: 3,
  BigInt: '3',
  Decimal: '3',
  String: 'native',
  Boolean: true,
  Address: `0x${'00'.repeat(19)}03`,
  Asset: 'native',
  PricedAsset: 'native',
  Bytes4: '0x00000003',
  Bytes32: `0x${'00'.repeat(31)}03`,
  DateTime: '2025-01-01T00:00:36Z',
};

/** Where the lists of each type are found: what stands before and behind them in a query. */
const PLACES: Readonly<Record<string, string>> = {
  Query: '{ … }',
  Token: '{ tokens { nodes { … } } }',
  RevenueAsset: '{ tokens { nodes { assets { … } } } }',
  Entitlement: `{ holder(address: "${FILLED_ADDRESS}") { positions { entitlement { … } } } }`,
  Model: '{ models { nodes { … } } }',
  Request: `{ requests(where: { requestId: { _eq: "${BUSY_ID}" } }) { nodes { … } } }`,
  AigcToken: `{ aigcTokens(where: { tokenId: { _eq: "${BUSY_ID}" } }) { nodes { … } } }`,
  Sale: '{ sales { nodes { … } } }',
  DepositPool: '{ depositPools { nodes { … } } }',
};

const schema = buildApiSchema();

/** Every field with `where`, and its conditions. */
const LISTS = fieldsOf(schema).flatMap(({ type, name, args }) => {
  const where = args.find((arg) => arg.name === 'where');
  return where === undefined ? [] : [[`${type}.${name}`, type, name, args, where.type] as const];
});

let api: RunningApi;

beforeAll(async () => {
  const url = await freshDatabase();
  await fillEveryTable(url, ROWS);
  // Some have a value, some have none.
  for (const column of ['payer', 'source_address', 'model_id']) {
    const value = column === 'model_id' ? 'block_number' : `'\\x${'00'.repeat(19)}03'`;
    await query(url, `UPDATE receipt SET ${column} = ${value} WHERE block_number % 2 = 1`);
  }
  await query(
    url,
    `UPDATE aigc_data SET uri = 'native', oracle = '\\x${'00'.repeat(19)}03',
       request_id = block_number, model_id = block_number WHERE block_number % 2 = 1`,
  );
  await query(
    url,
    `INSERT INTO label (chain_id, address, name) VALUES (1, '\\x${'00'.repeat(19)}03', 'native')`,
  );
  // The oracle has another label than the rest, and the pool has none.
  await query(
    url,
    `UPDATE contract SET label = CASE kind WHEN 'oracle' THEN 'x' ELSE 'native' END`,
  );
  await query(url, `UPDATE sale SET label = 'native'`);
  await query(url, 'UPDATE price_round SET answer = -answer WHERE block_number % 4 = 0');
  api = await startTestApi(url);
});
afterAll(() => api.close());

/** The arguments that a list must be given. */
function requiredOf(args: readonly { name: string }[]): string[] {
  return ['chainId', 'token', 'contract'].flatMap((arg) => {
    if (!args.some((known) => known.name === arg)) return [];
    return [`${arg}: ${arg === 'chainId' ? 1 : `"${FILLED_ADDRESS}"`}`];
  });
}

/** Counts what passes each of some conditions, in one request: rows of a list, or of totals. */
function countsOf(
  type: string,
  name: string,
  args: readonly { name: string }[],
  where: GraphQLInputType,
) {
  const required = requiredOf(args);
  const fields = name.endsWith('Totals') ? 'count' : 'totalCount nodes { __typename }';
  const whereType = String(getNullableType(where));
  const place = PLACES[type];
  if (place === undefined) throw new RangeError(`lists of ${type} have no place`);
  return async <Name extends string>(
    conditions: Readonly<Record<Name, object>>,
  ): Promise<Record<Name, number>> => {
    const names = Object.keys(conditions) as Name[];
    const lists = names.map(
      (alias) => `${alias}: ${name}(${[...required, `where: $${alias}`].join(', ')}) { ${fields} }`,
    );
    const variables = names.map((alias) => `$${alias}: ${whereType}`).join(', ');
    const text = `query (${variables}) ${place.replace('…', lists.join('\n'))}`;
    const data = partWith(await askData(api, text, conditions), names[0] ?? '');
    const counted = names.map((alias) => [alias, passing(data[alias])]);
    return Object.fromEntries(counted) as Record<Name, number>;
  };
}

/** The values of a field in the rows of a list. */
async function shownIn(
  { type, name, args }: { type: string; name: string; args: readonly { name: string }[] },
  path: readonly string[],
): Promise<unknown[]> {
  const place = PLACES[type];
  if (place === undefined) throw new RangeError(`lists of ${type} have no place`);
  const of = requiredOf(args);
  const field = path.join(' { ') + ' }'.repeat(path.length - 1);
  const list = `${name}${of.length === 0 ? '' : `(${of.join(', ')})`} { nodes { ${field} } }`;
  const { nodes } = partWith(await askData(api, place.replace('…', list)), name)[name];
  return nodes.map((node: Answer['data']) =>
    path.reduce((part: Answer['data'], key) => part?.[key], node),
  );
}

function passing(list: Answer['data']): number {
  if (!Array.isArray(list)) {
    expect(list.nodes).toHaveLength(list.totalCount);
    return list.totalCount;
  }
  return list.reduce((sum: number, { count }: { count: number }) => sum + count, 0);
}

/** What must exist: others are refused. */
const OF_CONTRACTS: Readonly<Record<string, unknown>> = {
  chainId: 1,
  token: FILLED_ADDRESS,
  oracle: FILLED_ADDRESS,
  collection: `0x${'00'.repeat(19)}03`,
  sale: FILLED_ADDRESS,
  pool: `0x${'00'.repeat(19)}03`,
  contract: FILLED_ADDRESS,
  aggregator: FILLED_ADDRESS,
  modelId: BUSY_ID,
};

function valueFor(field: string, comparison: GraphQLInputObjectType): unknown {
  if (field in OF_CONTRACTS) return OF_CONTRACTS[field];
  const type = getNamedType(comparison.getFields()._eq?.type);
  return isEnumType(type) ? type.getValues()[0]?.name : VALUES[String(type)];
}

describe('every field of every list, by every comparison', () => {
  test.each(LISTS)('%s', async (_, parent, name, args, where) => {
    const counts = countsOf(parent, name, args, where);
    const { all } = await counts({ all: {} });
    expect(all).toBeGreaterThan(0);
    const type = getNamedType(where);
    if (!isInputObjectType(type)) throw new TypeError(`${name} has no conditions`);
    for (const [field, { type: fieldType }] of Object.entries(type.getFields())) {
      const comparison = getNamedType(fieldType);
      if (field.startsWith('_') || !isInputObjectType(comparison)) continue;
      const value = valueFor(field, comparison);
      const found = await counts({
        equal: { [field]: { _eq: value } },
        oneOf: { [field]: { _in: [value] } },
        other: { [field]: { _neq: value } },
        noneOf: { [field]: { _nin: [value] } },
        not: { _not: { [field]: { _eq: value } } },
        either: { _or: [{ [field]: { _eq: value } }, { [field]: { _neq: value } }] },
        never: { [field]: { _in: [] } },
        absent: { [field]: { _isNull: true } },
        there: { [field]: { _isNull: false } },
      });
      const { equal, absent } = found;
      const other = all - equal;
      expect(found, field).toEqual({
        ...{ equal, oneOf: equal, other, noneOf: other, not: other, either: all },
        ...{ never: 0, absent, there: all - absent },
      });
      if (comparison.getFields()._gt === undefined) continue;
      const { more, less, ...ends } = await counts({
        more: { [field]: { _gt: value } },
        less: { [field]: { _lt: value } },
        from: { [field]: { _gte: value } },
        to: { [field]: { _lte: value } },
      });
      expect(more + less + equal + absent, field).toBe(all);
      expect(ends, field).toEqual({ from: more + equal, to: less + equal });
    }
  });
});

/** Every list that reads no more than it shows, and the type of its rows. */
const PAGES = LISTS.flatMap(([name, type, field, args]) => {
  if (type !== 'Query' || !OPERATION_LISTS.some(({ query: list }) => list === field)) return [];
  const page = getNamedType(fieldOf(type, field)?.type);
  const Row = getNamedType(isObjectType(page) ? page.getFields().nodes?.type : undefined);
  return isObjectType(Row) ? [[name, { type, field, args, Row }] as const] : [];
});

function fieldOf(type: string, field: string) {
  const parent = schema.getType(type);
  return isObjectType(parent) ? parent.getFields()[field] : undefined;
}

/** The fields of a type that need no arguments, with what they hold themselves of one value. */
function selectionsOf(type: GraphQLObjectType, isInner = false): [string, string][] {
  return Object.values(type.getFields()).flatMap(({ name, type: fieldType, args }) => {
    // The scene has no models.
    if (args.some(isRequiredArgument) || name === 'model') return [];
    const inner = getNamedType(fieldType);
    if (!isObjectType(inner)) return [[name, name]];
    if (isInner || inner.name.endsWith('Connection')) return [];
    const fields = selectionsOf(inner, true).map(([, text]) => text);
    return [[name, `${name} { ${['__typename', ...fields].join(' ')} }`]];
  });
}

describe('a field of a row of a list', () => {
  test.each(PAGES)('of %s is the same whichever others are asked', async (_, list) => {
    const { type, field, args, Row } = list;
    const fields = selectionsOf(Row);
    const all = fields.map(([, text]) => text).join(' ');
    const place = PLACES[type];
    if (place === undefined) throw new RangeError(`lists of ${type} have no place`);
    for (const order of ordersOf(args)) {
      const ordering = order === '' ? [] : [`orderBy: ${order}`];
      const called = `(${[...requiredOf(args), ...ordering, `first: ${ROWS}`].join(', ')})`;
      const alone = fields.flatMap(([name, text]) => [
        `n_${name}: ${field}${called} { nodes { ${text} } }`,
        `e_${name}: ${field}${called} { edges { node { ...on ${Row.name} { ${text} } } } }`,
      ]);
      const whole = `whole: ${field}${called} { nodes { ${all} } }`;
      const text = place.replace('…', [whole, ...alone].join('\n'));
      const data = partWith(await askData(api, text), 'whole');
      expect(data.whole.nodes.length, order).toBeGreaterThan(0);
      for (const [name] of fields) {
        const expected = data.whole.nodes.map((node: Answer['data']) => node[name]);
        const ofNode = (node: Answer['data']) => node[name];
        expect(data[`n_${name}`].nodes.map(ofNode), `${order} ${name}`).toEqual(expected);
        const edges = data[`e_${name}`].edges.map(({ node }: Answer['data']) => node);
        expect(edges.map(ofNode), `${order} ${name}`).toEqual(expected);
      }
    }
  });
});

/** The values of the argument `orderBy` of a list; `''`: it has no such argument. */
function ordersOf(args: readonly { name: string; type: GraphQLInputType }[]): string[] {
  const type = getNamedType(args.find(({ name }) => name === 'orderBy')?.type);
  return isEnumType(type) ? type.getValues().map(({ name }) => name) : [''];
}

test('a condition on a label selects the rows that show the label', async () => {
  const seen = new Set<unknown>();
  for (const { list, name: label, shown } of labelConditions(schema)) {
    const where = list.args.find(({ name }) => name === 'where');
    if (where === undefined) throw new RangeError(`${list.name} has no conditions`);
    expect(shown, `${list.type}.${list.name}: ${label}`).not.toEqual([]);
    const values = await shownIn(list, shown);
    const count = (value: unknown) => values.filter((one) => (one ?? null) === value).length;
    const found = await countsOf(
      list.type,
      list.name,
      list.args,
      where.type,
    )({
      native: { [label]: { _eq: 'native' } },
      x: { [label]: { _eq: 'x' } },
      none: { [label]: { _isNull: true } },
    });
    const expected = { native: count('native'), x: count('x'), none: count(null) };
    expect(found, `${list.type}.${list.name}: ${label}`).toEqual(expected);
    for (const value of values) seen.add(value ?? null);
  }
  expect(seen).toEqual(new Set(['native', 'x', null]));
});
