import type { Address } from '../../address.js';
import { type Account, isHeld } from '../../ledger/journal.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import {
  type AccountBalance,
  readAccountBalances,
} from '../../store/read/journal/accountBalances.js';
import { compareValues } from '../../store/read/query/keysetPage.js';
import type { AccountNode } from '../objects/operations/journal.js';
import type { ApiContext } from '../request/context.js';
import { type JournalOwner, journalOwners } from './journalOwners.js';
import { allSales } from './sales.js';

const CLAIMABLE = 'claimable/';

/**
 * Returns every account of a contract that was used by the moment, in every asset.
 *
 * @param splitDust shows the rounding remainder in `claimable/<id>` as `dust/<id>`
 * @throws ImoError `QUERY_TOO_LARGE`
 */
export async function accountsOf(
  context: ApiContext,
  owner: JournalOwner,
  asOf: AsOf,
  splitDust: boolean,
): Promise<AccountNode[]> {
  const { block } = asOf;
  const assets = owner.kind === 'token' ? await context.books.revenueAssets() : [];
  const place = { contract: owner.address, contractKind: owner.kind, asOf };
  const ofToken = assets.filter(({ tokenNumber }) => tokenNumber === owner.number);
  const accounts: AccountNode[] = [];
  for (const { number } of [owner, ...ofToken]) {
    context.budget.spendPage();
    const balances = await readAccountBalances(context.db, { tokenNumber: number, block });
    const shown = splitDust ? await withDust(context, owner, number, balances) : balances;
    context.budget.spendRows(shown.length);
    for (const balance of shown) {
      const held = isHeldOrDust(balance.account);
      accounts.push({ ...balance, ...place, held });
    }
  }
  return accounts;
}

/**
 * Returns money that other contracts hold for a token: the accrued revenue of the models whose
 * receiver it is, and the escrow of its sales.
 *
 * @throws ImoError `QUERY_TOO_LARGE`
 */
export async function accountsBeside(
  context: ApiContext,
  { token, asOf }: { readonly token: Address; readonly asOf: AsOf },
): Promise<AccountNode[]> {
  const wanted = new Map<JournalOwner, ReadonlySet<string>>();
  const sales = await allSales(context);
  for (const owner of await journalOwners(context)) {
    if (owner.chainId !== asOf.chainId || owner.startBlock > asOf.block) continue;
    if (owner.kind === 'oracle') {
      const key = { contractNumber: owner.number, block: asOf.block };
      const models = await context.loaders.models.load(key);
      const own = models.filter(({ state }) => state.terms.receiver === token);
      if (own.length > 0) {
        wanted.set(owner, new Set(own.map(({ modelId }) => `upstream/${modelId}`)));
      }
    }
    const isSaleOfIt = sales.some((sale) => sale.number === owner.number && sale.token === token);
    if (isSaleOfIt) wanted.set(owner, new Set(['escrow']));
  }
  const accounts = await Promise.all(
    [...wanted].map(async ([owner, names]) => {
      const all = await accountsOf(context, owner, asOf, false);
      return all.filter(({ account }) => names.has(account));
    }),
  );
  return accounts.flat().map((account) => ({ ...account, held: false }));
}

async function withDust(
  { loaders, budget }: ApiContext,
  { number: tokenNumber, kind }: JournalOwner,
  bookNumber: number,
  balances: readonly AccountBalance[],
): Promise<AccountBalance[]> {
  const split = await Promise.all(
    balances.map(async (balance) => {
      const { asset, account, volumeInWei, balanceWei } = balance;
      // Revenue that rolled over left its dust in no account.
      if (kind !== 'token' || !account.startsWith(CLAIMABLE) || balanceWei === 0n) {
        return [balance];
      }
      budget.spendPage();
      const id = account.slice(CLAIMABLE.length);
      const dustWei = await loaders.dust.load({ tokenNumber, bookNumber, snapshotId: Number(id) });
      if (dustWei === 0n) return [balance];
      const dust = { volumeInWei: dustWei, volumeOutWei: 0n, balanceWei: dustWei };
      return [
        {
          ...balance,
          volumeInWei: volumeInWei - dustWei,
          balanceWei: balanceWei - dustWei,
        },
        { asset, account: `dust/${id}`, ...dust },
      ];
    }),
  );
  return split.flat().sort((left, right) => {
    return compareValues(left.asset, right.asset) || compareValues(left.account, right.account);
  });
}

function isHeldOrDust(account: string): boolean {
  return account.startsWith('dust/') || isHeld(account as Account);
}
