import { parse } from 'csv-parse/sync';

/** A row of a file for a tax program, by column. */
export type TaxRow = Readonly<Record<string, string>>;

/** The published rules by which a program takes or refuses a row. */
interface ImporterRules {
  readonly header: readonly string[];
  /** What is wrong with a row; empty: it is taken. */
  problems(row: TaxRow): string[];
}

const AMOUNT = /^\d+(\.\d+)?$/;
const HASH = /^0x[0-9a-f]{64}$/;
const isPositive = (text: string | undefined) =>
  AMOUNT.test(text ?? '') && /[1-9]/.test(text ?? '');

/** An amount and its coin come together, or not at all. */
function side(row: TaxRow, amount: string, coin: string): 'there' | 'missing' | 'broken' {
  const [quantity = '', asset = ''] = [row[amount], row[coin]];
  if (quantity === '' && asset === '') return 'missing';
  return isPositive(quantity) && asset !== '' && asset.trim() === asset ? 'there' : 'broken';
}

function list(checks: readonly (readonly [boolean, string])[]): string[] {
  return checks.flatMap(([holds, problem]) => (holds ? [] : [problem]));
}

/** Tags of Koinly for what comes in and what goes out; a trade has none of them. */
const KOINLY_TAGS = {
  in: ['', 'income', 'airdrop', 'fork', 'mining', 'reward', 'lending interest', 'remove from pool'],
  out: ['', 'gift', 'lost', 'donation', 'cost', 'add to pool'],
  trade: [''],
};

const KOINLY: ImporterRules = {
  header: [
    ...['Date', 'Sent Amount', 'Sent Currency', 'Received Amount', 'Received Currency'],
    ...['Fee Amount', 'Fee Currency', 'Net Worth Amount', 'Net Worth Currency'],
    ...['Label', 'Description', 'TxHash'],
  ],
  problems(row) {
    const sent = side(row, 'Sent Amount', 'Sent Currency');
    const received = side(row, 'Received Amount', 'Received Currency');
    const kind = sent === 'missing' ? 'in' : received === 'missing' ? 'out' : 'trade';
    return list([
      [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/.test(row.Date ?? ''), 'date'],
      [sent !== 'broken' && received !== 'broken', 'side'],
      [sent === 'there' || received === 'there', 'no amount'],
      [side(row, 'Fee Amount', 'Fee Currency') === 'missing', 'fee'],
      [side(row, 'Net Worth Amount', 'Net Worth Currency') !== 'broken', 'worth'],
      [KOINLY_TAGS[kind].includes((row.Label ?? '').toLowerCase()), 'label'],
      [HASH.test(row.TxHash ?? ''), 'hash'],
    ]);
  },
};

/** Which sides a type of CoinTracking or BittyTax must have, and no others. */
const SIDES: Readonly<Record<string, readonly ['there' | 'missing', 'there' | 'missing']>> = {
  Trade: ['there', 'there'],
  Income: ['there', 'missing'],
  Deposit: ['there', 'missing'],
  Withdrawal: ['missing', 'there'],
  Lost: ['missing', 'there'],
};

const COINTRACKING: ImporterRules = {
  header: [
    ...[
      'Type',
      'Buy Amount',
      'Buy Currency',
      'Sell Amount',
      'Sell Currency',
      'Fee',
      'Fee Currency',
    ],
    ...[
      'Exchange',
      'Trade-Group',
      'Comment',
      'Date',
      'Liquidity pool (optional)',
      'Tx-ID (optional)',
    ],
  ],
  problems(row) {
    const [buy, sell] = SIDES[row.Type ?? ''] ?? [];
    return list([
      [buy !== undefined, 'type'],
      [side(row, 'Buy Amount', 'Buy Currency') === buy, 'buy'],
      [side(row, 'Sell Amount', 'Sell Currency') === sell, 'sell'],
      [side(row, 'Fee', 'Fee Currency') === 'missing', 'fee'],
      [/^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$/.test(row.Date ?? ''), 'date'],
      [HASH.test(row['Tx-ID (optional)'] ?? ''), 'hash'],
    ]);
  },
};

