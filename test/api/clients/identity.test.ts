import { readFileSync } from 'node:fs';
import { gql, InMemoryCache } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import {
  type DocumentNode,
  type GraphQLArgument,
  type GraphQLObjectType,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isObjectType,
  print,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApiSchema } from '../../../src/api/schema.js';
import type { RunningApi } from '../../../src/api/server.js';
import { servingField } from '../../../src/config/serving.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { fieldsOf, isConnection } from '../../support/lists.js';
import { BUSY_ID, FILLED_ADDRESS, fillEveryTable } from '../../support/scenes/manyRows.js';
import { ask, startTestApi } from '../support.js';
import { RelayCache } from './relayStore.js';
import { UrqlCache } from './urqlCache.js';

const schema = buildApiSchema();

/** Far enough to reach what a row belongs to, and its figures. */
const DEEP = 4;
const ROWS = 4;
const MOMENTS = [2, ROWS];

/** Values of arguments that must be given. */
const REQUIRED: Readonly<Record<string, string>> = {
  chainId: '1',
  token: `"${FILLED_ADDRESS}"`,
  contract: `"${FILLED_ADDRESS}"`,
  address: `"${FILLED_ADDRESS}"`,
  holder: `"${FILLED_ADDRESS}"`,
  holders: `["${FILLED_ADDRESS}"]`,
  interval: 'MONTH',
};

/** As Apollo sends it. */
const withTypes = (query: DocumentNode) => new InMemoryCache().transformDocument(query);

/** A question, and what the server answered. */
interface Asked {
  readonly name: string;
  readonly block: number;
  readonly query: DocumentNode;
  readonly data: Record<string, unknown>;
}

const isRequired = ({ type, defaultValue }: GraphQLArgument) =>
  isNonNullType(type) && defaultValue === undefined;

/** Everything of a type that needs no arguments; of a list, its rows. */
function selectionOf(type: GraphQLObjectType, depth: number, around: readonly string[]): string {
  const { edges, pageInfo, ...fields } = type.getFields();
  const wanted = isConnection(type) ? [edges, pageInfo] : Object.values(fields);
  return wanted
    .flatMap((field) => {
      if (field === undefined || field.args.some(isRequired)) return [];
      if (field.deprecationReason != null) return [];
      const inner = getNamedType(field.type);
      if (isLeafType(inner)) return [field.name];
      if (!isObjectType(inner) || depth === 0 || around.includes(inner.name)) return [];
      const selection = selectionOf(inner, depth - 1, [...around, inner.name]);
      return selection === '' ? [] : [`${field.name} { ${selection} }`];
    })
    .join(' ');
}

/** What is asked: every query at every moment, with and without a condition, and in both orders. */
const QUESTIONS = fieldsOf(schema)
  .filter(({ type, args }) => type === 'Query' && args.some(({ name }) => name === 'at'))
  .filter(({ field }) => field.deprecationReason == null)
  .flatMap(({ name, args, field }) => {
    const type = getNamedType(field.type);
    if (!isObjectType(type)) return [];
    const selection = selectionOf(type, DEEP, [type.name]);
    const given = args.filter(isRequired).map((arg) => `${arg.name}: ${REQUIRED[arg.name]}`);
    const where = getNamedType(args.find((arg) => arg.name === 'where')?.type);
    const hasBlocks = isInputObjectType(where) && where.getFields().block !== undefined;
    const conditions = hasBlocks ? ['', 'where: { block: { _lte: 1 } }'] : [''];
    const hasOrders = args.some(({ name: arg }) => arg === 'direction');
    const orders = hasOrders ? ['direction: ASC', 'direction: DESC'] : [];
    return [...conditions, ...orders].flatMap((condition) =>
      (orders.includes(condition) ? MOMENTS.slice(-1) : MOMENTS).map((block) => {
        const all = [...given, condition, `at: { block: ${block} }`];
        const text = `{ ${name}(${all.filter((part) => part !== '').join(', ')}) { ${selection} } }`;
        return { name, block, query: withTypes(gql(text)) };
      }),
    );
  });

let api: RunningApi;
let answers: readonly Asked[];

beforeAll(async () => {
  const url = await freshDatabase();
  await fillEveryTable(url, ROWS);
  await query(url, `UPDATE oracle_request SET model_id = ${BUSY_ID}`);
  await query(url, `UPDATE aigc_data SET prompt_verdict = 'id', content_verdict = 'none'`);
  // Everything that can be reached is asked at once: more than a client may.
  const serving = servingField('.').parse({ limits: { cost: 10_000_000 } });
  api = await startTestApi(url, { serving });
  answers = await Promise.all(
    QUESTIONS.map(async ({ query: document, ...question }) => {
      const { data, errors } = await ask(api, print(document));
      expect(errors?.map(({ message, path }) => `${path}: ${message}`)).toBeUndefined();
      return { ...question, query: document, data: data ?? {} };
    }),
  );
});
afterAll(() => api.close());

/** The cache of a recipe in docs/api.md. */
function documentedCache(): InMemoryCache {
  const recipe = /```ts\n(const ofPage[\s\S]*?)```/.exec(readFileSync('docs/api.md', 'utf8'))?.[1];
  if (recipe === undefined) throw new RangeError('docs/api.md has no recipe of a cache');
  const make = new Function('relayStylePagination', 'InMemoryCache', `${recipe}; return cache;`);
  return make(relayStylePagination, InMemoryCache);
}

/** A normalised cache, whatever the library. */
interface NormalisedCache {
  write(question: DocumentNode, data: Record<string, unknown>): unknown;
  /** `null`: it does not have all of it. */
  read(question: DocumentNode): unknown;
}

function apollo(cache: InMemoryCache): NormalisedCache {
  return {
    write: (question, data) => cache.writeQuery({ query: question, data }),
    read: (question) => cache.readQuery({ query: question }),
  };
}

const CACHES: readonly (readonly [string, () => NormalisedCache])[] = [
  ['Apollo without policies', () => apollo(new InMemoryCache())],
  ['Apollo as documented', () => apollo(documentedCache())],
  ['urql', () => new UrqlCache()],
  ['Relay as documented', () => new RelayCache(schema)],
];

test.each(CACHES)(
  'the cache of %s never shows the figures of another moment or filter',
  async (_, makeCache) => {
    for (const order of [answers, answers.toReversed()]) {
      const cache = makeCache();
      for (const { query: document, data } of order) await cache.write(document, data);
      let held = 0;
      for (const { name, block, query: document, data } of answers) {
        const cached = await cache.read(document);
        // What it has replaced, a cache asks for again.
        if (cached === null) continue;
        expect([name, block, JSON.parse(JSON.stringify(cached))]).toEqual([name, block, data]);
        held++;
      }
      expect(held).toBeGreaterThan(answers.length / 2);
    }
  },
);
