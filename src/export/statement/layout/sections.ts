import { checksummed, ZERO_ADDRESS } from '../../../address.js';
import { REVENUE_ACCOUNTS, type RevenueMovement } from '../../../ledger/statement.js';
import { assetName, tokenSymbol, utcTimeText } from '../read/names.js';
import type {
  RevenueStatement,
  Statement,
  StatementPlace,
  TokenMovement,
  TokenStatement,
} from '../read/statement.js';
import { worthCells, worthColumns } from '../read/worth.js';
import { revenueWorth, tokenWorth, worthNotes } from '../read/worthSums.js';
import { accountCells, accountColumns, type StatementOwners } from './accountColumns.js';
import { mixedAmountColumn, signed, statementAmountColumn } from './amounts.js';
import type { StatementColumn, StatementRow, StatementSection } from './document.js';

/** Of a label in a table: the addresses next to it need the room. */
const LABEL_LETTERS = 24;

const left = (title: string): StatementColumn => ({ title, align: 'left' });
const right = (title: string): StatementColumn => ({ title, align: 'right' });

/** Columns that every list of movements begins with. */
export const PLACE_COLUMNS = [left('TIME (UTC)'), right('BLOCK'), left('WHAT')];

export function placeCells(place: StatementPlace | null, what: string): string[] {
  return [utcTimeText(place?.timestamp ?? null), place === null ? '' : String(place.block), what];
}

/** What all tables of a statement have in common. */
export type Shown = StatementOwners & Pick<Statement, 'currency'>;

interface Position {
  readonly symbol: string;
  readonly figure: string;
  readonly opening: bigint;
  readonly closing: bigint;
  readonly decimals: number | null;
}

function positionsOf({ token, opening, closing, revenue }: TokenStatement): Position[] {
  const symbol = tokenSymbol(token);
  return [
    { symbol, figure: 'balance', opening, closing, decimals: token.decimals },
    ...revenue.flatMap(({ asset, opening: before, closing: after }) =>
      REVENUE_ACCOUNTS.filter((name) => before[name] !== 0n || after[name] !== 0n).map((name) => ({
        symbol,
        figure: `${name}, ${assetName(asset)}`,
        opening: before[name],
        closing: after[name],
        decimals: asset.decimals,
      })),
    ),
  ];
}

/** What there was before and after, in short. */
export function positionsSection({ tokens }: Statement): StatementSection {
  const positions = tokens.flatMap(positionsOf);
  const amounts = positions.map(({ opening, closing, decimals }) => {
    return [opening, closing - opening, closing].map((amount) => ({ amount, decimals }));
  });
  const write = mixedAmountColumn(amounts.flat());
  const rows = positions.map(({ symbol, figure }, index): StatementRow => {
    const [opening = '', change = '', closing = ''] = (amounts[index] ?? []).map(write);
    return { isTotal: false, cells: [symbol, figure, opening, signed(change), closing] };
  });
  return {
    title: 'Positions',
    subtitle: '',
    columns: [left('TOKEN'), left('FIGURE'), right('OPENING'), right('CHANGE'), right('CLOSING')],
    rows,
    notes: rows.length === 0 ? ['The account never had a token that is indexed.'] : [],
  };
}

/** Tokens that came and went, with the balance after each. */
export function tokenSection(
  { token, terms, opening, movements, closing }: TokenStatement,
  shown: Shown,
): StatementSection {
  const { currency } = shown;
  const balances: bigint[] = [];
  let balance = opening;
  for (const { change } of movements) {
    balance += change;
    balances.push(balance);
  }
  const changes = movements.map(({ change }) => change);
  const amount = statementAmountColumn([...changes, ...balances, opening, closing], token.decimals);
  const total = (what: string, value: bigint): StatementRow => ({
    isTotal: true,
    cells: [
      ...placeCells(null, what),
      ...accountCells(shown, null),
      ...['', '', amount(value)],
      ...worthCells(currency, null),
      '',
    ],
  });
  return {
    title: `${tokenSymbol(token)} tokens`,
    subtitle: tokenFacts({ token, terms }),
    columns: [
      ...PLACE_COLUMNS,
      ...accountColumns(shown),
      left('WITH'),
      right('AMOUNT'),
      right('BALANCE'),
      ...worthColumns(currency),
      left('TRANSACTION'),
    ],
    rows: [
      total('opening', opening),
      ...movements.map(({ kind, place, account, change, value, ...others }, index) => ({
        isTotal: false,
        cells: [
          ...placeCells(place, kind),
          ...accountCells(shown, account),
          counterpartyText(others),
          signed(amount(change)),
          amount(balances[index] ?? 0n),
          ...worthCells(currency, value),
          place.transactionHash ?? '',
        ],
      })),
      total('closing', closing),
    ],
    notes: worthNotes(currency, tokenWorth({ movements })),
  };
}

