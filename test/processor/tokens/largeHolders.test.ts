import { describe, expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import { BalanceCache } from '../../../src/processor/tokens/book/balances.js';
import type { TokenBook } from '../../../src/processor/tokens/book/tokenBook.js';
import { largeHolders } from '../../../src/processor/tokens/checks/largeHolders.js';
import type { SqlClient } from '../../../src/store/database/sqlClient.js';

const HOLDERS = 100;
const account = (n: number): Address => `0x${n.toString(16).padStart(40, '0')}`;

/** Of holders 1 to 100, each with as many units as its number. */
function balancesOf(): BalanceCache {
  const balances = new BalanceCache(1, { empty: true });
  for (let n = 1; n <= HOLDERS; n++) balances.of(account(n)).balance = BigInt(n);
  return balances;
}

/** The books of a token with these balances, and a database that has them all as they were committed. */
function large(balances: BalanceCache) {
  const statements: string[] = [];
  const rows = [100, 99, 98, 97, 96].map((n) => ({
    account: Buffer.from(account(n).slice(2), 'hex'),
    balance: `${n}`,
  }));
  const db = {
    query: async ({ name }: { name: string }) => {
      statements.push(name);
      return { rows };
    },
  } as unknown as SqlClient;
  const book = { token: { number: 1 }, balances } as unknown as TokenBook;
  return { found: () => largeHolders(db, book), statements };
}

describe('the largest holders of a token', () => {
  test('are found without the database after the other balances have left the memory', async () => {
    const balances = balancesOf();
    balances.clear();
    const { found, statements } = large(balances);
    expect((await found()).map(({ balance }) => balance)).toEqual([100n, 99n, 98n, 97n, 96n]);
    expect(statements).toEqual([]);
    expect(balances.othersAtMost).toBe(69n);
  });

  test('come from the database where somebody who is not in memory may have more', async () => {
    const balances = balancesOf();
    balances.clear();
    // All but two of those in memory sell.
    for (let n = 69; n <= 98; n++) balances.of(account(n)).balance = 1n;
    const { found, statements } = large(balances);
    expect((await found()).map(({ balance }) => balance)).toEqual([100n, 99n, 1n, 1n, 1n]);
    expect(statements).toEqual(['largest-holders']);
  });

  test('come from the database after a start, when no balance is in memory', async () => {
    const { found, statements } = large(new BalanceCache(1, { empty: false }));
    expect((await found()).map(({ balance }) => balance)).toEqual([100n, 99n, 98n, 97n, 96n]);
    expect(statements).toEqual(['largest-holders']);
  });

  test('stay known when balances leave the memory again and again', () => {
    const balances = balancesOf();
    balances.clear();
    balances.of(account(100)).balance = 3n;
    balances.clear();
    // Holder 100 is still the 32nd in memory, with 3 units; 69 had left before.
    expect(balances.othersAtMost).toBe(69n);
    expect(balances.largest(2).map(({ balance }) => balance)).toEqual([99n, 98n]);
  });
});
