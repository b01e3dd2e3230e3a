import type pg from 'pg';
import type { Chain } from '../../devnet/anvil.js';
import { getBalance } from '../../devnet/chain.js';
import { functions as erc20 } from '../../src/abi/erc20.js';
import { functions } from '../../src/abi/erc7641.js';
import { type Address, addressFromBytes } from '../../src/address.js';
import type { AuditComparison } from '../../src/audit/questions/question.js';
import { isOpen } from '../../src/ledger/apply.js';
import { type Account, isHeld } from '../../src/ledger/journal.js';
import { rulesAt } from '../../src/ledger/terms.js';
import { readDust } from '../../src/store/read/entitlements/dust.js';
import {
  type AccountBalance,
  readAccountBalances,
} from '../../src/store/read/journal/accountBalances.js';
import type { SaleRecord } from '../../src/store/read/sales/sales.js';
import { EMPTY_POOL_VERSION, readPoolVersions } from '../../src/store/read/tokens/poolVersions.js';
import { readRevenueAssets } from '../../src/store/read/tokens/revenueAssets.js';
import type { TokenRecord } from '../../src/store/read/tokens/tokens.js';
import { callViews } from './viewsAt.js';

/** What the journal says the token holds, against what it has. */
export async function compareTrialBalance(
  pool: pg.Pool,
  chain: Chain,
  { number: tokenNumber, address }: TokenRecord,
  block: number,
): Promise<AuditComparison> {
  const accounts = await readAccountBalances(pool, { tokenNumber, block });
  const held = accounts.filter(({ account }) => isHeld(account as Account));
  return comparisonOf(address, block, [
    ['trial balance', sumOf(held), await getBalance(chain, address, block)],
    ['sum of accounts', sumOf(accounts), 0n],
  ]);
}

/** The same in every ERC-20 that the token shares. */
export async function compareAssetBalances(
  pool: pg.Pool,
  chain: Chain,
  { number, address }: TokenRecord,
  block: number,
): Promise<AuditComparison> {
  const figures: [string, bigint, bigint][] = [];
  for (const asset of await readRevenueAssets(pool, [number])) {
    const asOf = { tokenNumber: asset.number, block };
    const [version] = await readPoolVersions(pool, [asOf]);
    // What came before the token accepts the asset is not in the books.
    if (version === EMPTY_POOL_VERSION) continue;
    const accounts = await readAccountBalances(pool, asOf);
    const held = accounts.filter(({ account }) => isHeld(account as Account));
    const has = await heldOf(chain, asset.asset, address, block);
    figures.push([`trial balance in ${asset.asset}`, sumOf(held), has]);
    figures.push([`sum of accounts in ${asset.asset}`, sumOf(accounts), 0n]);
  }
  return comparisonOf(address, block, figures);
}

/** The escrow of a sale, against what its contract has of the raise asset. */
export async function compareEscrow(
  pool: pg.Pool,
  chain: Chain,
  { number: tokenNumber, address, raiseAsset }: SaleRecord,
  block: number,
): Promise<AuditComparison> {
  const accounts = await readAccountBalances(pool, { tokenNumber, block });
  const escrow = accounts.filter(({ account }) => account === 'escrow');
  const has =
    raiseAsset === null
      ? await getBalance(chain, address, block)
      : await heldOf(chain, raiseAsset, address, block);
  return comparisonOf(address, block, [
    ['escrow', sumOf(escrow), has],
    ['sum of accounts', sumOf(accounts), 0n],
  ]);
}

/**
 * What the contract says all holders can claim of each open snapshot and the dust are together
 * what the journal has left of it.
 */
export async function compareDust(
  pool: pg.Pool,
  chain: Chain,
  token: TokenRecord,
  block: number,
): Promise<AuditComparison> {
  const asOf = { tokenNumber: token.number, block };
  const [version] = await readPoolVersions(pool, [asOf]);
  const last = version?.lastSnapshotId ?? 0;
  const ids = Array.from({ length: last }, (_, index) => index + 1).filter((snapshotId) =>
    isOpen(rulesAt(token.rules, block).terms, snapshotId, last),
  );
  const accounts = await readAccountBalances(pool, asOf);
  const dust = await readDust(
    pool,
    ids.map((snapshotId) => ({ tokenNumber: token.number, snapshotId })),
  );
  const { rows } = await pool.query<{ account: Buffer }>(
    'SELECT account FROM holder WHERE token_number = $1',
    [token.number],
  );
  const calls = ids.flatMap((snapshotId) =>
    rows.map(({ account }) => ({
      to: token.address,
      data: functions.claimableRevenue.encode({
        account: addressFromBytes(account),
        snapshotId: BigInt(snapshotId),
      }),
    })),
  );
  const answers = await callViews(chain, block, calls);
  const figures = ids.map((snapshotId, index) => {
    const name = `claimable/${snapshotId}`;
    const left = sumOf(accounts.filter(({ account }) => account === name));
    // Without supply the view divides by zero: nobody can claim anything.
    const claimable = answers
      .slice(index * rows.length, (index + 1) * rows.length)
      .reduce<bigint>((sum, answer) => sum + (answer ?? 0n), 0n);
    const figure = `claimable and dust of snapshot ${snapshotId}`;
    return [figure, left - (dust[index] ?? 0n), claimable] as const;
  });
  return comparisonOf(token.address, block, figures);
}

/** The postings of every entry sum to zero in each asset. */
export async function comparePostings(pool: pg.Pool): Promise<AuditComparison> {
  const { rows } = await pool.query<{ entries: string; unbalanced: string }>(
    `SELECT count(*) AS entries, count(*) FILTER (WHERE sum <> 0) AS unbalanced
     FROM (SELECT sum(amount_wei) FROM posting GROUP BY entry_id, asset) AS entry`,
  );
  const unbalanced = BigInt(rows[0]?.unbalanced ?? 0);
  const { mismatches } = comparisonOf('0x', 0, [['unbalanced entries', unbalanced, 0n]]);
  return { figures: Number(rows[0]?.entries ?? 0), mismatches };
}

function comparisonOf(
  token: Address,
  block: number,
  figures: readonly (readonly [figure: string, ours: bigint, contract: bigint])[],
): AuditComparison {
  const mismatches = figures.flatMap(([figure, ours, contract]) =>
    ours === contract ? [] : [{ figure, token, account: null, block, ours, contract }],
  );
  return { figures: figures.length, mismatches };
}

function sumOf(accounts: readonly AccountBalance[]): bigint {
  return accounts.reduce((sum, { balanceWei }) => sum + balanceWei, 0n);
}

async function heldOf(
  chain: Chain,
  asset: Address,
  account: Address,
  block: number,
): Promise<bigint> {
  const [held] = await callViews(chain, block, [
    { to: asset, data: erc20.balanceOf.encode({ account }) },
  ]);
  if (held == null) throw new Error(`${asset} does not tell the balance of ${account}`);
  return held;
}
