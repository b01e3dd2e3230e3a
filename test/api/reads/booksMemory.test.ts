import { execute, parse } from 'graphql';
import type { QueryConfig, QueryResultRow } from 'pg';
import { expect, test } from 'vitest';
import { ZERO_ADDRESS } from '../../../src/address.js';
import { BooksMemory, KnownBooks } from '../../../src/api/reads/booksMemory.js';
import {
  type ApiServices,
  createContext,
  createServices,
} from '../../../src/api/request/context.js';
import { BooksInstant } from '../../../src/api/request/instant.js';
import { assertNotReorganised } from '../../../src/api/request/reorgGuard.js';
import { withKnownBooks } from '../../../src/api/request/withinLimits.js';
import { buildApiSchema } from '../../../src/api/schema.js';
import { readIndexedTokens } from '../../../src/store/read/chains/indexedTokens.js';
import type { Queryable } from '../../../src/store/read/query/queryable.js';
import { readRevision } from '../../../src/store/read/query/revision.js';
import { writeHold } from '../../../src/store/write/holds.js';
import { Random } from '../../prove/fuzz/random.js';
import {
  type Action,
  accountOf,
  claim,
  mint,
  receipt,
  snapshot,
  transfer,
} from '../../store/read/actions.js';
import { Books, type TokenTerms } from '../../store/read/books.js';
import { takeBack } from '../../store/read/takeBack.js';
import { freshDatabase } from '../../support/databases/postgres.js';

const HOLDERS = 5;
const holder = (index: number) => accountOf(100 + index);
const TERMS: TokenTerms = {
  chainId: 1,
  address: accountOf(1),
  symbol: 'T',
  policy: 'windowed',
  percent: 80n,
  window: 2,
  interval: 1n,
  intervalUnit: 'blocks',
  startBlock: 1,
  initialLastSnapshot: null,
};

const ENTITLEMENT = `positions { balance asOf { block hash } token { symbol } entitlement {
  totalClaimableWei claimedWei redeemedWei expiredWei redeemableWei accruingWei
  snapshots { snapshotId state claimableWei } } }`;
const HOLDER = `{ holder(address: "${holder(1)}") { ${ENTITLEMENT} } }`;
const SERIES = `chainId: 1, token: "${TERMS.address}", interval: HOUR`;
const QUERIES = [
  HOLDER,
  `{ tokenSeries(${SERIES}) { from block receivedWei claimedWei snapshots holders holdersWithoutContracts supply
     pools { newRevenueWei claimableWei redeemableWei } } }`,
  `{ tokenSeries(${SERIES}, at: {block: 3}) { to block holders supply } }`,
  `{ holderSeries(${SERIES}, holder: "${holder(1)}") { from block balance claimedWei claimableWei accruingWei rank } }`,
  `{ holderSeries(${SERIES}, holder: "${holder(2)}") { from block balance rank } }`,
  `{ personSeries(${SERIES}, holders: ["${holder(3)}", "${holder(4)}"]) { block balance assignedWei claimableWei } }`,
  `{ a: holder(address: "${holder(2)}") { ${ENTITLEMENT} } b: holder(address: "${holder(3)}") { ${ENTITLEMENT} }
     tokens { symbol startBlock } }`,
  `{ holder(address: "${holder(1)}", at: {block: 2}) { ${ENTITLEMENT} } }`,
  `{ holder(address: "${holder(4)}", at: {block: 7}) { ${ENTITLEMENT} } }`,
  `{ holders(chainId: 1, token: "${TERMS.address}", first: 3) { asOf { block hash } nodes { address balance } } }`,
  `{ receipts(first: 5) { asOf { block } nodes { amountWei } } }`,
];

const schema = buildApiSchema();

/** A database of the test alone: its revision is how often the test has committed. */
class CountedDatabase implements Queryable {
  commits = 0;
  statements = 0;
  beforeStatement: (name: string) => Promise<void> = async () => undefined;

  constructor(private readonly books: Books) {}

  async query<Row extends QueryResultRow>(statement: QueryConfig<unknown[]>) {
    this.statements += 1;
    await this.beforeStatement(statement.name ?? '');
    const { rows } = await this.books.pool.query<Row>(statement);
    // Other tests commit on the same server.
    const revision = `commit ${this.commits}`;
    return { rows: rows.map((row) => ('revision' in row ? { ...row, revision } : row)) };
  }
}

/** What a server answers that keeps what it knows of the books. */
async function answer(services: ApiServices, query: string): Promise<string> {
  const contextValue = createContext(services);
  const args = { schema, document: parse(query), contextValue };
  const result = await withKnownBooks(execute)(args);
  try {
    await assertNotReorganised(contextValue.joined, contextValue.books);
  } catch (error) {
    return String(error);
  }
  return JSON.stringify(result);
}

/** What a server answers that knows nothing yet. */
function plainAnswer(books: Books, query: string): Promise<string> {
  return answer(createServices(books.pool, []), query);
}

async function someActions(books: Books, random: Random, round: number): Promise<Action[]> {
  const [from, to] = [holder(random.below(HOLDERS)), holder(random.below(HOLDERS))];
  const actions = [receipt(accountOf(9), BigInt(1 + random.below(9_000))), transfer(from, to, 1n)];
  if (round % 2 === 1) return [...actions, snapshot(), transfer(to, ZERO_ADDRESS, 1n)];
  const { data } = JSON.parse(await plainAnswer(books, HOLDER));
  const [{ entitlement }] = data.holder.positions;
  for (const { snapshotId, state, claimableWei } of entitlement.snapshots) {
    if (state === 'OPEN') return [...actions, claim(holder(1), snapshotId, BigInt(claimableWei))];
  }
  return actions;
}