const BITTYTAX: ImporterRules = {
  header: [
    ...[
      'Type',
      'Buy Quantity',
      'Buy Asset',
      'Buy Value',
      'Sell Quantity',
      'Sell Asset',
      'Sell Value',
    ],
    ...['Fee Quantity', 'Fee Asset', 'Fee Value', 'Wallet', 'Timestamp', 'Note'],
  ],
  problems(row) {
    const [buy, sell] = SIDES[row.Type ?? ''] ?? [];
    const value = (name: string, of: 'there' | 'missing' | undefined) =>
      row[name] === '' || (of === 'there' && AMOUNT.test(row[name] ?? ''));
    return list([
      [buy !== undefined, 'type'],
      [side(row, 'Buy Quantity', 'Buy Asset') === buy, 'buy'],
      [side(row, 'Sell Quantity', 'Sell Asset') === sell, 'sell'],
      [value('Buy Value', buy) && value('Sell Value', sell), 'value'],
      [side(row, 'Fee Quantity', 'Fee Asset') === 'missing', 'fee'],
      [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d UTC$/.test(row.Timestamp ?? ''), 'timestamp'],
    ]);
  },
};

/** A symbol, or the identifier of an ERC-20 with its checksum. */
const ROTKI_ASSET = /^([A-Z]+|eip155:\d+\/erc20:0x[0-9a-fA-F]{40})$/;

function rotkiProblems(row: TaxRow): string[] {
  return list([
    [row.Location === 'external', 'location'],
    [row.Fee === '' && row['Fee Currency'] === '', 'fee'],
    [/^\d{12,13}$/.test(row.Timestamp ?? ''), 'timestamp'],
  ]);
}

const ROTKI_TRADES: ImporterRules = {
  header: [
    ...['Location', 'Spend Currency', 'Receive Currency', 'Spend Amount', 'Receive Amount'],
    ...['Fee', 'Fee Currency', 'Description', 'Timestamp'],
  ],
  problems(row) {
    return list([
      [ROTKI_ASSET.test(row['Spend Currency'] ?? ''), 'spend asset'],
      [ROTKI_ASSET.test(row['Receive Currency'] ?? ''), 'receive asset'],
      [isPositive(row['Spend Amount']) && isPositive(row['Receive Amount']), 'amount'],
    ]).concat(rotkiProblems(row));
  },
};

const ROTKI_EVENTS: ImporterRules = {
  header: [
    ...[
      'Type',
      'Location',
      'Currency',
      'Amount',
      'Fee',
      'Fee Currency',
      'Description',
      'Timestamp',
    ],
  ],
  problems(row) {
    const types = ['Deposit', 'Withdrawal', 'Income', 'Loss', 'Spend', 'Staking'];
    return list([
      [types.includes(row.Type ?? ''), 'type'],
      [ROTKI_ASSET.test(row.Currency ?? ''), 'asset'],
      [isPositive(row.Amount), 'amount'],
    ]).concat(rotkiProblems(row));
  },
};

/** By dataset. Sources: the help pages of Koinly and CoinTracking, the importers of BittyTax and rotki. */
export const IMPORTERS: Readonly<Record<string, ImporterRules>> = {
  koinly: KOINLY,
  cointracking: COINTRACKING,
  bittytax: BITTYTAX,
  'rotki-trades': ROTKI_TRADES,
  'rotki-events': ROTKI_EVENTS,
};

/** The rows of a file as its program reads them. @throws Error with what the program would refuse */
export function importedRows(dataset: string, csv: string): TaxRow[] {
  const rules = IMPORTERS[dataset];
  if (rules === undefined) throw new Error(`no rules of ${dataset}`);
  const [header = []] = parse(csv, { to_line: 1 }) as string[][];
  if (header.join() !== rules.header.join()) throw new Error(`${dataset}: header ${header.join()}`);
  const rows = parse(csv, { columns: true }) as TaxRow[];
  for (const row of rows) {
    const problems = rules.problems(row);
    if (problems.length > 0)
      throw new Error(`${dataset}: ${problems.join()} in ${JSON.stringify(row)}`);
  }
  return rows;
}
