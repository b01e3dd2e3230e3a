import type { Address } from '../address.js';
import {
  countParticipations,
  type ParticipationKey,
  type ParticipationRecord,
  readParticipationPage,
} from '../store/read/participations.js';
import type { SaleVersion } from '../store/read/saleVersions.js';
import { type Connection, connection } from './connection.js';
import type { ApiContext } from './context.js';
import type { CursorCodec } from './cursor.js';
import type { PageArgs } from './inputs.js';
import { pageRequest } from './pagination.js';
import type { SaleMoment } from './saleList.js';
import { type ParticipationNode, participationNode } from './types/participation.js';

/** Participations by sale, then by account. */
const PARTICIPATION_CURSOR: CursorCodec<ParticipationKey> = {
  list: 'participations',
  encode: ({ saleNumber, participant }) => [saleNumber, participant],
  decode([number = '', participant = '']) {
    if (!/^\d{1,9}$/.test(number) || !/^0x[0-9a-f]{40}$/.test(participant)) return null;
    return { saleNumber: Number(number), participant: participant as Address };
  },
};

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
  args: PageArgs,
): Promise<Connection<ParticipationNode>> {
  const request = pageRequest(args, PARTICIPATION_CURSOR);
  budget.spendPage();
  const sales = moments.map(({ sale, asOf }) => ({ saleNumber: sale.number, block: asOf.block }));
  const query = { sales, participant };
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
    codec: PARTICIPATION_CURSOR,
    asOf: [...new Set(moments.map(({ asOf }) => asOf))],
    keyOf: ({ saleNumber, participant: account }) => ({ saleNumber, participant: account }),
    toNode: ({ moment, version, ...row }) =>
      participationNode(moment.sale, moment.asOf, row, version),
    count: () => countParticipations(db, query),
  });
}