/** Several addresses may have the same label, so the address is there too. */
function counterpartyText({
  counterparty,
  counterpartyLabel,
}: Pick<TokenMovement, 'counterparty' | 'counterpartyLabel'>): string {
  if (counterparty === ZERO_ADDRESS) return '';
  const address = checksummed(counterparty);
  if (counterpartyLabel === null) return address;
  return `${address} ${counterpartyLabel.slice(0, LABEL_LETTERS)}`;
}

/** What stood where, and what moved, in one asset; no rows if nothing ever did. */
export function revenueSection(
  { token }: Pick<TokenStatement, 'token'>,
  { asset, opening, movements, closing }: RevenueStatement,
  shown: Shown,
): StatementSection {
  const { currency } = shown;
  const used = REVENUE_ACCOUNTS.filter(
    (name) => opening[name] !== 0n || movements.some(({ changes }) => (changes[name] ?? 0n) !== 0n),
  );
  const columns = used.map((name) => {
    const changes = movements.map((movement) => movement.changes[name] ?? 0n);
    const amount = statementAmountColumn(
      [...changes, opening[name], closing[name]],
      asset.decimals,
    );
    return { name, amount };
  });
  const total = (what: string, standing: typeof opening): StatementRow => ({
    isTotal: true,
    cells: [
      ...placeCells(null, what),
      ...accountCells(shown, null),
      ...columns.map(({ name, amount }) => amount(standing[name])),
      ...worthCells(currency, null),
      '',
    ],
  });
  const rows = movements.map(
    (movement): StatementRow => ({
      isTotal: false,
      cells: [
        ...placeCells(movement.place, nameOfMovement(movement)),
        ...accountCells(shown, movement.account),
        ...columns.map(({ name, amount }) => {
          const change = movement.changes[name] ?? 0n;
          return change === 0n ? '' : signed(amount(change));
        }),
        ...worthCells(currency, movement.value),
        movement.place?.transactionHash ?? '',
      ],
    }),
  );
  return {
    title: `${tokenSymbol(token)} revenue in ${assetName(asset)}`,
    subtitle: asset.address === null ? '' : checksummed(asset.address),
    columns: [
      ...PLACE_COLUMNS,
      ...accountColumns(shown),
      ...columns.map(({ name }) => right(name.toUpperCase())),
      ...worthColumns(currency),
      left('TRANSACTION'),
    ],
    rows: used.length === 0 ? [] : [total('opening', opening), ...rows, total('closing', closing)],
    notes: worthNotes(currency, revenueWorth({ movements })),
  };
}

function nameOfMovement({ kind, snapshotId }: RevenueMovement<StatementPlace>): string {
  switch (kind) {
    case 'accrual':
      return 'accrued';
    case 'assignment':
      return `snapshot ${snapshotId}`;
    case 'claim':
      return `claimed, snapshot ${snapshotId}`;
    case 'redemption':
      return 'redeemed';
    case 'expiry':
      return `expired, snapshot ${snapshotId}`;
    case 'reopening':
      return `open again, snapshot ${snapshotId}`;
  }
}

function tokenFacts({ token, terms }: Pick<TokenStatement, 'token' | 'terms'>): string {
  const { name, address, chainId } = token;
  const { percentClaimable, window, isPaused } = terms;
  const open =
    window === null ? 'claims never expire' : `the last ${window} snapshots can be claimed`;
  return (
    `${name ?? 'without a name'}, ${checksummed(address)} on chain ${chainId}; ` +
    `${percentClaimable} % of revenue is shared by snapshots, ${open}` +
    (isPaused ? '; claims are paused' : '')
  );
}
