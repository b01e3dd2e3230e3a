import { checksummed } from '../../../address.js';
import type { RevenueStanding } from '../../../ledger/statement.js';
import type {
  RevenueStatement,
  SaleStatement,
  StatedAsset,
  Statement,
  StatementPlace,
  TokenStatement,
} from '../read/statement.js';
import { revenueWorth, saleWorth, tokenWorth, type WorthSum } from '../read/worthSums.js';

/** Left out of a statement without a currency. */
const VALUES = new Set(['value', 'values']);

/** The sums say at which price: that of each entry. */
function atEntry(sums: readonly WorthSum[]) {
  return { at: 'entry', sums };
}

/** A statement as JSON: amounts are decimal strings of smallest units. */
export function writeJson({ account, currency, periods, tokens, sales, ended }: Statement): string {
  const document = {
    account: checksummed(account),
    ...(currency === null ? {} : { currency }),
    periods,
    ...(ended.length === 0
      ? {}
      : { ended: ended.map((books) => ({ ...books, address: checksummed(books.address) })) }),
    tokens: tokens.map(tokenJson),
    sales: sales.map(saleJson),
  };
  const isLeftOut = (key: string) => VALUES.has(key) && currency === null;
  const text = JSON.stringify(
    document,
    (key, value: unknown) => {
      if (isLeftOut(key)) return undefined;
      return typeof value === 'bigint' ? String(value) : value;
    },
    2,
  );
  return `${text}\n`;
}

function tokenJson({ token, opening, movements, closing, revenue }: TokenStatement) {
  const { chainId, address, name, symbol, decimals } = token;
  return {
    chainId,
    token: checksummed(address),
    name,
    symbol,
    decimals,
    opening,
    movements: movements.map(({ kind, place, counterparty, change, value }) => ({
      kind,
      ...placeJson(place),
      counterparty: checksummed(counterparty),
      change,
      value,
    })),
    closing,
    values: atEntry(tokenWorth({ movements })),
    revenue: revenue.map(revenueJson),
  };
}

function revenueJson({ asset, opening, movements, closing }: RevenueStatement) {
  const standing = ({ accruing, claimable, claimed, redeemed, expired }: RevenueStanding) => ({
    accruing,
    claimable,
    claimed,
    redeemed,
    expired,
  });
  return {
    ...assetJson(asset),
    opening: standing(opening),
    movements: movements.map(({ kind, place, snapshotId, changes, value }) => ({
      kind,
      ...placeJson(place),
      snapshotId,
      changes,
      value,
    })),
    closing: standing(closing),
    values: atEntry(revenueWorth({ movements })),
  };
}

function saleJson({ sale, raise, opening, movements, closing, costBasis }: SaleStatement) {
  return {
    chainId: sale.chainId,
    sale: checksummed(sale.address),
    kind: sale.kind,
    label: sale.label,
    token: checksummed(sale.token),
    raise: assetJson(raise),
    opening,
    movements: movements.map(({ kind, place, raiseAmount, tokenAmount, value }) => ({
      kind,
      ...placeJson(place),
      raiseAmount,
      tokenAmount,
      value,
    })),
    closing,
    costBasis,
    values: atEntry(saleWorth({ movements })),
  };
}

function assetJson({ address, symbol, decimals }: StatedAsset) {
  return { asset: address === null ? 'native' : checksummed(address), symbol, decimals };
}

function placeJson(place: StatementPlace | null) {
  return {
    block: place?.block ?? null,
    time: place?.timestamp ?? null,
    transactionHash: place?.transactionHash ?? null,
  };
}
