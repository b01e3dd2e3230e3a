import { type Address, checksummed } from '../../../address.js';
import type { NoPrice } from '../../../ledger/price.js';
import type { RevenueStanding } from '../../../ledger/statement.js';
import { type MissingPrices, missingPrices } from '../read/missingPrices.js';
import type {
  RevenueStatement,
  SaleStatement,
  StatedAsset,
  StatedThrough,
  Statement,
  StatementPlace,
  TokenStatement,
  UnknownWorth,
  Valued,
} from '../read/statement.js';
import { revenueWorth, saleWorth, tokenWorth, type WorthSum } from '../read/worthSums.js';

/** Left out of a statement without a currency. */
const VALUES = new Set(['value', 'noPrice', 'values', 'missingPrices']);

/** Says whose a line is; nothing in a statement of one account. */
type OwnerJson = (account: Address | null) => { readonly account?: string | null };

/** The sums say at which price: that of each entry. */
function atEntry(sums: readonly WorthSum[]) {
  return { at: 'entry', basis: 'AT_EACH_ENTRY', sums };
}

/** A statement as JSON: amounts are decimal strings of smallest units. */
export function writeJson(statement: Statement): string {
  const { accounts, currency, periods, tokens, sales, through, ended } = statement;
  const [account, ...others] = accounts.map(checksummed);
  const isOfOne = others.length === 0;
  const ownerOf: OwnerJson = isOfOne ? () => ({}) : ownerJson;
  const document = {
    ...(isOfOne ? { account } : { accounts: [account, ...others] }),
    ...(currency === null
      ? {}
      : { currency, missingPrices: missingPrices(statement).map(missingJson) }),
    periods,
    ...(ended.length === 0
      ? {}
      : { ended: ended.map((books) => ({ ...books, address: checksummed(books.address) })) }),
    tokens: tokens.map((token) => tokenJson(token, ownerOf)),
    sales: sales.map((sale) => saleJson(sale, ownerOf)),
    ...(through.length === 0 ? {} : { through: through.map(throughJson) }),
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

function missingJson({ chainId, asset, symbol, reason, feed, lines }: MissingPrices) {
  const named = asset === null ? 'native' : checksummed(asset);
  return { chainId, asset: named, symbol, reason: reasonName(reason), feed: feedJson(feed), lines };
}

/** As the API names it. */
function reasonName(reason: NoPrice): string {
  return reason.toUpperCase().replaceAll('-', '_');
}

function feedJson(feed: UnknownWorth['feed']) {
  return feed === null ? null : { asset: feed.asset, currency: feed.currency };
}

/** The worth of a line, and why it is not known. */
function valueJson({ value, noPrice }: Valued) {
  return { value, noPrice: noPrice === null ? null : reasonName(noPrice.reason) };
}

function tokenJson(
  { token, opening, movements, closing, revenue }: TokenStatement,
  ownerOf: OwnerJson,
) {
  const { chainId, address, name, symbol, decimals } = token;
  return {
    chainId,
    token: checksummed(address),
    name,
    symbol,
    decimals,
    opening,
    movements: movements.map(
      ({ kind, place, account, counterparty, counterpartyLabel, change, ...valued }) => ({
        kind,
        ...placeJson(place),
        ...ownerOf(account),
        counterparty: checksummed(counterparty),
        counterpartyLabel,
        change,
        ...valueJson(valued),
      }),
    ),
    closing,
    values: atEntry(tokenWorth({ movements })),
    revenue: revenue.map((ofAsset) => revenueJson(ofAsset, ownerOf)),
  };
}

function revenueJson({ asset, opening, movements, closing }: RevenueStatement, ownerOf: OwnerJson) {
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
    movements: movements.map(({ kind, place, account, snapshotId, changes, ...valued }) => ({
      kind,
      ...placeJson(place),
      ...ownerOf(account),
      snapshotId,
      changes,
      ...valueJson(valued),
    })),
    closing: standing(closing),
    values: atEntry(revenueWorth({ movements })),
  };
}

function saleJson(
  { sale, raise, opening, movements, closing, costBasis }: SaleStatement,
  ownerOf: OwnerJson,
) {
  return {
    chainId: sale.chainId,
    sale: checksummed(sale.address),
    kind: sale.kind,
    label: sale.label,
    token: checksummed(sale.token),
    raise: assetJson(raise),
    opening,
    movements: movements.map(({ kind, place, account, raiseAmount, tokenAmount, ...valued }) => ({
      kind,
      ...placeJson(place),
      ...ownerOf(account),
      raiseAmount,
      tokenAmount,
      ...valueJson(valued),
    })),
    closing,
    costBasis,
    values: atEntry(saleWorth({ movements })),
  };
}

function throughJson({ token, asset, path, ...figures }: StatedThrough) {
  const { chainId, address } = token;
  const pools = path.map((pool) => checksummed(pool.address));
  return { chainId, token: checksummed(address), ...assetJson(asset), path: pools, ...figures };
}

function assetJson({ address, symbol, decimals }: StatedAsset) {
  return { asset: address === null ? 'native' : checksummed(address), symbol, decimals };
}

/** @param account `null`: the line is of several */
function ownerJson(account: Address | null): ReturnType<OwnerJson> {
  return { account: account === null ? null : checksummed(account) };
}

function placeJson(place: StatementPlace | null) {
  return {
    block: place?.block ?? null,
    time: place?.timestamp ?? null,
    transactionHash: place?.transactionHash ?? null,
  };
}
