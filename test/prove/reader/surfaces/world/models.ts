import { ask, askRows } from '../../answers.js';
import type { Draw } from '../../draw.js';
import { duckRows } from '../../duckRows.js';
import { type FigureSheet, NATIVE } from '../../figures.js';
import { atBlock } from '../../subjects.js';
import type { Surface } from '../../surface.js';
import { exportedRows, writeFileOf } from '../exportFiles.js';

const OF_REQUESTS = ['requests', 'fees', 'receiver part', 'protocol part'] as const;

const MODELS = `query ($chainId: SafeInt!, $at: AtInput, $first: Int, $after: String) {
  rows: models(filter: { chainId: $chainId }, at: $at, first: $first, after: $after) {
    nodes { modelId oracle { address }
      totals { paymentToken requests fees receiverPart protocolPart paidOut } }
    pageInfo { hasNextPage endCursor } } }`;
const REQUESTS = `query ($chainId: SafeInt!, $where: RequestWhere) {
  requestTotals(filter: { chainId: $chainId }, where: $where, groupBy: [ORACLE, MODEL]) {
    oracle modelId paymentToken count fee { sum } receiverPart { sum } protocolPart { sum } } }`;

interface Of {
  readonly oracle: string;
  readonly model: string;
  readonly asset: string | null;
}

function put(
  sheet: FigureSheet,
  { until }: Draw,
  { oracle, model, asset }: Of,
  values: Readonly<Record<string, string | number>>,
): void {
  const subject = `model ${model} of ${oracle.toLowerCase()}`;
  const of = { subject, moment: atBlock(until.block), asset: (asset ?? NATIVE).toLowerCase() };
  for (const [name, value] of Object.entries(values)) sheet.put({ ...of, name }, value);
}

/** What models of AI oracles brought and were paid until the end of the window. */
export const modelSurfaces: readonly Surface[] = [
  {
    surface: 'GraphQL models',
    names: [...OF_REQUESTS, 'paid out'],
    async read({ url, chain: { chainId } }, draw, sheet) {
      const { at } = draw.until;
      type Totals = Readonly<Record<'paymentToken' | 'requests' | 'fees', string>> &
        Readonly<Record<'receiverPart' | 'protocolPart' | 'paidOut', string>>;
      const rows = await askRows<{
        readonly modelId: string;
        readonly oracle: { readonly address: string };
        readonly totals: readonly Totals[];
      }>(url, MODELS, { chainId, ...(at === null ? {} : { at }) });
      for (const { modelId: model, oracle, totals } of rows) {
        for (const one of totals) {
          put(
            sheet,
            draw,
            { oracle: oracle.address, model, asset: one.paymentToken },
            {
              requests: one.requests,
              fees: one.fees,
              'receiver part': one.receiverPart,
              'protocol part': one.protocolPart,
              'paid out': one.paidOut,
            },
          );
        }
      }
    },
  },
  {
    surface: 'GraphQL request totals',
    names: OF_REQUESTS,
    async read({ url, chain: { chainId } }, draw, sheet) {
      type Sum = { readonly sum: string };
      const { requestTotals } = await ask<{
        requestTotals: readonly {
          readonly oracle: string;
          readonly modelId: string;
          readonly paymentToken: string | null;
          readonly count: number;
          readonly fee: Sum;
          readonly receiverPart: Sum;
          readonly protocolPart: Sum;
        }[];
      }>(url, REQUESTS, { chainId, where: draw.until.until });
      for (const { oracle, modelId: model, paymentToken: asset, ...one } of requestTotals) {
        put(
          sheet,
          draw,
          { oracle, model, asset },
          {
            requests: one.count,
            fees: one.fee.sum,
            'receiver part': one.receiverPart.sum,
            'protocol part': one.protocolPart.sum,
          },
        );
      }
    },
  },
  {
    surface: 'DuckDB over requests',
    names: OF_REQUESTS,
    async read(world, draw, sheet) {
      const options = { to: draw.until.end ?? undefined, format: 'parquet' };
      const file = await writeFileOf(world, 'oracle-requests', options);
      const rows = await duckRows(
        `SELECT oracle, model_id, asset, count(*) AS requests, sum(fee::HUGEINT)::VARCHAR AS fees,
           sum(receiver_part::HUGEINT)::VARCHAR AS receiver, sum(protocol_part::HUGEINT)::VARCHAR AS protocol
         FROM read_parquet($file) GROUP BY ALL`,
        { file },
      );
      for (const row of rows) {
        const of = {
          oracle: row.oracle ?? '',
          model: row.model_id ?? '',
          asset: row.asset ?? null,
        };
        put(sheet, draw, of, {
          requests: row.requests ?? '',
          fees: row.fees ?? '',
          'receiver part': row.receiver ?? '',
          'protocol part': row.protocol ?? '',
        });
      }
    },
  },
  {
    surface: 'model payouts export',
    names: ['paid out'],
    async read(world, draw, sheet) {
      const rows = await exportedRows(world, 'model-payouts', { to: draw.until.end ?? undefined });
      const sums = new Map<string, { of: Of; sum: bigint }>();
      for (const row of rows) {
        const of = {
          oracle: row.oracle ?? '',
          model: row.model_id ?? '',
          asset: row.asset ?? null,
        };
        const key = JSON.stringify(of);
        const sum = (sums.get(key)?.sum ?? 0n) + BigInt(row.amount ?? '');
        sums.set(key, { of, sum });
      }
      for (const { of, sum } of sums.values()) put(sheet, draw, of, { 'paid out': String(sum) });
    },
  },
];
