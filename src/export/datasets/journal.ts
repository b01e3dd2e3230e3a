import { isPostingId } from '../../store/ids.js';
import { readOracles } from '../../store/read/oracles/oracles.js';
import { readSales } from '../../store/read/sales/sales.js';
import {
  address,
  amount,
  assetColumns,
  column,
  hash,
  ownerColumns,
  time,
  tokenOrNull,
} from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { labelJoins, NAME_TABLE, withLabels } from '../columns/labels.js';
import { rowsAfter } from '../columns/operationDataset.js';
import { BOOKED_OPERATION, pricesFor, valueColumns } from '../columns/priced.js';
import {
  type ExportScope,
  holderCondition,
  rangeConditions,
  rowsOfBooks,
} from '../columns/scope.js';
import { integerLiteral, literalTable, textLiteral } from '../columns/sqlText.js';
import { ASSET_UNIT_FIELDS, unitJoins, unitLiterals, unitTable } from '../columns/units.js';
import { badCursor } from '../exportErrors.js';

const UNIT = 'smallest unit of `asset` (wei where it is `native`)';

const AMOUNT = { name: 'amount', sql: 'p.amount_wei' };
/** What a posting moved is in its own asset. */
const POSTING = { ...BOOKED_OPERATION, asset: 'p.asset' };

const LABELLED = { contract: `decode(substr(b.contract, 3), 'hex')`, holder: 'o.holder' };

const COLUMNS: readonly Column[] = withLabels(
  [
    ...ownerColumns('p.id').map((owned) =>
      tokenOrNull(
        owned,
        'The revenue token; for a sale, the token that it sells. Null for an oracle.',
      ),
    ),
    column('contract', 'address', 'b.contract', 'The contract of the journal.'),
    column('contract_kind', 'text', 'b.kind', '`token`, `oracle` or `sale`.'),
    column('block_number', 'integer', 'o.block_number', 'Block of the entry.'),
    time('block_time', 'o."timestamp"', 'Time of the block, UTC.'),
    hash('transaction_hash', 'o.transaction_hash', 'The transaction; null for money without one.', {
      isNullable: true,
    }),
    column('entry_id', 'text', 'o.id', 'The entry. Postings with the same id belong together.'),
    column('kind', 'text', 'o.kind', 'Kind of the entry: `receipt`, `claim`, `accrual` and so on.'),
    ...assetColumns('p.asset', '`native`, or the address of an ERC-20.', 'u'),
    address('holder', 'o.holder', 'The account that was paid or paid in, if any.', {
      isNullable: true,
    }),
    column('account', 'text', 'p.account', 'The account: `new-revenue`, `claimable/3` and so on.'),
    ...amount('amount', 'p.amount_wei', UNIT, 'What the account gained, or lost if negative.', {
      isSigned: true,
    }),
    ...amount('balance', 'p.balance_wei', UNIT, 'Balance of the account after the posting.', {
      isSigned: true,
    }),
  ],
  LABELLED,
);

export const journal: Dataset = {
  name: 'journal',
  summary: 'the postings of all journal entries: double entry, each entry sums to zero',
  notes:
    'Accounts and kinds of entries: [accounting.md](accounting.md). Each token, AI oracle and ' +
    'sale has its own journal. With `token`, the file has the journals of the token and of its sales.',
  takes: ['from/to', 'holder'],
  needsHolder: false,
  isResumable: true,
  columns: COLUMNS,
  priced: (currency) => [...COLUMNS, ...valueColumns(currency, AMOUNT)],
  async source(scope) {
    const where = ['o.block_number <= b.block', ...rangeConditions(scope)];
    where.push(...holderCondition(scope, 'o.holder'));
    if (scope.after !== null) {
      where.push(rowsAfter('p.token_number', 'p.id', postingCursor(scope.after)));
    }
    const { numbers, table } = await ownerTable(scope);
    return {
      tables: [table, NAME_TABLE, unitTable(scope)],
      from: `FROM ${rowsOfBooks('posting', numbers)} p
        JOIN ${rowsOfBooks('journal_entry', numbers)} o ON o.token_number = p.token_number AND o.id = p.entry_id
        JOIN book b ON b.number = o.token_number
        ${unitJoins('b.chain_id', { asset: 'p.asset' })}
        CROSS JOIN LATERAL (SELECT ${ASSET_UNIT_FIELDS}) u
        ${labelJoins('b.chain_id', LABELLED)}
        ${pricesFor(scope, POSTING)}
        WHERE ${where.join(' AND ')} ORDER BY p.token_number, p.id`,
    };
  },
};

/** @throws ImoError `EXPORT_BAD_CURSOR` */
function postingCursor(after: string): string {
  if (!isPostingId(after)) throw badCursor(after);
  return after;
}

/** `book(number, chain_id, token, contract, kind, block)`: who keeps a journal, for WITH, and their numbers. */
async function ownerTable({
  db,
  books,
  moments,
  namesTokens,
  units,
}: ExportScope): Promise<{ readonly numbers: readonly number[]; readonly table: string }> {
  const tokens = new Set(books.map(({ token }) => `${token.chainId} ${token.address}`));
  const ofTokens = books.map(({ number, token }) => ({
    number,
    token: token.address,
    contract: token.address,
    chainId: token.chainId,
    kind: 'token',
  }));
  const ofSales = (await readSales(db))
    .filter(({ chainId, token }) => !namesTokens || tokens.has(`${chainId} ${token}`))
    .map(({ number, chainId, token, address: contract }) => {
      return { number, token, contract, chainId, kind: 'sale' };
    });
  const ofOracles = (namesTokens ? [] : await readOracles(db)).map((oracle) => {
    const { number, chainId, address: contract } = oracle;
    return { number, token: null, contract, chainId, kind: 'oracle' };
  });
  const owners = [...ofTokens, ...ofOracles, ...ofSales];
  const rows = owners.flatMap((owner) => {
    const { number, chainId, token, contract, kind } = owner;
    const block = moments.get(chainId)?.block;
    if (block === undefined) return [];
    return [
      [
        integerLiteral(number),
        integerLiteral(chainId),
        token === null ? 'NULL' : textLiteral(token),
        textLiteral(contract),
        textLiteral(kind),
        integerLiteral(block),
        ...unitLiterals(units, chainId, token),
      ],
    ];
  });
  const table = literalTable(
    'book',
    {
      number: 'integer',
      chain_id: 'bigint',
      token: 'text',
      contract: 'text',
      kind: 'text',
      block: 'bigint',
      token_symbol: 'text',
      token_decimals: 'integer',
    },
    rows,
  );
  return { numbers: owners.map(({ number }) => number), table };
}
