import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { expect, test } from 'vitest';
import { latestBlock } from '../../../devnet/chain.js';
import { DATASETS } from '../../../src/export/catalogue.js';
import { joiningBooks } from '../../../src/processor/joining/joiningBooks.js';
import { runBooks } from '../../../src/processor/runBooks.js';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';
import { askData, startTestApi } from '../../api/support.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { chainConfig, indexTo } from '../../support/programs/indexer.js';
import { JoiningScene } from '../../support/scenes/joiningScene.js';

const schema = buildSchema(
  readFileSync(join(PROJECT_ROOT, 'schema/schema.generated.graphql'), 'utf8'),
);

/** All fields of a type that need no argument, so many objects deep. */
function selection(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named)) return '{ __typename }';
  const fields = Object.values(named.getFields()).filter(
    (field) => isFree(field) && (depth > 0 || isLeafType(getNamedType(field.type))),
  );
  const parts = fields.map(({ name, type: of }) => `${name} ${selection(of, depth - 1)}`);
  return parts.length === 0 ? '{ __typename }' : `{ ${parts.join(' ')} }`;
}

function isFree({ name, args }: GraphQLField<unknown, unknown>): boolean {
  return !args.some(isRequiredArgument) && !/^(status|disagreement|claimNode)/.test(name);
}

/** Every list and figure that a client can ask for without naming a contract. */
const QUERIES = Object.values(schema.getQueryType()?.getFields() ?? {})
  .filter(isFree)
  .map(({ name, type }) => ({ name, text: `{ ${name} ${selection(type, 2)} }` }));

test('nobody sees books that are to join, except in status', async () => {
  const scene = await JoiningScene.start();
  const databaseUrl = await freshDatabase();
  const request = scene.request(databaseUrl);
  const live = { tokens: [scene.second.address], collections: [], oracles: [], sales: [] };
  await indexTo({ ...request, ...live, labels: [] });
  const before = await answers(databaseUrl);
  expect(Object.keys(before).length).toBeGreaterThan(30);

  const { first, cats, oracle, overflow } = scene;
  const all = { token: first, collection: cats, oracle, sale: overflow };
  const contracts = Object.entries(all).map(([kind, { address }]) => {
    return { kind: kind as keyof typeof all, address: address.toLowerCase() as `0x${string}` };
  });
  const toBlock = (await latestBlock(scene.chain)).number;
  const signal = new AbortController().signal;
  const how = { databaseUrl, toBlock, onProgress: () => undefined, signal };
  await runBooks({ ...joiningBooks(chainConfig(request), contracts), ...how });
  expect(await answers(databaseUrl)).toEqual(before);

  const api = await startTestApi(databaseUrl);
  const { status } = await askData(
    api,
    '{ status { joining { contracts { kind } fromBlock block toBlock leftMs } } }',
  );
  await api.close();
  expect(status).toMatchObject([{ joining: { block: toBlock, toBlock, leftMs: '0' } }]);
  expect(status[0].joining.contracts).toHaveLength(4);
});

/** What the API and the exports answer. */
async function answers(databaseUrl: string): Promise<Record<string, unknown>> {
  const api = await startTestApi(databaseUrl);
  const all: Record<string, unknown> = {};
  for (const { name, text } of QUERIES) {
    const response = await fetch(api.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: text }),
    });
    all[name] = await response.json();
  }
  for (const { name } of DATASETS) {
    const response = await fetch(new URL(`/v1/export/${name}`, api.url));
    all[`export ${name}`] = await response.text();
  }
  await api.close();
  return all;
}
