import { NOTHING } from '../../ledger/rate.js';
import { allocationRate, keptRate } from '../../ledger/sales/sale.js';
import { SALE_KINDS } from '../../ledger/sales/saleKinds.js';
import { NUMBER_PATTERN } from '../../store/ids.js';
import { readSales } from '../../store/read/sales/sales.js';
import { readSaleVersions } from '../../store/read/sales/saleVersions.js';
import { address, amount, column, oneOf, ownerColumns, UNITS } from '../columns/columns.js';
import type { Dataset } from '../columns/dataset.js';
import { holderRowId, parseHolderCursor } from '../columns/holderRows.js';
import { labelJoins, NAME_TABLE, withLabels } from '../columns/labels.js';
import { raiseColumns } from '../columns/raiseColumns.js';
import { type ExportScope, holderCondition } from '../columns/scope.js';
import {
  addressLiteral,
  integerLiteral,
  literalTable,
  partText,
  rateLiterals,
  textLiteral,
} from '../columns/sqlText.js';
import { unitLiterals } from '../columns/units.js';

const CURSOR = new RegExp(`^${NUMBER_PATTERN}-(0x[0-9a-f]{40})$`);

const LABELLED = {
  sale: `decode(substr(b.sale, 3), 'hex')`,
  participant: 'o.participant',
};

export const participations: Dataset = {
  name: 'participations',
  summary: 'what each account paid into each sale, what it got, and what it can still get',
  notes: 'Rules of each kind of sale: [sales.md](sales.md).',
  takes: ['holder'],
  needsHolder: false,
  isResumable: true,
  columns: withLabels(
    [
      ...ownerColumns(holderRowId('b.number', 'o.participant')),
      column('sale', 'address', 'b.sale', 'The sale.'),
      column('sale_kind', 'text', 'b.kind', `${oneOf(SALE_KINDS)}.`),
      ...raiseColumns('b.raise_asset'),
      address('participant', 'o.participant', 'The account, even if another account acted for it.'),
      ...amount('deposited', 'o.deposited', UNITS.raise, 'Paid in by deposits and purchases.'),
      ...amount(
        'allocated',
        'o.granted',
        UNITS.token,
        'Tokens bought by or allocated to the account, claimed or not; 0 while a launchpad is open.',
      ),
      ...amount('claimed', 'o.claimed', UNITS.token, 'Tokens paid out to the account.'),
      ...amount(
        'claimable',
        'o.granted - o.sold - o.claimed',
        UNITS.token,
        'Tokens that the account can still claim.',
        { isSigned: true },
      ),
      ...amount('refunded', 'o.refunded', UNITS.raise, 'Refunds paid to the account.'),
      ...amount(
        'refundable',
        'o.given_back - o.refunded',
        UNITS.raise,
        'What the account can still get refunded.',
        { isSigned: true },
      ),
      ...amount('sold', 'o.sold', UNITS.token, 'Tokens that the account sold back to the sale.'),
      ...amount(
        'proceeds',
        'o.proceeds',
        UNITS.raise,
        'What the account was paid for those tokens.',
      ),
      ...amount(
        'cost_paid',
        'CASE WHEN b.is_pro_rata THEN o.deposited - o.given_back ELSE o.cost END',
        UNITS.raise,
        'Cost basis: what the account finally paid for `cost_tokens`. Tokens sold back take their part of the cost, at the average, rounded down.',
      ),
      ...amount(
        'cost_tokens',
        'CASE WHEN b.is_pro_rata THEN o.granted ELSE o.granted - o.sold END',
        UNITS.token,
        'Cost basis: the tokens that the account finally gets.',
      ),
      column(
        'is_cost_final',
        'boolean',
        'b.is_final',
        'Whether no later entry of the sale can change the cost basis.',
      ),
    ],
    LABELLED,
  ),
  async source(scope) {
    const cursor = scope.after === null ? null : parseHolderCursor(scope.after, CURSOR);
    const where = ['e.participant IS NOT NULL', 'e.block_number <= k.block'];
    where.push(...holderCondition(scope, 'e.participant'));
    if (cursor !== null) {
      const { number, account } = cursor;
      where.push(`(k.number, e.participant) > (${number}, ${addressLiteral(account)})`);
    }
    return {
      tables: [
        await saleTable(scope),
        NAME_TABLE,
        `newest AS (
          SELECT DISTINCT ON (e.sale_number, e.participant) e.*,
            CASE WHEN k.is_pro_rata
              THEN ${partText('e.deposited', 'k.allocation_numerator', 'k.allocation_denominator')}
              ELSE e.allocated END AS granted,
            CASE WHEN k.is_pro_rata
              THEN e.deposited - ${partText('e.deposited', 'k.kept_numerator', 'k.kept_denominator')}
              ELSE e.refunded END AS given_back
          FROM sale_entry e JOIN book k ON k.number = e.sale_number
          WHERE ${where.join(' AND ')}
          ORDER BY e.sale_number, e.participant, e.id DESC
        )`,
      ],
      from: `FROM newest o JOIN book b ON b.number = o.sale_number
        ${labelJoins('b.chain_id', LABELLED)}
        ORDER BY b.number, o.participant`,
    };
  },
};

/**
 * `book(…)`: the sales of the scope as of its moments, with the rates by which a pro rata sale
 * shares (`allocationRate` and `keptRate` of the ledger), for WITH.
 */
async function saleTable(scope: ExportScope): Promise<string> {
  const tokens = new Set(scope.tokens.map(({ chainId, address }) => `${chainId} ${address}`));
  const sales = (await readSales(scope.db)).flatMap((sale) => {
    const block = scope.moments.get(sale.chainId)?.block;
    const isAsked = !scope.namesTokens || tokens.has(`${sale.chainId} ${sale.token}`);
    return block !== undefined && isAsked && sale.startBlock <= block ? [{ ...sale, block }] : [];
  });
  const versions = await readSaleVersions(
    scope.db,
    sales.map(({ number, block }) => ({ saleNumber: number, block })),
  );
  const rows = sales.map((sale, index) => {
    const state = versions[index]?.state;
    if (state === undefined) throw new RangeError(`sale ${sale.number} was not read`);
    const { terms } = sale;
    return [
      integerLiteral(sale.number),
      integerLiteral(sale.chainId),
      textLiteral(sale.token),
      textLiteral(sale.address),
      textLiteral(sale.kind),
      textLiteral(sale.raiseAsset ?? 'native'),
      integerLiteral(sale.block),
      String(terms !== null),
      ...rateLiterals(terms === null ? NOTHING : allocationRate(terms, state)),
      ...rateLiterals(terms === null ? NOTHING : keptRate(terms, state)),
      String(terms === null ? state.isFinalised : state.hasEnded),
      ...unitLiterals(scope.units, sale.chainId, sale.token),
      ...unitLiterals(scope.units, sale.chainId, sale.raiseAsset ?? 'native'),
    ];
  });
  return literalTable(
    'book',
    {
      number: 'integer',
      chain_id: 'bigint',
      token: 'text',
      sale: 'text',
      kind: 'text',
      raise_asset: 'text',
      block: 'bigint',
      is_pro_rata: 'boolean',
      allocation_numerator: 'numeric',
      allocation_denominator: 'numeric',
      kept_numerator: 'numeric',
      kept_denominator: 'numeric',
      is_final: 'boolean',
      token_symbol: 'text',
      token_decimals: 'integer',
      raise_symbol: 'text',
      raise_decimals: 'integer',
    },
    rows,
  );
}
