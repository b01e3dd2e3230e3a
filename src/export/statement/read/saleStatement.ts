import { type Address, checksummed } from '../../../address.js';
import { trustedSymbol } from '../../../books/moneySymbols.js';
import { costBasisOf, NO_PARTICIPATION, type Participation } from '../../../ledger/sales/sale.js';
import { assertAddsUp } from '../../../ledger/statement.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import { readParticipations } from '../../../store/read/sales/participations.js';
import { SALE_ENTRIES } from '../../../store/read/sales/saleEntries.js';
import type { SaleRecord } from '../../../store/read/sales/sales.js';
import { EMPTY_SALE_VERSION, readSaleVersions } from '../../../store/read/sales/saleVersions.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { readOperations, statementPlaceOf } from './readAll.js';
import {
  type ChainPeriod,
  coinOf,
  type SaleStatement,
  type StatedAsset,
  type StatedSaleMovement,
} from './statement.js';

/**
 * The statement of one sale; `null` if the account had no part in it by the end of the period.
 *
 * @param tokenRecord the token sold, if it is indexed
 * @throws LedgerError `LEDGER_STATEMENT_SUM` if it does not add up
 */
export async function saleStatement(
  db: Queryable,
  account: Address,
  sale: SaleRecord,
  period: ChainPeriod,
  tokenRecord: Pick<TokenRecord, 'symbol' | 'decimals'> | undefined,
): Promise<SaleStatement | null> {
  const at = async (block: number): Promise<Participation | undefined> => {
    const [record] = await readParticipations(db, { saleNumber: sale.number, block }, [account]);
    return record?.participation;
  };
  const closing = await at(period.closingBlock);
  if (closing === undefined) return null;
  const opening =
    (period.openingBlock < 0 ? undefined : await at(period.openingBlock)) ?? NO_PARTICIPATION;
  const saleAsOf = { saleNumber: sale.number, block: period.closingBlock };
  const entries = await readOperations(db, SALE_ENTRIES, sale.number, period, {
    participant: account,
  });
  const movements = entries.map((entry): StatedSaleMovement => {
    const { kind, raiseAmount, tokenAmount } = entry;
    return { kind, place: statementPlaceOf(entry), raiseAmount, tokenAmount, value: null };
  });
  assertSaleAddsUp(account, sale, opening, movements, closing);
  const [version = EMPTY_SALE_VERSION] = await readSaleVersions(db, [saleAsOf]);
  const costBasis = costBasisOf(sale.terms, version.state, closing);
  const raise = raiseOf(sale);
  const { symbol = null, decimals = null } = tokenRecord ?? {};
  const token: StatedAsset = { address: sale.token, symbol, decimals };
  return { sale, raise, token, opening, movements, closing, costBasis };
}

/** What the sale raises, as its contract says. */
function raiseOf({ chainId, raiseAsset, raiseSymbol, raiseDecimals }: SaleRecord): StatedAsset {
  if (raiseAsset === null) return coinOf(chainId);
  const symbol = trustedSymbol(chainId, raiseAsset, raiseSymbol);
  return { address: raiseAsset, symbol, decimals: raiseDecimals };
}

/** Which entries add which of their amounts to a figure of the participation. */
const ADDENDS = {
  deposited: ['raiseAmount', 'deposit', 'purchase'],
  allocated: ['tokenAmount', 'deposit', 'purchase', 'allocation'],
  refunded: ['raiseAmount', 'refund'],
  sold: ['tokenAmount', 'sell'],
  proceeds: ['raiseAmount', 'sell'],
} as const;

function assertSaleAddsUp(
  account: Address,
  sale: SaleRecord,
  opening: Participation,
  movements: readonly StatedSaleMovement[],
  closing: Participation,
): void {
  const of = `of ${checksummed(account)} in sale ${checksummed(sale.address)}`;
  for (const [figure, [amount, ...kinds]] of Object.entries(ADDENDS)) {
    const name = figure as keyof typeof ADDENDS;
    const adding: readonly string[] = kinds;
    assertAddsUp({
      name: `${name} ${of}`,
      opening: opening[name],
      changes: movements.filter(({ kind }) => adding.includes(kind)).map((line) => line[amount]),
      closing: closing[name],
    });
  }
}
