import { ask, askRows } from '../../answers.js';
import type { Draw } from '../../draw.js';
import { duckRows } from '../../duckRows.js';
import { type FigureSheet, NATIVE } from '../../figures.js';
import { atBlock, ofToken, TOKENS } from '../../subjects.js';
import type { Surface } from '../../surface.js';
import { writeFileOf } from '../exportFiles.js';

const NAMES = ['labelled holders', 'held under a label', 'receipts by label', 'paid by label'];
const HOLDERS = `query ($chainId: SafeInt!, $token: Address!, $at: AtInput, $first: Int, $after: String) {
  rows: holders(chainId: $chainId, token: $token, at: $at, where: { label: { _isNull: false } },
    first: $first, after: $after) { nodes { balance label } pageInfo { hasNextPage endCursor } } }`;
const RECEIPTS = `query ($filter: ReceiptFilter, $where: ReceiptWhere) {
  receiptTotals(filter: $filter, where: $where, groupBy: [PAYER]) { payerLabel count amountWei { sum } } }`;
const NOBODY = 'nobody';

interface Paid {
  readonly label: string | null;
  readonly count: number;
  readonly sum: bigint;
}

function putHolders(sheet: FigureSheet, draw: Draw, balances: readonly (string | bigint)[]): void {
  const of = { ...ofToken(draw, atBlock(draw.until.block)), asset: TOKENS };
  const sum = balances.reduce<bigint>((all, balance) => all + BigInt(balance), 0n);
  sheet.put({ ...of, name: 'labelled holders' }, balances.length);
  sheet.put({ ...of, name: 'held under a label' }, sum);
}

function putPaid(sheet: FigureSheet, draw: Draw, rows: readonly Paid[]): void {
  const { subject, moment } = ofToken(draw, atBlock(draw.until.block));
  const sums = new Map<string, { count: number; sum: bigint }>([[NOBODY, { count: 0, sum: 0n }]]);
  for (const { label, count, sum } of rows) {
    const known = sums.get(label ?? NOBODY) ?? { count: 0, sum: 0n };
    sums.set(label ?? NOBODY, { count: known.count + count, sum: known.sum + sum });
  }
  for (const [label, { count, sum }] of sums) {
    const of = { subject: `payers called ${label} of ${subject}`, moment, asset: NATIVE };
    sheet.put({ ...of, name: 'receipts by label' }, count);
    sheet.put({ ...of, name: 'paid by label' }, sum);
  }
}

/** Who has a name in the config, and what payers of each name paid. */
export const labelSurfaces: readonly Surface[] = [
  {
    surface: 'GraphQL labels',
    names: NAMES,
    async read({ url, chain: { chainId } }, draw, sheet) {
      const { at } = draw.until;
      const token = draw.token.address;
      const variables = { chainId, token, ...(at === null ? {} : { at }) };
      const rows = await askRows<{ balance: string }>(url, HOLDERS, variables);
      putHolders(
        sheet,
        draw,
        rows.map(({ balance }) => balance),
      );
      const { receiptTotals } = await ask<{
        receiptTotals: readonly {
          readonly payerLabel: string | null;
          readonly count: number;
          readonly amountWei: { readonly sum: string };
        }[];
      }>(url, RECEIPTS, { filter: { chainId, token }, where: draw.until.until });
      putPaid(
        sheet,
        draw,
        receiptTotals.map(({ payerLabel: label, count, amountWei }) => {
          return { label, count, sum: BigInt(amountWei.sum) };
        }),
      );
    },
  },
  {
    surface: 'DuckDB over labels',
    names: NAMES,
    async read(world, draw, sheet) {
      const token = draw.token.address;
      const end = draw.until.end ?? undefined;
      const holders = await writeFileOf(world, 'holders', { token, at: end, format: 'parquet' });
      const labelled = await duckRows(
        "SELECT balance FROM read_parquet($file) WHERE label IS NOT NULL AND asset = 'native'",
        { file: holders },
      );
      putHolders(
        sheet,
        draw,
        labelled.map(({ balance }) => balance ?? ''),
      );
      const receipts = await writeFileOf(world, 'receipts', { token, to: end, format: 'parquet' });
      const paid = await duckRows(
        `SELECT payer_label AS label, count(*) AS count, sum(amount::HUGEINT)::VARCHAR AS sum
         FROM read_parquet($file) WHERE asset = 'native' GROUP BY ALL`,
        { file: receipts },
      );
      putPaid(
        sheet,
        draw,
        paid.map(({ label = null, count, sum }) => {
          return { label, count: Number(count), sum: BigInt(sum ?? '') };
        }),
      );
    },
  },
];
