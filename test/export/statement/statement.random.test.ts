import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chain } from '../../../devnet/anvil.js';
import { type AssetWorld, createAssetWorld, liveAssets } from '../../../devnet/assetLife.js';
import { createWorld, runOperations } from '../../../devnet/randomOperations.js';
import { functions } from '../../../src/abi/erc7641.js';
import type { Address } from '../../../src/address.js';
import { readStatement } from '../../../src/export/statement/read/readStatement.js';
import type { RevenueStatement, Statement } from '../../../src/export/statement/read/statement.js';
import { NO_STANDING } from '../../../src/ledger/statement.js';
import { callViews } from '../../prove/viewsAt.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { indexTo } from '../../support/programs/indexer.js';

const SEED = Number(process.env.SEED ?? 7641);
const OPERATIONS = Number(process.env.OPS ?? 400);
const RUNS = 16;

/** A chain that has lived, its holders, and the books of it. */
interface Lived {
  readonly chain: Chain;
  readonly holders: readonly Address[];
  /** Those in which something happened; between them lie long stretches of nothing. */
  readonly blocks: readonly number[];
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
}

const lived: Lived[] = [];

async function index(
  chain: Chain,
  tokens: readonly string[],
  holders: readonly { address: string }[],
): Promise<void> {
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens });
  const rows = await query<{ number: number }>(
    databaseUrl,
    'SELECT number FROM block ORDER BY number',
  );
  const blocks = rows.map(({ number }) => number);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const addresses = holders.map(({ address }) => address.toLowerCase() as Address);
  lived.push({ chain, holders: addresses, blocks, databaseUrl, pool });
}

beforeAll(async () => {
  const chain = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: 12_000 });
  const world = await createWorld(chain, { seed: SEED });
  await runOperations(world, OPERATIONS);
  const addresses = world.tokens.map(({ contract }) => contract.address);
  await index(chain, addresses, world.holders);

  const other = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: 2_000 });
  const assets: AssetWorld = await createAssetWorld(other, { seed: SEED });
  await liveAssets(assets, OPERATIONS / 2);
  const sharing = assets.tokens.map(({ contract }) => contract.address);
  await index(other, sharing, assets.holders);
});
afterAll(() => Promise.all(lived.map(({ pool }) => pool.end())));

/** Balance, and claimable in every asset, by the contract's own views at the end of a block. */
async function viewed(
  chain: Chain,
  account: Address,
  { token, revenue }: Statement['tokens'][number],
  block: number,
): Promise<{ balance: bigint; claimable: bigint[] }> {
  if (block < token.startBlock) return { balance: 0n, claimable: revenue.map(() => 0n) };
  const to = token.address;
  const lastId = 60;
  const ids = Array.from({ length: lastId }, (_, index) => BigInt(index + 1));
  const view = ({ asset }: RevenueStatement, snapshotId: bigint) =>
    asset.address === null
      ? functions.claimableRevenue.encode({ account, snapshotId })
      : functions.claimableERC20.encode({ account, snapshotId, token: asset.address });
  const [balance, ...claimable] = await callViews(chain, block, [
    { to, data: functions.balanceOf.encode({ account }) },
    ...revenue.flatMap((ofAsset) => ids.map((id) => ({ to, data: view(ofAsset, id) }))),
  ]);
  return {
    balance: balance ?? 0n,
    claimable: revenue.map((_, index) =>
      // What reverts cannot be claimed.
      claimable
        .slice(index * lastId, (index + 1) * lastId)
        .reduce<bigint>((sum, amount) => sum + (amount ?? 0n), 0n),
    ),
  };
}

/** What an account was paid by claims in the books of a number, in the blocks of a period. */
async function claimedBetween(
  { databaseUrl }: Lived,
  account: Address,
  tokenNumber: number,
  from: number,
  to: number,
): Promise<bigint> {
  const [row] = await query<{ sum: string }>(
    databaseUrl,
    `SELECT coalesce(sum(amount_wei), 0)::text AS sum FROM claim
     WHERE token_number = $1 AND holder = $2 AND block_number > $3 AND block_number <= $4`,
    [tokenNumber, Buffer.from(account.slice(2), 'hex'), from, to],
  );
  return BigInt(row?.sum ?? -1);
}

