import { stringify } from 'csv-stringify/sync';
import { checksummed } from '../../../address.js';
import { REVENUE_ACCOUNTS, type RevenueStanding } from '../../../ledger/statement.js';
import { exactAmount } from '../layout/amounts.js';
import { SALE_FIGURES } from '../layout/saleSection.js';
import { THROUGH_FIGURES } from '../layout/throughSection.js';
import { assetName } from '../read/names.js';
import type {
  ChainPeriod,
  RevenueStatement,
  SaleStatement,
  StatedAsset,
  StatedEnd,
  StatedThrough,
  Statement,
  StatementPlace,
  TokenStatement,
  Valued,
} from '../read/statement.js';

/** One line; what is left out is an empty cell. */
interface Line {
  readonly chain_id: number;
  readonly token: string;
  readonly token_symbol?: string;
  /** tokens, revenue, through or sale */
  readonly part: string;
  readonly asset?: string;
  readonly asset_symbol?: string;
  readonly sale?: string;
  /** opening, movement or closing */
  readonly line: string;
  readonly kind?: string;
  readonly time?: string;
  readonly block?: number;
  readonly transaction_hash?: string;
  readonly snapshot_id?: number;
  readonly counterparty?: string;
  readonly counterparty_label?: string | null;
  readonly tokens?: string;
  readonly accruing?: string;
  readonly claimable?: string;
  readonly claimed?: string;
  readonly redeemed?: string;
  readonly expired?: string;
  readonly raise?: string;
  readonly booked_block?: number;
  readonly booked_hash?: string;
  readonly value?: string;
  readonly price?: string;
  readonly price_round?: string;
  readonly no_price?: string;
  readonly account?: string;
  readonly through?: string;
}

const COLUMNS: readonly (keyof Line)[] = [
  'chain_id',
  'token',
  'token_symbol',
  'part',
  'asset',
  'asset_symbol',
  'sale',
  'line',
  'kind',
  'time',
  'block',
  'transaction_hash',
  'snapshot_id',
  'counterparty',
  'counterparty_label',
  'tokens',
  ...REVENUE_ACCOUNTS,
  'raise',
  // Of a closing: the newest block of the period that is kept, which the figures are as of.
  'booked_block',
  'booked_hash',
];
/** Only of statements of several accounts: whose a movement is; empty where it is of several. */
const OWNER_COLUMNS: readonly (keyof Line)[] = ['account'];
/** Only where something is owed through pools: their addresses, the one that holds the token first. */
const THROUGH_COLUMNS: readonly (keyof Line)[] = ['through'];
/** Only of statements with values. */
const WORTH_COLUMNS: readonly (keyof Line)[] = ['value', 'price', 'price_round', 'no_price'];

/**
 * A statement as CSV, one line for each opening, movement and closing: the columns of a part add
 * up. Amounts are exact decimal numbers of whole tokens or coins. With values the last columns tell
 * what each movement was worth, or why that is not known, named by the currency.
 */
export function writeCsv(statement: Statement): string {
  const { accounts, currency, periods, tokens, sales, through, ended } = statement;
  const all = [
    ...tokens.flatMap(tokenLines),
    ...through.map(throughLine),
    ...sales.flatMap(saleLines),
  ];
  const lines = all.map((line) => withMoment(line, ended, periods));
  const columns = COLUMNS.map((key) => ({ key, header: key as string }));
  if (currency !== null) {
    const code = currency.toLowerCase();
    columns.push(...WORTH_COLUMNS.map((key) => ({ key, header: `${key}_${code}` })));
  }
  if (accounts.length > 1) {
    columns.push(...OWNER_COLUMNS.map((key) => ({ key, header: key as string })));
  }
  if (through.length > 0) {
    columns.push(...THROUGH_COLUMNS.map((key) => ({ key, header: key as string })));
  }
  return stringify(lines, { header: true, columns, bom: false });
}

/** A closing has the block that its figures are as of; that of books that end before the period, the block of their end. */
function withMoment(
  line: Line,
  ended: readonly StatedEnd[],
  periods: readonly ChainPeriod[],
): Line {
  if (line.line !== 'closing') return line;
  const booked = periods.find(({ chainId }) => chainId === line.chain_id)?.booked ?? null;
  const moment = booked === null ? {} : { booked_block: booked.block, booked_hash: booked.hash };
  const address = line.part === 'sale' ? line.sale : line.token;
  const end = ended.find(
    (books) => books.chainId === line.chain_id && checksummed(books.address) === address,
  );
  return { ...line, ...moment, ...(end === undefined ? {} : { block: end.lastBlock }) };
}

