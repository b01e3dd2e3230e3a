import type { Address } from '../../../address.js';
import { momentInBooks } from '../../../books/archiveMark.js';
import { personOf } from '../../../books/person.js';
import { personCostBasis, sumOfEntitlements } from '../../../ledger/persons/person.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import { readParticipations } from '../../../store/read/sales/participations.js';
import { assetsOf } from '../../lists/assetList.js';
import type { AtInput } from '../../lists/engine/inputs.js';
import { type SaleMoment, salesOf } from '../../lists/sales.js';
import type { ApiContext } from '../../request/context.js';
import { costPlace, participationNode } from '../sales/participation.js';
import type {
  PersonEntitlementNode,
  PersonNode,
  PersonParticipationNode,
  PersonPositionNode,
} from './person.js';

/** Whose figures, of which chains, and when. */
export interface PersonRequest {
  readonly holders: readonly Address[];
  readonly chainId?: number | null;
  readonly at?: AtInput | null;
}

/**
 * Several accounts as one, across tokens and chains.
 *
 * @throws ImoError `BAD_PERSON`, `NOTHING_INDEXED`, `UNKNOWN_CHAIN`, `BAD_AT`, `BLOCK_NOT_INDEXED`,
 *   `BEFORE_START` or `QUERY_TOO_LARGE`
 */
export async function readPerson(
  context: ApiContext,
  { holders: given, chainId, at }: PersonRequest,
): Promise<PersonNode> {
  const { books, joined, budget } = context;
  const holders = personOf(given);
  await books.assertIndexed();
  const moments = await books.asOfChains(chainId, at);
  const tokens = (await books.tokensOf(moments, null)).flatMap((token) => {
    const moment = moments.get(token.chainId);
    return moment === undefined ? [] : [{ token, asOf: momentInBooks(token, moment) }];
  });
  const keys = tokens.flatMap(({ token, asOf }) =>
    holders.map((account) => ({ account, tokenNumber: token.number, block: asOf.block })),
  );
  const balances = await joined.balances(keys);
  const positions = tokens
    .map(({ token, asOf }, index): PersonPositionNode => {
      const accounts = holders.flatMap((account, own) => {
        const balance = balances[index * holders.length + own] ?? null;
        return balance === null ? [] : [{ account, balance }];
      });
      return {
        tokenRecord: token,
        asOf,
        accounts: accounts.map(({ account }) => account),
        balance: accounts.reduce((sum, { balance }) => sum + balance, 0n),
      };
    })
    .filter(({ accounts }) => accounts.length > 0)
    .sort((one, other) => one.tokenRecord.number - other.tokenRecord.number);
  budget.spendRows(positions.reduce((sum, { accounts }) => sum + accounts.length, 0));
  return { holders, positions, moments };
}

/** What the accounts are owed of one token, in every asset that it shares: ETH first. */
export async function entitlementsOf(
  context: ApiContext,
  { tokenRecord: token, accounts, asOf }: PersonPositionNode,
): Promise<PersonEntitlementNode[]> {
  const shared = await assetsOf(token, asOf, context);
  const books = [
    { asset: 'native', bookNumber: undefined },
    ...shared.map(({ address, bookNumber }) => ({ asset: address as string, bookNumber })),
  ];
  context.budget.spendRows(books.length * accounts.length);
  return Promise.all(
    books.map(async ({ asset, bookNumber }) => {
      const entitlements = await Promise.all(
        accounts.map((account) =>
          context.loaders.entitlement.load({ token, account, block: asOf.block, bookNumber }),
        ),
      );
      return { asOf, asset, ...sumOfEntitlements(entitlements) };
    }),
  );
}

/** What the accounts did in every sale that one of them took part in. */
export async function participationsOf(
  context: ApiContext,
  { holders, moments }: PersonNode,
): Promise<PersonParticipationNode[]> {
  const sales = await salesOf(context, moments, null);
  const parts = await Promise.all(sales.map((sale) => participationIn(context, holders, sale)));
  return parts.flatMap((part) => part ?? []);
}

async function participationIn(
  { db, loaders, budget }: ApiContext,
  holders: readonly Address[],
  { sale, asOf }: SaleMoment,
): Promise<PersonParticipationNode | null> {
  const key = { saleNumber: sale.number, block: asOf.block };
  const records = await readParticipations(db, key, holders);
  if (records.length === 0) return null;
  budget.spendRows(records.length);
  const version = await loaders.saleVersion.load(key);
  const nodes = records.map((record) => participationNode(sale, asOf, record, version));
  const sum = (figure: Figure) => nodes.reduce((all, node) => all + node[figure], 0n);
  const parts = records.map(({ participation }) => participation);
  return {
    saleRecord: sale,
    asOf,
    deposited: sum('deposited'),
    allocated: sum('allocated'),
    claimed: sum('claimed'),
    claimable: sum('claimable'),
    refunded: sum('refunded'),
    refundable: sum('refundable'),
    sold: sum('sold'),
    proceeds: sum('proceeds'),
    costBasis: {
      ...personCostBasis(sale.terms, version.state, parts),
      ...costPlace(sale, asOf),
    },
  };
}

type Figure =
  | 'deposited'
  | 'allocated'
  | 'claimed'
  | 'claimable'
  | 'refunded'
  | 'refundable'
  | 'sold'
  | 'proceeds';

/** The moments of a person, as an answer lists them. */
export function momentsOf({ moments }: PersonNode): AsOf[] {
  return [...moments.values()];
}
