import type { Address } from '../../address.js';
import { SALE_ENTRY } from '../../model/tables/saleEntry.js';
import type { AccountQuery } from '../../store/read/query/accountPage.js';
import { ownerColumn, type WhereColumn } from '../../store/read/query/where.js';
import {
  countParticipations,
  readParticipationPage,
} from '../../store/read/sales/participationPage.js';
import { type ParticipationRecord } from '../../store/read/sales/participations.js';
import type { SaleVersion } from '../../store/read/sales/saleVersions.js';
import { AsOfType } from '../objects/chains/asOf.js';
import {
  CostBasisType,
  type ParticipationNode,
  participationNode,
} from '../objects/sales/participation.js';
import type { ApiContext } from '../request/context.js';
import { type Connection, connection } from './engine/connection.js';
import { accountCursor } from './engine/cursor.js';
import { defineStoredList, type StoredListArgs } from './engine/defineStoredList.js';
import { field, only, shown, type ValuesOf } from './engine/field.js';
import { ADDRESS, AMOUNT, BLOCK, SALE_KIND } from './engine/fieldKinds.js';
import { assertKnownOwners } from './engine/knownOwners.js';
import { ownerLabel } from './engine/labels.js';
import { CHAIN_FILTER } from './engine/operationFields.js';
import { pageRequest } from './engine/pagination.js';
import { placed } from './engine/storedColumn.js';
import { assertBounded } from './engine/whereBounds.js';
import { conjuncts, equalValues } from './engine/whereScope.js';
import { allSales, type SaleMoment } from './sales.js';

const columns = placed(SALE_ENTRY, 'p');

const { chainId, ...FIGURES } = {
  chainId: field(
    BLOCK,
    'EIP-155 chain id.',
    '(SELECT chain_id FROM sale WHERE number = p.sale_number)',
  ),
  participant: field(
    ADDRESS,
    'The account, even if another account acted for it.',
    columns.participant,
  ),
  deposited: field(AMOUNT, 'Paid in by deposits and purchases, raise units.', columns.deposited),
  allocated: field(
    AMOUNT,
    'Token units that it bought or was allocated, claimed or not; 0 while a launchpad is open.',
  ),
  claimed: field(AMOUNT, 'Token units paid out to it.', columns.claimed),
  claimable: field(AMOUNT, 'Token units that it can still claim.'),
  refunded: field(AMOUNT, 'Paid back to it as refunds, raise units.', columns.refunded),
  refundable: field(AMOUNT, 'What it can still take back, raise units.'),
  sold: field(AMOUNT, 'Token units that it sold back to the sale.', columns.sold),
  proceeds: field(AMOUNT, 'What it was paid for those, raise units.', columns.proceeds),
};

const FIELDS = { chainId, ...FIGURES };

/** What accounts did in sales. */
export const PARTICIPATION_LIST = defineStoredList({
  name: 'Participation',
  rows: 'participations',
  type: {
    text: 'What one account did in a sale, and what it gets from it.',
    shows: {
      ...FIGURES,
      costBasis: shown(CostBasisType, 'What it finally paid for what it finally got.'),
      asOf: shown(AsOfType, 'The block that these figures hold for.'),
    },
  },
  owner: {
    sale: { kind: ADDRESS, text: 'The sale.' },
    token: { kind: ADDRESS, text: 'The token sold.' },
    saleKind: { kind: SALE_KIND, text: 'What the sale works like.' },
    saleLabel: ownerLabel<SaleMoment['sale']>('sale'),
  },
  fields: FIELDS,
  labelled: {
    fields: ['participant'],
    chain: '(SELECT chain_id FROM sale WHERE number = p.sale_number)',
    chainOf: ({ asOf }: ParticipationNode) => asOf.chainId,
  },
  orders: {
    SALE: { text: 'Sale and address.', by: null },
    DEPOSITED: { text: 'What was paid in.', by: 'deposited' },
  },
  filter: {
    ...CHAIN_FILTER,
    token: 'Only sales of this token.',
    kind: only(SALE_KIND, 'Only in sales of this kind.'),
    sale: 'Only in the sale at this address.',
    participant: 'Only of this account.',
  },
  args: ['filter', 'where', 'orderBy', 'direction', 'at'],
});

