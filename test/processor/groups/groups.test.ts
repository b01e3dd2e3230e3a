import {
  type GraphQLNamedType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { execute, mineBlocks } from '../../../devnet/chain.js';
import { SeededRandom } from '../../../devnet/random.js';
import { buildApiSchema } from '../../../src/api/schema.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { newPool } from '../../../src/store/database/postgres.js';
import { noteCluster } from '../../../src/store/read/query/cluster.js';
import { findTransaction } from '../../../src/store/read/search/foundTransactions.js';
import { askData, operatorsPage, startTestApi } from '../../api/support.js';
import { CITUS_URL } from '../../support/databases/citus.js';
import { freshDatabase, query, serverUrl } from '../../support/databases/postgres.js';
import {
  allowCursor,
  pretendCluster,
  refuseCursorAbove,
} from '../../support/databases/pretendCluster.js';
import { booksByAddress } from '../../support/databases/sameBooks.js';
import { BREAKS, StatementProxy } from '../../support/databases/statementProxy.js';
import { countOperations, dumpTables } from '../../support/databases/tables.js';
import { eventually } from '../../support/eventually.js';
import { isConnection } from '../../support/lists.js';
import { handledReorgs } from '../../support/programs/handledReorgs.js';
import { follow, type IndexRequest, indexTo } from '../../support/programs/indexer.js';
import { JoiningScene } from '../../support/scenes/joiningScene.js';

let scene: JoiningScene;
let head: number;

beforeAll(async () => {
  scene = await JoiningScene.start();
  await scene.live();
  await mineBlocks(scene.chain, 6, 1);
  head = await headOf();
});

const headOf = async () => Number(await scene.chain.rpc.call<string>('eth_blockNumber'));

/** The sale goes with the first token. */
function grouped(databaseUrl: string, more: Partial<IndexRequest> = {}): IndexRequest {
  const first = { name: 'first', contracts: [scene.first.address as `0x${string}`] };
  const oracle = { name: 'oracle', contracts: [scene.oracle.address as `0x${string}`] };
  return { ...scene.request(databaseUrl), more: { groups: [first, oracle] }, ...more };
}

const GROUPS = ['main', 'first', 'oracle'];

function indexGroups(databaseUrl: string, groups: readonly string[], toBlock: number) {
  return Promise.all(groups.map((group) => indexTo({ ...grouped(databaseUrl), group }, toBlock)));
}

/** All rows of the chain with their ids, and its hashes. */
async function booksOf(databaseUrl: string) {
  await proveFinalBlocks(databaseUrl, scene.chain.chainId, new AbortController().signal);
  const tables = Object.entries(await dumpTables(databaseUrl)).map(([name, rows]) => [
    name,
    // How far each group is.
    rows.filter((row) => !/^\("?-/.test(row)),
  ]);
  return { rows: Object.fromEntries(tables), books: await booksByAddress(databaseUrl) };
}

async function freshTo(toBlock: number, finality = 4): Promise<string> {
  const databaseUrl = await freshDatabase();
  await indexTo({ ...scene.request(databaseUrl), finality }, toBlock);
  return databaseUrl;
}

const known = new Map<string, ReturnType<typeof booksOf>>();

/** The books of one process; the chain does not change below a block that was asked about. */
function fresh(toBlock: number, finality = 4) {
  const key = `${toBlock} ${finality}`;
  const books = known.get(key) ?? freshTo(toBlock, finality).then(booksOf);
  known.set(key, books);
  return books;
}

/** What lists need to be asked about, besides their page. */
const ASKED: Readonly<Record<string, () => string>> = {
  token: () => `"${scene.second.address}"`,
  tokens: () => `["${scene.second.address}"]`,
  account: () => `"${scene.accounts.alice}"`,
  accounts: () => `["${scene.accounts.alice}"]`,
  contract: () => `"${scene.second.address}"`,
  collection: () => `"${scene.cats.address}"`,
  oracle: () => `"${scene.oracle.address}"`,
  sale: () => `"${scene.overflow.address}"`,
  chainId: () => String(scene.chain.chainId),
  asset: () => '"native"',
  first: () => '100',
};

/** A question for each list of the API that needs nothing else: all plain fields of its rows. */
function everyQuestion(): string[] {
  const type = buildApiSchema().getQueryType();
  return Object.values(type?.getFields() ?? {}).flatMap(({ name, type, args }) => {
    const connection = getNamedType(type);
    if (!isConnection(connection) || !isObjectType(connection)) return [];
    const nodes = getNamedType(connection.getFields().nodes?.type);
    if (!isObjectType(nodes)) return [];
    const plain = Object.values(nodes.getFields()).filter(
      (field) => isLeafType(getNamedType(field.type)) && field.args.length === 0,
    );
    const asked = args.flatMap((arg) => {
      const value = ASKED[arg.name];
      return isRequiredArgument(arg) || arg.name === 'first'
        ? [`${arg.name}: ${value?.() ?? `unknown_${arg.name}`}`]
        : [];
    });
    const fields = plain.map((field) => field.name).join(' ');
    const figures = ['totalCount', 'asOf'].filter((field) => field in connection.getFields());
    const counted = figures.map((field) => (field === 'asOf' ? 'asOf { block }' : field));
    return [`{ ${name}(${asked.join(', ')}) { ${counted.join(' ')} nodes { ${fields} } } }`];
  });
}

/** The plain fields of an object, and those of the objects in it that need no argument. */
function selection(type: GraphQLNamedType | undefined, depth: number): string {
  if (!isObjectType(type)) return '';
  const parts = Object.values(type.getFields()).flatMap(({ name, args, type: of }) => {
    const inner = getNamedType(of);
    if (args.some(isRequiredArgument) || isConnection(inner)) return [];
    if (isLeafType(inner)) return [name];
    return depth > 0 ? [`${name} ${selection(inner, depth - 1)}`] : [];
  });
  return `{ ${parts.filter((part) => !part.endsWith(' {  }')).join(' ')} }`;
}

/** Questions about one thing, and for a transaction in a block that not all groups have. */
function objectQuestions(transaction: string): string[] {
  const { chain, accounts, first, second } = scene;
  const type = buildApiSchema().getQueryType();
  const asked: readonly (readonly [name: string, args: string, depth: number])[] = [
    ['holder', `address: "${accounts.alice}"`, 2],
    ['person', `holders: ["${accounts.alice}", "${accounts.founder}"]`, 2],
    ['trialBalance', `chainId: ${chain.chainId}, token: "${second.address}"`, 1],
    ['token', `chainId: ${chain.chainId}, address: "${second.address}"`, 1],
    ['token', `chainId: ${chain.chainId}, address: "${first.address}"`, 1],
    ['search', `text: "${transaction}"`, 1],
  ];
  return asked.map(([name, args, depth]) => {
    const field = type?.getFields()[name];
    return `{ ${name}(${args}) ${selection(field && getNamedType(field.type), depth)} }`;
  });
}

async function answersOf(
  databaseUrl: string,
  transaction: string,
): Promise<Record<string, unknown>> {
  const api = await startTestApi(databaseUrl);
  try {
    const answers: Record<string, unknown> = {};
    for (const question of [...everyQuestion(), ...objectQuestions(transaction)])
      answers[question] = await askData(api, question);
    return answers;
  } finally {
    await api.close();
  }
}

async function shownBlock(databaseUrl: string): Promise<number | null> {
  const [row] = await query<{ height: number }>(
    databaseUrl,
    'SELECT height FROM chain_cursor WHERE chain_id > 0',
  );
  return row?.height ?? null;
}

/** Statements among which one is drawn, once for each range: of the start of a group, and of its commits. */
const POINTS = (process.env.BREAK_POINTS ?? '20-200').split(',').map((range) => {
  const [from = 0, to = from] = range.split('-').map(Number);
  return [from, to] as const;
});

describe('groups of contracts that processes of their own index', () => {
  it('have the rows, the ids and the ledger hash of one process', async () => {
    const databaseUrl = await freshDatabase();
    await indexGroups(databaseUrl, ['oracle', 'first', 'main'], head);
    expect(await shownBlock(databaseUrl)).toBe(head);
    const expected = await fresh(head);
    expect(expected.books.ledger_hash?.length).toBeGreaterThan(10);
    expect(await booksOf(databaseUrl)).toEqual(expected);
  });

  it('give the answers of the newest block that all of them have, while one lags', async () => {
    const databaseUrl = await freshDatabase();
    const lagging = head - 18;
    await indexGroups(databaseUrl, ['main', 'oracle'], head);
    expect(await shownBlock(databaseUrl)).toBe(null);
    await indexGroups(databaseUrl, ['first'], lagging);
    expect(await shownBlock(databaseUrl)).toBe(lagging);
    // The blocks that are not shown have rows of the groups that are ahead.
    const [hidden] = await query<{ hash: string }>(
      databaseUrl,
      `SELECT '0x' || encode(transaction_hash, 'hex') AS hash FROM transfer WHERE block_number > ${lagging}`,
    );
    const transaction = hidden?.hash ?? 'no transaction';
    const db = newPool({ connectionString: databaseUrl });
    expect(await findTransaction(db, transaction as `0x${string}`)).toEqual([]);
    await db.end();
    const api = await startTestApi(databaseUrl);
    const { status } = await askData(api, '{ status { groups { name contracts indexedBlock } } }');
    expect(status[0].groups).toEqual([
      { name: 'main', contracts: expect.any(Number), indexedBlock: head },
      { name: 'first', contracts: 2, indexedBlock: lagging },
      { name: 'oracle', contracts: 1, indexedBlock: head },
    ]);
    const metrics = await (await operatorsPage(api, '/metrics')).text();
    await api.close();
    const { chainId } = scene.chain;
    const series = `{chain_id="${chainId}",chain="chain ${chainId}",group="first"} ${lagging}`;
    expect(metrics).toContain(`imo_ledger_group_indexed_block${series}`);
    const answers = await answersOf(databaseUrl, transaction);
    expect(answers).toEqual(await answersOf(await freshTo(lagging), transaction));
    await indexGroups(databaseUrl, ['first'], head);
    expect(await booksOf(databaseUrl)).toEqual(await fresh(head));
  });

  it('refuse a second process of a group, and one for the whole chain', async () => {
    const databaseUrl = await freshDatabase();
    const follower = follow({ ...grouped(databaseUrl), group: 'first' });
    const isIndexed = 'SELECT FROM chain_cursor WHERE chain_id < 0';
    await eventually(async () => expect(await query(databaseUrl, isIndexed)).toHaveLength(1));
    const [again, whole, other] = await Promise.allSettled([
      indexTo({ ...grouped(databaseUrl), group: 'first' }, head),
      indexTo(scene.request(databaseUrl), head),
      indexTo({ ...grouped(databaseUrl), group: 'oracle' }, head),
    ]);
    await follower.stop();
    expect(again).toMatchObject({ reason: { code: 'GROUP_LOCKED' } });
    expect(whole).toMatchObject({ reason: { code: 'CHAIN_LOCKED' } });
    expect(other).toMatchObject({ status: 'fulfilled' });
  });

  it('become one process, and groups of other contracts, from the block that all of them have', async () => {
    const databaseUrl = await freshDatabase();
    await indexGroups(databaseUrl, ['main', 'oracle'], head - 3);
    await indexGroups(databaseUrl, ['first'], head - 18);
    await indexTo(scene.request(databaseUrl), head - 9);
    expect(await query(databaseUrl, 'SELECT FROM chain_cursor')).toHaveLength(1);
    expect(await booksOf(databaseUrl)).toEqual(await fresh(head - 9));

    const second = [{ name: 'second', contracts: [scene.second.address as `0x${string}`] }];
    const warnings: string[] = [];
    const other = {
      ...grouped(databaseUrl, { more: { groups: second } }),
      onWarning: (line: string) => warnings.push(line),
    };
    await indexTo({ ...other, group: 'second' }, head - 3);
    await indexTo(
      { ...grouped(databaseUrl), group: 'first', onWarning: other.onWarning },
      head - 3,
    );
    expect(warnings).toEqual([
      `The groups of chain ${scene.chain.chainId} changed. Blocks ${head - 8} to ${head - 3} are read again: not all ` +
        'groups had them',
    ]);
    await indexGroups(databaseUrl, GROUPS, head);
    expect(await booksOf(databaseUrl)).toEqual(await fresh(head));

    const left = indexTo({ ...grouped(databaseUrl), sales: [], group: 'main' }, head);
    await expect(left).rejects.toMatchObject({ code: 'GROUPS_CANNOT_CHANGE' });
    const unknown = indexTo({ ...grouped(databaseUrl), group: 'third' }, head);
    await expect(unknown).rejects.toMatchObject({ code: 'GROUP_NOT_CONFIGURED' });
  });

  it('have the rows of one process if the connection of a group breaks at any statement', async () => {
    const proxy = await StatementProxy.start(Number(new URL(serverUrl()).port));
    const random = new SeededRandom(`groups ${process.env.BREAK_SEED ?? 7641}`);
    const expected = await fresh(head);
    for (const [from, to] of POINTS) {
      const databaseUrl = await freshDatabase();
      proxy.breakAt(random.integer(from, to), random.pick([...BREAKS]));
      const broken = { ...grouped(proxy.through(databaseUrl)), group: 'first' };
      // Only what `run` does about an error: it starts the group again.
      const once = indexTo(broken, head).catch(() => indexTo(broken, head));
      await Promise.all([once, indexGroups(databaseUrl, ['main', 'oracle'], head)]);
      expect(await booksOf(databaseUrl), proxy.broken ?? 'nothing broke').toEqual(expected);
    }
    await proxy.stop();
  });

  describe('a cluster, which commits the rows before their cursor', () => {
    afterEach(() => noteCluster(false));

    it.skipIf(CITUS_URL !== null)(
      'shows nothing of rows whose cursor is not committed, and the next process reads them again',
      async () => {
        const databaseUrl = await pretendCluster(await freshDatabase());
        const shown = head - 18;
        await indexTo(scene.request(databaseUrl), shown);
        await refuseCursorAbove(databaseUrl, shown);
        const broken = indexTo(scene.request(databaseUrl), head);
        await expect(broken).rejects.toThrow('the cursor is refused');
        expect(await shownBlock(databaseUrl)).toBe(shown);
        const [ahead] = await query<{ hash: string }>(
          databaseUrl,
          `SELECT '0x' || encode(transaction_hash, 'hex') AS hash FROM transfer WHERE block_number > ${shown}`,
        );
        const transaction = ahead?.hash ?? 'no transaction';
        expect(transaction).toMatch(/^0x/);
        const answers = await answersOf(databaseUrl, transaction);
        expect(answers).toEqual(await answersOf(await freshTo(shown), transaction));
        await allowCursor(databaseUrl);
        await indexTo(scene.request(databaseUrl), head);
        expect(await booksOf(databaseUrl)).toEqual(await fresh(head));
      },
    );

    it('has the rows of one process if its connection breaks at any statement', async () => {
      const proxy = await StatementProxy.start(Number(new URL(serverUrl()).port));
      const random = new SeededRandom(`rows first ${process.env.BREAK_SEED ?? 7641}`);
      const expected = await fresh(head);
      for (const [from, to] of POINTS) {
        const databaseUrl = await pretendCluster(await freshDatabase());
        proxy.breakAt(random.integer(from, to), random.pick([...BREAKS]));
        const broken = scene.request(proxy.through(databaseUrl));
        await indexTo(broken, head).catch(() => indexTo(broken, head));
        expect(await booksOf(databaseUrl), proxy.broken ?? 'nothing broke').toEqual(expected);
      }
      await proxy.stop();
    });

    it.skipIf(CITUS_URL !== null)(
      'shows the fork of a reorg before the rows of its other blocks',
      async () => {
        const { chain } = scene;
        const databaseUrl = await pretendCluster(await freshDatabase());
        const fork = await chain.rpc.call<string>('evm_snapshot');
        const forkHeight = await headOf();
        await scene.live();
        await indexTo({ ...scene.request(databaseUrl), finality: 20 }, await headOf());
        await chain.rpc.call('evm_revert', [fork]);
        await scene.call(scene.second, 'transfer', [scene.accounts.payer, 1n]);
        await mineBlocks(chain, 12, 1);
        await refuseCursorAbove(databaseUrl, forkHeight);
        const last = await headOf();
        const broken = indexTo({ ...scene.request(databaseUrl), finality: 20 }, last);
        await expect(broken).rejects.toThrow('the cursor is refused');
        expect(await shownBlock(databaseUrl)).toBe(forkHeight);
        expect(await countOperations(databaseUrl, forkHeight)).toBeGreaterThan(0);
        await allowCursor(databaseUrl);
        await indexTo({ ...scene.request(databaseUrl), finality: 20 }, last);
        expect(await booksOf(databaseUrl)).toEqual(await fresh(last, 20));
      },
    );
  });

  it.each([
    ['of blocks that are not final', 20],
    ['deeper than finality', 4],
  ])(
    'follow a reorg %s, each by itself, to the rows and the hash of one process',
    async (_, finality) => {
      const { chain } = scene;
      const databaseUrl = await freshDatabase();
      const followers = GROUPS.map((group) => follow({ ...grouped(databaseUrl), group, finality }));
      const caughtUp = () =>
        eventually(async () => {
          const latest = await chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
            'latest',
            false,
          ]);
          const [cursor] = await query<{ hash: Buffer }>(
            databaseUrl,
            'SELECT hash FROM chain_cursor WHERE chain_id > 0',
          );
          expect(`0x${cursor?.hash.toString('hex')}`).toBe(latest.hash);
        });
      await caughtUp();
      const fork = await chain.rpc.call<string>('evm_snapshot');
      const forkHeight = await headOf();
      await scene.live();
      await caughtUp();
      const abandoned = await headOf();
      const rows = await countOperations(databaseUrl, forkHeight);
      await chain.rpc.call('evm_revert', [fork]);
      await scene.call(scene.second, 'transfer', [scene.accounts.payer, 1n]);
      await mineBlocks(chain, abandoned - forkHeight, 1);
      await scene.call(scene.first, 'transfer', [scene.accounts.payer, 2n]);
      await caughtUp();
      await Promise.all(followers.map((follower) => follower.stop()));
      expect(await booksOf(databaseUrl)).toEqual(await fresh(await headOf(), finality));
      const reorgs = await handledReorgs(databaseUrl);
      expect(reorgs[0]?.oldHead).toBe(abandoned);
      // Readers had one reorg, with the rows of all groups. Of final blocks, each group knows those with its own rows.
      if (finality === 20) {
        expect(reorgs).toMatchObject([{ fork: forkHeight, oldHead: abandoned, rows }]);
      }
    },
  );

  it('hold a contract without touching the rows of other groups', async () => {
    const { chain, first, accounts } = scene;
    await execute(chain, { from: accounts.payer, to: first.address, valueWei: 10n ** 18n });
    // A wei that no rule explains.
    const theft = { from: first.address, to: accounts.alice, valueWei: 1n };
    await execute(chain, theft);
    await scene.live();
    await mineBlocks(chain, 6, 1);
    const last = await headOf();
    const [together, whole] = [await freshDatabase(), await freshDatabase()];
    const held = { code: 'CHAIN_UNEXPLAINED_PAYMENT' };
    await expect(indexTo(scene.request(whole), last)).rejects.toMatchObject(held);
    const ends = await Promise.allSettled(
      GROUPS.map((group) => indexTo({ ...grouped(together), group }, last)),
    );
    expect(ends).toMatchObject([
      { status: 'fulfilled' },
      { reason: held },
      { status: 'fulfilled' },
    ]);
    const holds = `SELECT chain_id, kind, address, last_block, block_number, is_confirmed, code, reason,
      config_hash FROM contract_hold`;
    expect(await query(together, holds)).toEqual(await query(whole, holds));
    expect(await query(together, holds)).toHaveLength(1);
    expect(await shownBlock(together)).toBe(last);
    expect(await booksOf(together)).toEqual(await booksOf(whole));
  });
});
