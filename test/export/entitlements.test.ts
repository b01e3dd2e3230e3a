import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAssetWorld, liveAssets } from '../../devnet/assetLife.js';
import { latestBlock } from '../../devnet/chain.js';
import { createWorld, runOperations } from '../../devnet/randomOperations.js';
import { type Address, addressFromBytes } from '../../src/address.js';
import { readEntitlements } from '../../src/store/read/entitlements/entitlements.js';
import { readRevenueAssets } from '../../src/store/read/tokens/revenueAssets.js';
import { readTokens, type TokenRecord } from '../../src/store/read/tokens/tokens.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { startAnvil } from '../support/nodes/anvil.js';
import { indexTo } from '../support/programs/indexer.js';
import { type ExportedRow, exportRows, exportText } from './support.js';

const SEED = Number(process.env.SEED ?? 7641);

interface Book {
  readonly token: TokenRecord;
  readonly asset: string;
  readonly bookNumber: number;
}

describe(`exports of what holders are owed, seed ${SEED}`, () => {
  let databaseUrl: string;
  let pool: pg.Pool;
  let books: Book[];
  let accounts: Map<number, Address[]>;
  let blocks: number[];

  beforeAll(async () => {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const world = await createWorld(chain, { seed: SEED });
    const assets = await createAssetWorld(chain, { seed: SEED });
    const { number: firstBlock } = await latestBlock(chain);
    await world.blocks.catchUp();
    await runOperations(world, 120);
    await assets.blocks.catchUp();
    await liveAssets(assets, 100);
    databaseUrl = await freshDatabase();
    const tokens = [...world.tokens, ...assets.tokens].map(({ contract }) => contract.address);
    const lastBlock = await indexTo({ chain, databaseUrl, tokens });
    const step = Math.floor((lastBlock - firstBlock) / 5);
    blocks = [0, 1, 2, 3, 4].map((number) => lastBlock - number * step);

    pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    const records = await readTokens(pool);
    const shared = await readRevenueAssets(pool);
    books = records.flatMap((token) => [
      { token, asset: 'native', bookNumber: token.number },
      ...shared
        .filter(({ tokenNumber }) => tokenNumber === token.number)
        .map(({ number, asset }) => ({ token, asset, bookNumber: number })),
    ]);
    const held = await query<{ token_number: number; account: Buffer }>(
      databaseUrl,
      'SELECT token_number, account FROM holder',
    );
    accounts = new Map();
    for (const { token_number: number, account } of held) {
      accounts.set(number, [...(accounts.get(number) ?? []), addressFromBytes(account)]);
    }
  });
  afterAll(() => pool.end());

  const keyOf = (row: ExportedRow) =>
    [row.token, row.asset, row.holder, row.snapshot_id ?? ''].join(' ');

  it('entitlements are those of the ledger for every holder, asset and snapshot', async () => {
    const states = new Set<string>();
    for (const block of blocks) {
      const rows = await exportRows(databaseUrl, 'entitlements', { at: String(block) });
      const exported = new Map(rows.map((row) => [keyOf(row), row]));
      expect(exported.size).toBe(rows.length);
      let expected = 0;
      for (const { token, asset, bookNumber } of books) {
        if (token.startBlock > block) continue;
        const holders = accounts.get(token.number) ?? [];
        const owed = await readEntitlements(
          pool,
          holders.map((account) => ({ token, account, block, bookNumber })),
        );
        for (const [index, { snapshots }] of owed.entries()) {
          for (const snapshot of snapshots) {
            const { snapshotId, balanceAt, shareWei, claimableWei, claimedWei, state } = snapshot;
            const key = [token.address, asset, holders[index], snapshotId].join(' ');
            const row = exported.get(key);
            if (balanceAt === 0n) {
              expect(row).toBeUndefined();
              expect([shareWei, claimableWei, claimedWei]).toEqual([0n, 0n, 0n]);
              continue;
            }
            expected += 1;
            states.add(state);
            expect(row).toMatchObject({
              balance_at: String(balanceAt),
              balance_at_f64: Number(balanceAt),
              share: String(shareWei),
              claimable: String(claimableWei),
              claimed: String(claimedWei),
              expired: String(state === 'EXPIRED' ? shareWei : 0n),
              state,
            });
          }
        }
      }
      expect(rows.length).toBe(expected);
    }
    expect([...states].sort()).toEqual(['CLAIMED', 'EXPIRED', 'NOTHING', 'OPEN']);
  });

  it('holders have the totals of the ledger, in every asset', async () => {
    for (const block of blocks) {
      const rows = await exportRows(databaseUrl, 'holders', { at: String(block) });
      const exported = new Map(rows.map((row) => [keyOf(row), row]));
      let expected = 0;
      for (const { token, asset, bookNumber } of books) {
        if (token.startBlock > block) continue;
        const holders = accounts.get(token.number) ?? [];
        const owed = await readEntitlements(
          pool,
          holders.map((account) => ({ token, account, block, bookNumber })),
        );
        for (const [index, entitlement] of owed.entries()) {
          const row = exported.get([token.address, asset, holders[index], ''].join(' '));
          if (row === undefined) {
            // Nobody who had the token by then is left out.
            expect(entitlement).toMatchObject({ balance: 0n, claimedWei: 0n, redeemedWei: 0n });
            continue;
          }
          expected += 1;
          expect(row).toMatchObject({
            balance: String(entitlement.balance),
            claimable: String(entitlement.totalClaimableWei),
            claimed: String(entitlement.claimedWei),
            redeemed: String(entitlement.redeemedWei),
            expired: String(entitlement.expiredWei),
            redeemable: String(entitlement.redeemableWei),
            redeemable_f64: Number(entitlement.redeemableWei),
            accruing: String(entitlement.accruingWei),
          });
        }
      }
      expect(rows.length).toBe(expected);
    }
  });

  it('one snapshot, one holder and one token are parts of the whole', async () => {
    const all = await exportRows(databaseUrl, 'entitlements');
    const { token, holder, snapshot_id: snapshot } = all.at(-1) ?? {};
    const texts = { token: String(token).toUpperCase().replace('0X', '0x'), holder };
    expect(await exportRows(databaseUrl, 'entitlements', texts)).toEqual(
      all.filter((row) => row.token === token && row.holder === holder),
    );
    expect(
      await exportRows(databaseUrl, 'entitlements', { token, snapshot: String(snapshot) }),
    ).toEqual(all.filter((row) => row.token === token && row.snapshot_id === snapshot));
  });

  it.each(['entitlements', 'holders', 'transfers', 'receipts', 'claims', 'redemptions', 'journal'])(
    '%s continues after any row',
    async (dataset) => {
      const { manifest } = await exportText(databaseUrl, dataset);
      const all = await exportRows(databaseUrl, dataset);
      expect(all.length).toBeGreaterThan(10);
      const resume = manifest.resume ?? '';
      for (const length of [1, Math.floor(all.length / 2), all.length - 1, all.length]) {
        const cursor = all[length - 1]?.row_id;
        expect(await exportRows(databaseUrl, dataset, { cursor, resume })).toEqual(
          all.slice(length),
        );
      }
    },
  );
});
