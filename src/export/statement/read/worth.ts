import DataLoader from 'dataloader';
import { decimalFraction, worthOf } from '../../../ledger/price.js';
import type { RevenueMovement } from '../../../ledger/statement.js';
import { type PriceKey, readEntryPrices } from '../../../store/read/prices/entryPrices.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import { assertPriced } from '../../columns/priced.js';
import type { StatementColumn } from '../layout/document.js';
import type { StatedAsset, Statement, StatementPlace, Valued, Worth } from './statement.js';

const NOT_VALUED: Valued = { value: null, noPrice: null };

/**
 * The same statement with what each line was worth at its time, by the newest round before its
 * transaction; or why that is not known. Lines of revenue are valued by what they moved;
 * accruals have no time of their own, and no value; lines that move none of it have none either. One statement of the database reads all prices.
 *
 * @throws ImoError `EXPORT_BAD_OPTION` if nothing is priced in the currency
 */
export async function withWorth(
  db: Queryable,
  statement: Statement,
  currency: string,
): Promise<Statement> {
  await assertPriced(db, currency);
  const prices = new DataLoader((keys: readonly PriceKey[]) => readEntryPrices(db, keys), {
    cache: false,
    maxBatchSize: Number.POSITIVE_INFINITY,
  });
  const worth = async (
    chainId: number,
    { address: asset, symbol }: Pick<StatedAsset, 'address' | 'symbol'>,
    place: StatementPlace | null,
    amount: bigint | null,
  ): Promise<Valued> => {
    if (place === null || amount === null || amount === 0n) return NOT_VALUED;
    const price = await prices.load({ ...place, chainId, asset: asset ?? 'native', currency });
    if (price.missing !== null) {
      const { missing: reason, feed } = price;
      return { value: null, noPrice: { reason, chainId, asset, symbol, feed } };
    }
    const { feed, round, price: unit } = price;
    const value = {
      amount: worthOf(amount, feed.assetDecimals, unit),
      price: decimalFraction(unit.answer, unit.decimals),
      roundId: round.roundId,
    };
    return { value, noPrice: null };
  };
  const [tokens, sales] = await Promise.all([
    Promise.all(
      statement.tokens.map(async (ofToken) => {
        const { chainId } = ofToken.token;
        return {
          ...ofToken,
          movements: await valued(ofToken.movements, ({ place, change }) =>
            worth(chainId, ofToken.token, place, change),
          ),
          revenue: await Promise.all(
            ofToken.revenue.map(async (ofAsset) => ({
              ...ofAsset,
              movements: await valued(ofAsset.movements, (movement) =>
                worth(chainId, ofAsset.asset, movement.place, movedBy(movement)),
              ),
            })),
          ),
        };
      }),
    ),
    Promise.all(
      statement.sales.map(async (ofSale) => ({
        ...ofSale,
        movements: await valued(ofSale.movements, ({ place, raiseAmount }) =>
          worth(ofSale.sale.chainId, ofSale.raise, place, raiseAmount),
        ),
      })),
    ),
  ]);
  return { ...statement, currency, tokens, sales };
}

function valued<Movement>(
  movements: readonly Movement[],
  worth: (movement: Movement) => Promise<Valued>,
): Promise<(Movement & Valued)[]> {
  return Promise.all(
    movements.map(async (movement) => ({ ...movement, ...(await worth(movement)) })),
  );
}

/** The money that a line moved; `null`: it stands for many moments. */
function movedBy({ kind, changes }: RevenueMovement<StatementPlace>): bigint | null {
  switch (kind) {
    case 'accrual':
      return null;
    case 'assignment':
      return changes.claimable ?? 0n;
    case 'claim':
      return changes.claimed ?? 0n;
    case 'redemption':
      return changes.redeemed ?? 0n;
    case 'expiry':
      return changes.expired ?? 0n;
    case 'reopening':
      return changes.claimable ?? 0n;
  }
}

/** The column of values in a table of movements; none if nobody asks for them. */
export function worthColumns(currency: string | null): StatementColumn[] {
  return currency === null ? [] : [{ title: `VALUE, ${currency}`, align: 'right' }];
}

/** Its content. */
export function worthCells(currency: string | null, value: Worth | null): string[] {
  return currency === null ? [] : [value?.amount ?? ''];
}
