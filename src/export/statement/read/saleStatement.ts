import { type Address, checksummed } from '../../../address.js';
import { trustedSymbol } from '../../../books/moneySymbols.js';
import { personCostBasis, sumOfParticipations } from '../../../ledger/persons/person.js';
import { NO_PARTICIPATION, type Participation } from '../../../ledger/sales/sale.js';
import { assertAddsUp } from '../../../ledger/statement.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import { readParticipations } from '../../../store/read/sales/participations.js';
import { SALE_ENTRIES } from '../../../store/read/sales/saleEntries.js';
import type { SaleRecord } from '../../../store/read/sales/sales.js';
import { EMPTY_SALE_VERSION, readSaleVersions } from '../../../store/read/sales/saleVersions.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { readOperations, statementPlaceOf } from './readAll.js';
import {
  byPlace,
  type ChainPeriod,
  coinOf,
  type SaleStatement,
  type StatedAsset,
  type StatedSaleMovement,
} from './statement.js';

/**
 * The statement of one sale; `null` if no account had a part in it by the end of the period.
 *
 * @param accounts those of one person
 * @param tokenRecord the token sold, if it is indexed
 * @throws LedgerError `LEDGER_STATEMENT_SUM` if it does not add up
 */
export async function saleStatement(
  db: Queryable,
  accounts: readonly Address[],
  sale: SaleRecord,
  period: ChainPeriod,
  tokenRecord: Pick<TokenRecord, 'symbol' | 'decimals'> | undefined,
): Promise<SaleStatement | null> {
  const closings = await participationsAt(db, sale, period.closingBlock, accounts);
  if (closings.size === 0) return null;
  const openings = await participationsAt(db, sale, period.openingBlock, accounts);
  const movements: StatedSaleMovement[] = [];
  for (const [account, closing] of closings) {
    const own = await movementsOf(db, account, sale, period);
    assertSaleAddsUp(account, sale, openings.get(account) ?? NO_PARTICIPATION, own, closing);
    movements.push(...own);
  }
  const [version = EMPTY_SALE_VERSION] = await readSaleVersions(db, [
    { saleNumber: sale.number, block: period.closingBlock },
  ]);
  const { symbol = null, decimals = null } = tokenRecord ?? {};
  return {
    sale,
    raise: raiseOf(sale),
    token: { address: sale.token, symbol, decimals },
    opening: sumOfParticipations([...openings.values()]),
    movements: movements.sort(byPlace),
    closing: sumOfParticipations([...closings.values()]),
    costBasis: personCostBasis(sale.terms, version.state, [...closings.values()]),
  };
}

async function participationsAt(
  db: Queryable,
  { number: saleNumber }: SaleRecord,
  block: number,
  accounts: readonly Address[],
): Promise<ReadonlyMap<Address, Participation>> {
  if (block < 0) return new Map();
  const records = await readParticipations(db, { saleNumber, block }, accounts);
  return new Map(records.map(({ participant, participation }) => [participant, participation]));
}

async function movementsOf(
  db: Queryable,
  account: Address,
  sale: SaleRecord,
  period: ChainPeriod,
): Promise<StatedSaleMovement[]> {
  const filter = { participant: account };
  const entries = await readOperations(db, SALE_ENTRIES, sale.number, period, filter);
  return entries.map((entry) => {
    const { kind, raiseAmount, tokenAmount } = entry;
    return {
      kind,
      place: statementPlaceOf(entry),
      account,
      raiseAmount,
      tokenAmount,
      value: null,
      noPrice: null,
    };
  });
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