/** The arguments of a list of participations. */
export type ParticipationListArgs = StoredListArgs<'SALE' | 'DEPOSITED'>;

/** Those of the list of all sales. */
export interface ParticipationsArgs extends ParticipationListArgs {
  readonly filter?: {
    readonly chainId?: number | null;
    readonly token?: Address | null;
    readonly kind?: string | null;
    readonly sale?: Address | null;
    readonly participant?: Address | null;
  } | null;
}

/** Those of the list of one sale. */
export const ParticipantsArgs = PARTICIPATION_LIST.argsWith(['where', 'orderBy', 'direction']);

interface Row extends ParticipationRecord {
  readonly moment: SaleMoment;
  readonly version: SaleVersion;
}

const OF_SALE = {
  sale: ({ address }: SaleMoment['sale']) => address,
  token: ({ token }: SaleMoment['sale']) => token,
};

/**
 * A page of the participations of some sales, or of one account in them.
 *
 * @throws ImoError `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function participationList(
  context: ApiContext,
  moments: readonly SaleMoment[],
  participant: Address | null,
  args: ParticipationListArgs,
): Promise<Connection<ParticipationNode>> {
  const { db, loaders, budget } = context;
  const { where, orderBy, direction } = args;
  assertBounded(where);
  await assertKnownOwners(context, where, OF_SALE, () => allSales(context));
  const codec = accountCursor(`participations:${orderBy}`);
  const request = pageRequest(args, codec);
  budget.spendPage();
  const isByFigure = orderBy === 'DEPOSITED';
  const named = equalValues(conjuncts<ValuesOf<typeof FIELDS>>(where), ['participant']);
  const query: AccountQuery = {
    owners: moments.map(({ sale: { number }, asOf: { block } }) => ({ number, block })),
    account: participant ?? named.participant ?? null,
    where: PARTICIPATION_LIST.conditions(where, saleColumns(moments)),
    isByFigure,
    direction,
  };
  const page = await readParticipationPage(db, query, request);
  const byNumber = new Map(moments.map((moment) => [moment.sale.number, moment]));
  const rows = await Promise.all(
    page.rows.map(async (row): Promise<Row> => {
      const moment = byNumber.get(row.saleNumber);
      if (moment === undefined) throw new RangeError(`a row of sale ${row.saleNumber}, unasked`);
      const { saleNumber } = row;
      const version = await loaders.saleVersion.load({ saleNumber, block: moment.asOf.block });
      return { ...row, moment, version };
    }),
  );
  return connection({
    page: { ...page, rows },
    codec,
    asOf: [...new Set(moments.map(({ asOf }) => asOf))],
    keyOf: ({ saleNumber, participant: account, participation }) => ({
      value: isByFigure ? participation.deposited : 0n,
      number: saleNumber,
      account,
    }),
    toNode: ({ moment, version, ...row }) =>
      participationNode(moment.sale, moment.asOf, row, version),
    count: () => countParticipations(db, query),
  });
}

function saleColumns(
  moments: readonly SaleMoment[],
): Readonly<Record<'sale' | 'token' | 'saleKind' | 'saleLabel', WhereColumn<string>>> {
  const numbersOf = (isWanted: (sale: SaleMoment['sale']) => boolean) =>
    moments.filter(({ sale }) => isWanted(sale)).map(({ sale }) => sale.number);
  const column = 'p.sale_number';
  return {
    sale: ownerColumn(column, (wanted) => numbersOf(({ address }) => address === wanted)),
    token: ownerColumn(column, (wanted) => numbersOf(({ token }) => token === wanted)),
    saleKind: ownerColumn(column, (wanted) => numbersOf(({ kind }) => kind === wanted)),
    saleLabel: ownerColumn(column, (wanted) => numbersOf(({ label }) => label === wanted)),
  };
}