describe(`statements of random accounts over random periods, seed ${SEED}`, () => {
  it.each([
    ['tokens of every policy', 0],
    ['tokens that share ERC-20 assets', 1],
  ])('open and close as the contracts say, and add up: %s', async (_, which) => {
    const world = lived[which];
    if (world === undefined) throw new Error('nothing lived');
    const { chain, holders, blocks, pool } = world;
    let movements = 0;
    let expiries = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...holders),
        fc.constantFrom(...blocks),
        fc.constantFrom(...blocks),
        async (account, one, two) => {
          const [opening, closing] = one < two ? [one, two] : [two, one];
          const statement = await readStatement(pool, {
            accounts: [account],
            tokens: [],
            chainId: null,
            from: { block: opening },
            to: { block: closing },
          });
          for (const ofToken of statement.tokens) {
            const before = await viewed(chain, account, ofToken, opening);
            const after = await viewed(chain, account, ofToken, closing);
            expect([ofToken.opening, ofToken.closing]).toEqual([before.balance, after.balance]);
            const moved = ofToken.movements.reduce((sum, { change }) => sum + change, 0n);
            expect(ofToken.opening + moved).toBe(ofToken.closing);
            movements += ofToken.movements.length;
            for (const [index, revenue] of ofToken.revenue.entries()) {
              expect([revenue.opening.claimable, revenue.closing.claimable]).toEqual([
                before.claimable[index],
                after.claimable[index],
              ]);
              for (const name of Object.keys(NO_STANDING) as (keyof typeof NO_STANDING)[]) {
                const sum = revenue.movements.reduce(
                  (total, { changes }) => total + (changes[name] ?? 0n),
                  revenue.opening[name],
                );
                expect([name, sum]).toEqual([name, revenue.closing[name]]);
              }
              movements += revenue.movements.length;
              expiries += revenue.movements.filter(({ kind }) => kind === 'expiry').length;
            }
            const [native] = ofToken.revenue;
            expect((native?.closing.claimed ?? 0n) - (native?.opening.claimed ?? 0n)).toBe(
              await claimedBetween(world, account, ofToken.token.number, opening, closing),
            );
          }
        },
      ),
      { numRuns: RUNS, seed: SEED },
    );
    expect(movements).toBeGreaterThan(10 * RUNS);
    expect(expiries).toBeGreaterThan(RUNS / 4);
  });

  it.each([
    ['tokens of every policy', 0],
    ['tokens that share ERC-20 assets', 1],
  ])(
    'of several accounts are the sum of what each contract returns for each account: %s',
    async (_, which) => {
      const world = lived[which];
      if (world === undefined) throw new Error('nothing lived');
      const { chain, holders, blocks, pool } = world;
      const closing = blocks.at(-1) ?? 0;
      const accounts = holders.slice(0, 3);
      const whole = { tokens: [], chainId: null, from: null, to: null };
      const person = await readStatement(pool, { ...whole, accounts });
      let kept = 0;
      for (const ofToken of person.tokens) {
        const views = await Promise.all(
          accounts.map((account) => viewed(chain, account, ofToken, closing)),
        );
        const sum = (amounts: readonly bigint[]) => amounts.reduce((all, one) => all + one, 0n);
        expect(ofToken.closing).toBe(sum(views.map(({ balance }) => balance)));
        expect(ofToken.revenue.map((ofAsset) => ofAsset.closing.claimable)).toEqual(
          ofToken.revenue.map((_, index) =>
            sum(views.map(({ claimable }) => claimable[index] ?? 0n)),
          ),
        );
        kept += ofToken.movements.filter(
          ({ kind, account, counterparty }) => kind === 'kept' && account !== counterparty,
        ).length;
      }
      expect(kept).toBeGreaterThan(0);
    },
  );
});
