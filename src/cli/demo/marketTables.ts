import { formatTable, type TableColumn } from '../../textTable.js';
import { formatCount } from '../output/rate.js';
import { etherColumn, hundredths } from './amounts.js';
import type { DemoNames } from './names.js';
import type { DemoAnswer, DemoModel, DemoSale, DemoToken } from './query.js';

/** What each sale raised, and how much more than it wanted. */
export function salesTable({ sales, tokens }: DemoAnswer, names: DemoNames): string {
  const amount = etherColumn(sales.map(({ raised }) => raised));
  const targetAmount = etherColumn(sales.map(({ target }) => target ?? 0n));
  const unitOf = ({ raiseAsset }: DemoSale) =>
    raiseAsset === null ? 'ETH' : names.address(raiseAsset);
  const columns: readonly TableColumn<DemoSale>[] = [
    { title: 'SALE', cell: ({ address, label }) => label ?? address },
    { title: 'KIND', cell: ({ kind }) => kind.toLowerCase().replace('_', ' ') },
    { title: 'TOKEN', cell: ({ tokenAddress }) => symbolOf(tokens, tokenAddress) },
    { title: 'STATE', cell: ({ state }) => state.toLowerCase() },
    {
      title: 'PARTICIPANTS',
      align: 'right',
      cell: ({ participantCount }) => formatCount(participantCount),
    },
    { title: 'RAISED', align: 'right', cell: (sale) => `${amount(sale.raised)} ${unitOf(sale)}` },
    {
      title: 'TARGET',
      align: 'right',
      cell: (sale) => (sale.target === null ? '–' : `${targetAmount(sale.target)} ${unitOf(sale)}`),
    },
    { title: 'RAISED / TARGET', align: 'right', cell: oversubscription },
  ];
  return formatTable(columns, sales);
}

/** What each model charges, was asked, earned, paid to its token and still owes it. */
export function modelsTable({ models, tokens }: DemoAnswer, names: DemoNames): string {
  const fee = etherColumn(models.map((model) => model.fee));
  const fees = etherColumn(models.map(feesOf));
  const paid = etherColumn(models.map(paidOutOf));
  const accrued = etherColumn(models.map((model) => model.accrued));
  const columns: readonly TableColumn<DemoModel>[] = [
    { title: 'MODEL', cell: ({ modelId }) => names.model(modelId) },
    { title: 'ID', align: 'right', cell: ({ modelId }) => modelId.toString() },
    { title: 'FEE', align: 'right', cell: (model) => fee(model.fee) },
    { title: 'TO', cell: ({ receiver }) => symbolOf(tokens, receiver) },
    { title: 'PART', align: 'right', cell: (model) => `${model.receiverPercentage} %` },
    {
      title: 'REQUESTS',
      align: 'right',
      cell: ({ totals }) => formatCount(totals.reduce((sum, of) => sum + Number(of.requests), 0)),
    },
    { title: 'FEES', align: 'right', cell: (model) => fees(feesOf(model)) },
    { title: 'PAID OUT', align: 'right', cell: (model) => paid(paidOutOf(model)) },
    { title: 'NOT YET CLAIMED', align: 'right', cell: (model) => accrued(model.accrued) },
  ];
  return formatTable(columns, models);
}

/** All models of the demo are paid in ETH: there is one asset to add up. */
function feesOf({ totals }: DemoModel): bigint {
  return totals.reduce((sum, { fees }) => sum + fees, 0n);
}

function paidOutOf({ totals }: DemoModel): bigint {
  return totals.reduce((sum, { paidOut }) => sum + paidOut, 0n);
}

/** Rounded down to hundredths. */
function oversubscription({ raised, target }: DemoSale): string {
  return target === null || target === 0n ? '–' : `${hundredths((raised * 100n) / target)} ×`;
}

function symbolOf(tokens: readonly DemoToken[], address: string): string {
  return tokens.find((token) => token.address === address)?.symbol ?? address;
}