test.each([1, 2])(
  'what is kept in memory never shows in an answer after a commit, a hold or a reorg (seed %i)',
  async (seed) => {
    const books = Books.open(await freshDatabase());
    const number = await books.addToken(TERMS);
    const random = new Random(seed);
    const db = new CountedDatabase(books);
    let block = 0;
    const commit = async (actions: readonly Action[]) => {
      block += 1;
      await books.commit(1, block, new Map([[number, actions]]), 1);
      db.commits += 1;
    };
    await commit(Array.from({ length: HOLDERS }, (_, index) => mint(holder(index), 100n)));
    const services = createServices(db, []);
    const compare = async () => {
      for (const query of QUERIES) {
        const [kept, plain] = [await answer(services, query), await plainAnswer(books, query)];
        expect(kept, query).toBe(plain);
        expect(await answer(services, query), query).toBe(plain);
      }
    };
    for (let round = 0; round < 7; round++) {
      await compare();
      // Also between two statements of a request: its answer is that from before, or that from after it.
      const query = QUERIES[round % QUERIES.length] ?? '';
      const before = await plainAnswer(books, query);
      let left = random.below(3);
      db.beforeStatement = async () => {
        if (left-- === 0) await commit(await someActions(books, random, round));
      };
      const between = await answer(services, query);
      db.beforeStatement = async () => undefined;
      expect([before, await plainAnswer(books, query)]).toContain(between);
    }
    const hold = {
      ...{ chainId: 1, address: TERMS.address, kind: 'token', lastBlock: block - 1, block },
      ...{ isConfirmed: true, code: 'X', reason: 'x', hint: 'x', isCompared: false },
      ...{ programVersion: '1', configHash: '0x', framesHash: '0x' },
    };
    await writeHold(books.pool, hold as unknown as Parameters<typeof writeHold>[1]);
    db.commits += 1;
    await compare();
    await takeBack(books, number, block - 2);
    db.commits += 1;
    await compare();
    await books.close();
  },
);

test('a holder, a page of holders and a series of a token take one statement each while nothing is committed', async () => {
  const books = Books.open(await freshDatabase());
  const number = await books.addToken(TERMS);
  const actions = [mint(holder(1), 60n), mint(holder(2), 40n), receipt(accountOf(9), 1_000n)];
  await books.commit(1, 1, new Map([[number, [...actions, snapshot()]]]));
  const paid = claim(holder(1), 1, 480n);
  await books.commit(1, 2, new Map([[number, [paid, transfer(holder(1), holder(2), 5n)]]]));
  const db = new CountedDatabase(books);
  const services = createServices(db, []);
  const page = `{ holders(chainId: 1, token: "${TERMS.address}", first: 3) { nodes { address balance } } }`;
  const old = `{ holder(address: "${holder(1)}", at: {block: 1}) { ${ENTITLEMENT} } }`;
  const series = `{ tokenSeries(${SERIES}) { from block receivedWei holders holdersWithoutContracts supply } }`;
  for (const query of [HOLDER, page, old, series]) {
    const first = await answer(services, query);
    // What it asked about is kept with the next statement that finds nothing new.
    await answer(services, query);
    db.statements = 0;
    expect(await answer(services, query)).toBe(first);
    expect(db.statements, query).toBe(1);
  }
  await books.close();
});

test('figures that were read while something was committed are kept for nobody', async () => {
  const books = Books.open(await freshDatabase());
  const tokenNumber = await books.addToken(TERMS);
  await books.commit(
    1,
    1,
    new Map([[tokenNumber, [mint(holder(1), 60n), receipt(accountOf(9), 7n)]]]),
  );
  const db = new CountedDatabase(books);
  const indexed = await readIndexedTokens(db);
  const known = new KnownBooks(db, indexed, indexed.revision ?? '');
  const key = { tokenNumber, block: 1 };
  const question = { name: 'figures', read: async () => [1, 2], size: () => 2 };
  const asked = async () => {
    db.statements = 0;
    const { isProven } = await known.poolAt(key);
    await known.keep(question, await question.read());
    return { isProven, statements: db.statements, kept: known.answerTo(question)?.answer };
  };
  db.beforeStatement = async (name) => {
    if (name === 'revision') db.commits += 1;
  };
  const nothing = { isProven: false, kept: undefined };
  const { statements } = await asked();
  expect(await asked()).toEqual({ ...nothing, statements });
  db.beforeStatement = async () => undefined;
  expect(await asked()).toEqual({ ...nothing, statements });
  // The revision that they were read at again: two looks at it, before and after, and nothing between.
  db.commits = 0;
  expect(await asked()).toEqual({ isProven: true, kept: [1, 2], statements });
  expect(await asked()).toEqual({ isProven: true, kept: [1, 2], statements: 1 });
  // A request that begins with what was kept is answered again if something was committed since.
  const memory = new BooksMemory(db);
  memory.learn(indexed);
  const kept = memory.assumed();
  await kept?.keep(question, [1, 2]);
  db.commits += 1;
  const instant = createInstant(memory, db);
  instant.assume();
  expect(await instant.once(question)).toEqual([1, 2]);
  expect(await instant.holds()).toBe(false);
  // Newer books replace older ones.
  expect(memory.learn({ ...indexed, revision: 'later' })?.revision).toBe('later');
  expect(memory.learn({ ...indexed, revision: 'latest' })?.revision).toBe('latest');
  await books.close();
});

function createInstant(memory: BooksMemory, db: Queryable): BooksInstant {
  return new BooksInstant(memory, {
    indexed: () => readIndexedTokens(db),
    revision: () => readRevision(db),
  });
}