function tokenLines(statement: TokenStatement): Line[] {
  const { token, opening, movements, closing, revenue } = statement;
  const common = { ...tokenColumns(statement), part: 'tokens' };
  const amount = (value: bigint) => exactAmount(value, token.decimals);
  return [
    { ...common, line: 'opening', tokens: amount(opening) },
    ...movements.map(
      ({ kind, place, account, counterparty, counterpartyLabel, change, ...valued }) => ({
        ...common,
        line: 'movement',
        kind,
        account: checksummed(account),
        ...placeColumns(place),
        counterparty: checksummed(counterparty),
        counterparty_label: counterpartyLabel === null ? null : plainText(counterpartyLabel),
        tokens: amount(change),
        ...worthOfLine(valued),
      }),
    ),
    { ...common, line: 'closing', tokens: amount(closing) },
    ...revenue.flatMap((ofAsset) => revenueLines(statement, ofAsset)),
  ];
}

function revenueLines(
  statement: TokenStatement,
  { asset, opening, movements, closing }: RevenueStatement,
): Line[] {
  const common = {
    ...tokenColumns(statement),
    part: 'revenue',
    ...assetColumns(asset),
  };
  const amounts = (standing: Partial<RevenueStanding>) =>
    Object.fromEntries(
      REVENUE_ACCOUNTS.flatMap((name) => {
        const amount = standing[name];
        return amount === undefined ? [] : [[name, exactAmount(amount, asset.decimals)]];
      }),
    );
  return [
    { ...common, line: 'opening', ...amounts(opening) },
    ...movements.map(({ kind, place, account, snapshotId, changes, value, noPrice }) => ({
      ...common,
      line: 'movement',
      kind,
      ...(account === null ? {} : { account: checksummed(account) }),
      ...(place === null ? {} : placeColumns(place)),
      ...(snapshotId === null ? {} : { snapshot_id: snapshotId }),
      ...amounts(changes),
      ...worthOfLine({ value, noPrice }),
    })),
    { ...common, line: 'closing', ...amounts(closing) },
  ];
}

function throughLine({ token, asset, path, ...owed }: StatedThrough): Line {
  const amounts = THROUGH_FIGURES.map((name) => [name, exactAmount(owed[name], asset.decimals)]);
  return {
    ...tokenColumns({ token }),
    part: 'through',
    ...assetColumns(asset),
    line: 'closing',
    ...Object.fromEntries(amounts),
    through: path.map(({ address }) => checksummed(address)).join('/'),
  };
}

function saleLines(statement: SaleStatement): Line[] {
  const { sale, raise, token, opening, movements, closing, costBasis } = statement;
  const common = {
    chain_id: sale.chainId,
    token: checksummed(sale.token),
    token_symbol: plainText(assetName(token)),
    part: 'sale',
    ...assetColumns(raise),
    sale: checksummed(sale.address),
  };
  const ofRaise = (amount: bigint) => ({ raise: exactAmount(amount, raise.decimals) });
  const ofToken = (amount: bigint) => ({ tokens: exactAmount(amount, token.decimals) });
  const figures = (line: string, participation: typeof opening): Line[] =>
    SALE_FIGURES.map(([name, unit]) => ({
      ...common,
      line,
      kind: name,
      ...(unit === 'raise' ? ofRaise(participation[name]) : ofToken(participation[name])),
    }));
  return [
    ...figures('opening', opening),
    ...movements.map(({ kind, place, account, raiseAmount, tokenAmount, value, noPrice }) => ({
      ...common,
      line: 'movement',
      kind,
      account: checksummed(account),
      ...placeColumns(place),
      ...ofRaise(raiseAmount),
      ...ofToken(tokenAmount),
      ...worthOfLine({ value, noPrice }),
    })),
    ...figures('closing', closing),
    {
      ...common,
      line: 'closing',
      kind: 'cost-basis',
      ...ofRaise(costBasis.paid),
      ...ofToken(costBasis.got),
    },
  ];
}

function assetColumns(asset: StatedAsset) {
  return {
    asset: asset.address === null ? 'native' : checksummed(asset.address),
    asset_symbol: plainText(assetName(asset)),
  };
}

function tokenColumns({ token: { chainId, address, symbol } }: Pick<TokenStatement, 'token'>) {
  return { chain_id: chainId, token: checksummed(address), token_symbol: plainText(symbol ?? '') };
}

function worthOfLine({ value: worth, noPrice }: Valued): Partial<Line> {
  if (noPrice !== null) return { no_price: noPrice.reason };
  if (worth === null) return {};
  const { amount: value, price, roundId } = worth;
  return { value, price, price_round: String(roundId) };
}

function placeColumns({ timestamp, block, transactionHash }: StatementPlace) {
  return {
    time: timestamp.toISOString(),
    block,
    ...(transactionHash === null ? {} : { transaction_hash: transactionHash }),
  };
}

/** Spreadsheets run text that begins like a formula, and anybody can name a token so. */
function plainText(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
