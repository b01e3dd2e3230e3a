import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountOf, mint, receipt, snapshot } from '../../store/read/actions.js';
import { Books, type TokenTerms } from '../../store/read/books.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { countStatements } from '../support.js';

const TOKENS = 5;
const HOLDERS = 40;

const terms = (number: number): TokenTerms => ({
  chainId: 1,
  address: accountOf(0x7000 + number),
  symbol: `T${number}`,
  policy: 'reference',
  percent: 50n,
  window: null,
  interval: 1000n,
  intervalUnit: 'blocks',
  startBlock: 1,
  initialLastSnapshot: null,
});

let books: Books;

/** Five tokens that the same forty accounts hold. */
beforeAll(async () => {
  books = Books.open(await freshDatabase());
  const numbers = await Promise.all([books.addToken(terms(1))]);
  for (let number = 2; number <= TOKENS; number++)
    numbers.push(await books.addToken(terms(number)));
  const holders = Array.from({ length: HOLDERS }, (_, index) => accountOf(1000 + index));
  const actions = [
    ...holders.map((holder, index) => mint(holder, BigInt(index + 1))),
    receipt(accountOf(1), 1_000_000n),
    snapshot(),
  ];
  await books.commit(1, 1, new Map(numbers.map((number) => [number, actions])));
});
afterAll(() => books.close());

const ENTITLEMENT = 'entitlement { totalClaimableWei redeemableWei snapshots { claimableWei } }';

async function count(query: string): Promise<number> {
  const { statements, errors } = await countStatements(books.pool, query);
  expect(errors).toEqual([]);
  return statements;
}

describe('the number of statements does not grow with the number of rows', () => {
  const holders = (first: number, orderBy: string) =>
    count(`{ holders(chainId: 1, token: "${accountOf(0x7001)}", first: ${first}, orderBy: ${orderBy}) {
      nodes { address balance ${ENTITLEMENT} token { symbol supply lastSnapshot { snapshotId } } }
    } }`);

  test('holders with their entitlements', async () => {
    const one = await holders(1, 'BALANCE');
    expect(await holders(40, 'BALANCE')).toBe(one);
    // Heads and tokens, the page; checkpoints, claims, redemptions, pools, snapshots; supply and
    // last snapshot of the token.
    expect(one).toBe(9);
  });

  test('holders by claimable revenue', async () => {
    const one = await holders(1, 'CLAIMABLE');
    expect(await holders(30, 'CLAIMABLE')).toBe(one);
  });

  test('the positions of an account in all tokens', async () => {
    const query = `{ holder(address: "${accountOf(1001)}") {
      positions { balance token { symbol supply pools { newRevenueWei } } ${ENTITLEMENT} }
    } }`;
    expect(await count(query)).toBe(6);
  });

  test('the claim plan of an account in all tokens', async () => {
    const query = `{ claimPlan(address: "${accountOf(1001)}") {
      steps { pays { amount } claims { expiry { snapshotsLeft } } }
      remains { assets { accruing } nextSnapshot { block } }
    } }`;
    // Heads and tokens, positions; checkpoints, claims, redemptions, pools, snapshots; the last
    // snapshots and the pace of the chains.
    expect(await count(query)).toBe(2 + 5 + 2);
  });

  test('tokens with their figures', async () => {
    const tokens = (first: number) =>
      count(`{ tokens(first: ${first}) { nodes {
        supply balanceWei receivedWei pools { claimableWei }
        lastSnapshot { snapshotId } earliestNextSnapshot { block }
      } } }`);
    expect(await tokens(1)).toBe(3);
    expect(await tokens(TOKENS)).toBe(3);
  });

  test('operations with the token of each', async () => {
    const transfers = (first: number) =>
      count(`{ transfers(first: ${first}) { nodes { amount token { symbol } } } }`);
    expect(await transfers(1)).toBe(2);
    expect(await transfers(200)).toBe(2);
  });

  test('the same list, asked several times, is read once', async () => {
    const token = `token(chainId: 1, address: "${accountOf(0x7002)}")`;
    const nested = (times: number) => {
      const all = Array.from({ length: times }, (_, index) => `t${index}: ${token}`);
      return count(`{ ${all.map((one) => `${one} { holders(first: 2) { nodes { address } } }`)} }`);
    };
    expect(await nested(30)).toBe(await nested(1));
  });
});

test('lists inside lists cannot multiply without end', async () => {
  const holders = (inner: string) => `holders(first: 40) { nodes { ${inner} } }`;
  const list = `holders(chainId: 1, token: "${accountOf(0x7001)}")`;
  // 40 + 40² + 40³ rows, all of them read by one statement.
  const cube = `token { ${holders(`token { ${holders('address')} }`)} }`;
  const { errors } = await countStatements(books.pool, `{ ${list} { nodes { ${cube} } } }`);
  expect(errors.map(({ originalError }) => originalError)).toMatchObject([
    { code: 'QUERY_TOO_LARGE' },
  ]);
});

test('rows are counted only if the query requests totalCount', async () => {
  const without = await count('{ transfers(first: 1) { nodes { id } } }');
  expect(await count('{ transfers(first: 1) { totalCount nodes { id } } }')).toBe(without + 1);
});

test('whatever a request asks about now is read as of one block', async () => {
  const token = accountOf(0x7001);
  const { statements, data, errors } = await countStatements(
    books.pool,
    `{ a: token(chainId: 1, address: "${token}") { asOf { block } supply }
       b: holders(chainId: 1, token: "${token}", first: 1) {
         totalCount nodes { balance token { supply } entitlement { balance: totalClaimableWei } }
       } }`,
    // A commit between the first statement and the others.
    async (statement) => {
      if (statement === 2) {
        await books.commit(1, 2, new Map([[1, [mint(accountOf(1), 10_000n)]]]));
      }
    },
  );
  expect(errors).toEqual([]);
  expect(statements).toBeGreaterThan(5);
  expect(data).toMatchObject({
    a: { asOf: { block: 1 }, supply: '820' },
    b: {
      totalCount: HOLDERS,
      // 40 of 820 tokens, 500,000 wei for holders.
      nodes: [{ balance: '40', token: { supply: '820' }, entitlement: { balance: '24390' } }],
    },
  });
});
