import type { Address } from '../../address.js';
import { LAST_NUMBER } from '../../store/ids.js';
import {
  integerColumn,
  ownerColumn,
  type Where,
  type WhereColumns,
  whereConditions,
} from '../../store/read/query/where.js';
import {
  countParticipations,
  PARTICIPATION_COLUMNS,
  type ParticipationKey,
  type ParticipationQuery,
  type ParticipationValues,
  participationKey,
  readParticipationPage,
} from '../../store/read/sales/participationPage.js';
import { type ParticipationRecord } from '../../store/read/sales/participations.js';
import type { SaleVersion } from '../../store/read/sales/saleVersions.js';
import { type ParticipationNode, participationNode } from '../objects/sales/participation.js';
import type { ApiContext } from '../request/context.js';
import type { OrderDirection } from '../values/enums.js';
import type { ParticipationOrderBy } from '../values/saleEnums.js';
import { type Connection, connection } from './engine/connection.js';
import type { CursorCodec } from './engine/cursor.js';
import type { PageArgs } from './engine/inputs.js';
import { pageRequest } from './engine/pagination.js';
import { assertBounded } from './engine/whereBounds.js';
import { conjuncts, equalValues } from './engine/whereScope.js';
import type { ParticipationFields } from './inputs/listFields.js';
import type { SaleMoment } from './sales.js';

/** The arguments of a list of participations. */
export interface ParticipationListArgs extends PageArgs {
  readonly where?: Where<ParticipationFields> | null;
  readonly orderBy: ParticipationOrderBy;
  readonly direction: OrderDirection;
}

/** Participations by a figure, if any, then by sale and account. */
function participationCursor(orderBy: string): CursorCodec<ParticipationKey> {
  return {
    list: `participations:${orderBy}`,
    encode: ({ value, saleNumber, participant }) => [value.toString(), saleNumber, participant],
    decode([value = '', number = '', participant = '']) {
      if (!/^\d{1,78}$/.test(value) || !/^\d{1,10}$/.test(number) || Number(number) > LAST_NUMBER)
        return null;
      if (!/^0x[0-9a-f]{40}$/.test(participant)) return null;
      const saleNumber = Number(number);
      return { value: BigInt(value), saleNumber, participant: participant as Address };
    },
  };
}

interface Row extends ParticipationRecord {
  readonly moment: SaleMoment;
  readonly version: SaleVersion;
}

/**
 * A page of the participations of some sales, or of one account in them.
 *
 * @throws ImoError `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function participationList(
  { db, loaders, budget }: ApiContext,
  moments: readonly SaleMoment[],
  participant: Address | null,
  args: ParticipationListArgs,
): Promise<Connection<ParticipationNode>> {
  const { where, orderBy, direction } = args;
  assertBounded(where);
  const codec = participationCursor(orderBy);
  const request = pageRequest(args, codec);
  budget.spendPage();
  const sales = moments.map(({ sale, asOf }) => ({ saleNumber: sale.number, block: asOf.block }));
  const named = equalValues(conjuncts<ParticipationFields>(where), ['participant']);
  const columns = { ...PARTICIPATION_COLUMNS, ...saleColumns(moments) };
  const query: ParticipationQuery = {
    sales,
    participant: participant ?? named.participant ?? null,
    where: (parameters) => whereConditions(where, columns, parameters),
    orderBy,
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
    keyOf: (row) => participationKey(row, orderBy),
    toNode: ({ moment, version, ...row }) =>
      participationNode(moment.sale, moment.asOf, row, version),
    count: () => countParticipations(db, query),
  });
}

function saleColumns(
  moments: readonly SaleMoment[],
): WhereColumns<Omit<ParticipationFields, keyof ParticipationValues>> {
  const numbersOf = (isWanted: (sale: SaleMoment['sale']) => boolean) =>
    moments.filter(({ sale }) => isWanted(sale)).map(({ sale }) => sale.number);
  const column = 'p.sale_number';
  return {
    chainId: integerColumn('(SELECT chain_id FROM sale WHERE number = p.sale_number)'),
    sale: ownerColumn(column, (wanted) => numbersOf(({ address }) => address === wanted)),
    token: ownerColumn(column, (wanted) => numbersOf(({ token }) => token === wanted)),
    saleKind: ownerColumn(column, (wanted) => numbersOf(({ kind }) => kind === wanted)),
  };
}
