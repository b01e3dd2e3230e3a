import type { NoPrice } from '../../../ledger/price.js';
import type { PriceCell } from '../../../ledger/priceTimeline.js';
import type { PriceFeed } from '../../registry/priceFeeds.js';
import type { Parameters } from '../query/statement.js';
import type { PriceLine } from './priceTimeline.js';

/** SQL of what entries are worth. */
export interface PricedCells {
  /** Joins after the entries. */
  readonly joins: string;
  /** Why an entry has no price; NULL: it has one. */
  readonly missing: string;
  /** The number of the feed at fault. */
  readonly missingFeed: string;
  /** What the amounts of a group of entries with a price are worth; they are in one asset of one chain. */
  sum(amount: string): string;
}

/** SQL expressions of an entry. */
export interface CellEntry {
  readonly chainId: string;
  readonly asset: string;
  readonly block: string;
  readonly transactionIndex: string;
  readonly time: string;
}

type Cell = PriceCell<PriceFeed>;

/** Reasons that a round has whatever the time of the entry is. */
const STATIC: readonly (NoPrice | null)[] = [
  null,
  'no-feed',
  'no-round',
  'not-positive',
  'too-small',
];
const codeOf = (reason: NoPrice | null) => STATIC.indexOf(reason);

/** Prices are sent as 64-bit integers: PostgreSQL finds the element of an array of these at once. */
const PART_DIGITS = 18;
const PART = 10n ** BigInt(PART_DIGITS);
const LATEST = 2n ** 62n;

/**
 * Prices entries by the lines of their assets. A search among the places of a line finds the cell of an entry, and its
 * elements are at the same place of some arrays.
 */
export function pricedCells(
  lines: readonly PriceLine[],
  entry: CellEntry,
  parameters: Parameters,
): PricedCells {
  const scaled = lines.map(scaledLine);
  const legs = most(lines.flatMap(({ cells }) => cells.map((cell) => cell.legs.length)));
  const parts = Math.max(1, most(scaled.map(({ prices }) => partsOf(prices))));
  const columns = columnsOf(legs, parts);
  const rows = lines.map((line, index) => {
    const { decimals, prices } = scaled[index] ?? { decimals: 0, prices: [] };
    const values = columns.map(({ name, type, of }) => {
      return `${parameters.add(of(line, prices, decimals))}::${type} AS ${name}`;
    });
    return `SELECT ${values.join(', ')}`;
  });
  const nothing = `SELECT ${columns.map(({ name, type }) => `NULL::${type} AS ${name}`).join(', ')}`;
  const at = (name: string) => `price_at.${name}[price_at.place]`;
  const priceSql = numbersTo(parts).map((part) => {
    const value = `${at(`price_${part}`)}::numeric`;
    return part === 0 ? value : `${value} * 1e${PART_DIGITS * part}::numeric`;
  });
  const last = 'price_line.positions - 1';
  // The arrays stay inside: PostgreSQL would hash them as a key of what it memoizes of a join, once for each entry.
  return {
    joins: `LEFT JOIN LATERAL (
      SELECT price_at.decimals, ${missingSql(legs, at)} AS missing, ${missingFeedSql(legs, at)} AS missing_feed,
        ${priceSql.join(' + ')} AS price
      FROM (
        SELECT price_line.*, extract(epoch FROM ${entry.time})::bigint AS time,
          width_bucket((${entry.block} - price_line.base) * price_line.positions
            + least(coalesce(${entry.transactionIndex}, ${last}), ${last}), price_line.keys) AS place
        FROM (${rows.length === 0 ? nothing : rows.join(' UNION ALL ')}) AS price_line
        WHERE price_line.chain_id = ${entry.chainId} AND price_line.asset = ${entry.asset} OFFSET 0
      ) AS price_at OFFSET 0
    ) AS price_of ON true`,
    missing: `CASE WHEN price_of.decimals IS NULL THEN 'no-feed' ELSE price_of.missing END`,
    missingFeed: 'price_of.missing_feed',
    sum: (amount) =>
      `trim_scale(sum(${amount} * price_of.price) * ('1e-' || min(price_of.decimals))::numeric)::text`,
  };
}

interface LineColumn {
  readonly name: string;
  readonly type: string;
  of(line: PriceLine, prices: readonly bigint[], decimals: number): unknown;
}

function columnsOf(legs: number, parts: number): LineColumn[] {
  const ofCells = (name: string, type: string, of: (cell: Cell) => unknown): LineColumn => ({
    name,
    type: `${type}[]`,
    of: ({ cells }) => cells.map(of),
  });
  return [
    { name: 'chain_id', type: 'bigint', of: ({ chainId }) => chainId },
    { name: 'asset', type: 'text', of: ({ asset }) => asset },
    { name: 'base', type: 'bigint', of: ({ base }) => base },
    { name: 'positions', type: 'bigint', of: ({ positions }) => positions },
    { name: 'decimals', type: 'integer', of: (_, __, decimals) => decimals },
    ofCells('keys', 'bigint', ({ key }) => key),
    ofCells('code', 'smallint', codeOfCell),
    ...numbersTo(parts).map((part): LineColumn => {
      const of: LineColumn['of'] = (_line, prices) => prices.map((price) => partOf(price, part));
      return { name: `price_${part}`, type: 'bigint[]', of };
    }),
    ...numbersTo(legs).flatMap((leg) => [
      ofCells(`code_${leg}`, 'smallint', (cell) => codeOfLeg(cell, leg)),
      ofCells(`feed_${leg}`, 'integer', (cell) => cell.legs[leg]?.feed.number ?? 0),
      ofCells(`since_${leg}`, 'bigint', (cell) => sinceOf(cell, leg)),
      ofCells(`until_${leg}`, 'bigint', (cell) => untilOf(cell, leg)),
    ]),
  ];
}

function codeOfCell({ legs, price }: Cell): number {
  if (legs.length === 0) return codeOf('no-feed');
  const isKnown = legs.every(({ round }) => round !== null && round.answer > 0n);
  return codeOf(isKnown && price === null ? 'too-small' : null);
}

function codeOfLeg({ legs }: Cell, leg: number): number {
  const own = legs[leg];
  if (own === undefined) return codeOf(null);
  if (own.round === null) return codeOf('no-round');
  return codeOf(own.round.answer <= 0n ? 'not-positive' : null);
}

/** An entry before it has no price yet. */
function sinceOf({ legs }: Cell, leg: number): bigint {
  const round = legs[leg]?.round ?? null;
  return round === null ? -LATEST : within(round.updatedAt);
}

/** An entry after it has no price any more. */
function untilOf({ legs }: Cell, leg: number): bigint {
  const own = legs[leg];
  const seconds = own?.feed.staleAfterSeconds ?? null;
  if (own === undefined || own.round === null || seconds === null) return LATEST;
  return within(own.round.updatedAt + BigInt(seconds));
}

/** Aggregators may say any time; no block has one beyond these. */
function within(seconds: bigint): bigint {
  if (seconds > LATEST) return LATEST;
  return seconds < -LATEST ? -LATEST : seconds;
}

/** The prices of the smallest unit in the cells of a line, all with the same number of decimals. */
function scaledLine({ cells, assetDecimals }: PriceLine) {
  const places = most(cells.map(({ price }) => price?.decimals ?? 0));
  const prices = cells.map(({ price }) =>
    price === null ? 0n : price.answer * 10n ** BigInt(places - price.decimals),
  );
  return { decimals: assetDecimals + places, prices };
}

function partsOf(prices: readonly bigint[]): number {
  const digits = prices.reduce((most, price) => Math.max(most, String(price).length), 1);
  return Math.ceil(digits / PART_DIGITS);
}

function partOf(price: bigint, part: number): bigint {
  return (price / PART ** BigInt(part)) % PART;
}

/** There may be too many of them for the arguments of one call. */
function most(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => Math.max(one, other), 0);
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** As `noPriceReason` of the ledger: the first feed of the route that has no price says why. */
function missingSql(legs: number, at: (name: string) => string): string {
  const ofLegs = numbersTo(legs).map(
    (leg) => `WHEN ${at(`code_${leg}`)} = ${codeOf('no-round')} THEN 'no-round'
      WHEN ${at(`code_${leg}`)} = ${codeOf('not-positive')} THEN 'not-positive'
      WHEN price_at.time < ${at(`since_${leg}`)} THEN 'later'
      WHEN price_at.time > ${at(`until_${leg}`)} THEN 'stale'`,
  );
  return `CASE WHEN ${at('code')} = ${codeOf('no-feed')} THEN 'no-feed'
    ${ofLegs.join(' ')} WHEN ${at('code')} = ${codeOf('too-small')} THEN 'too-small' END`;
}

function missingFeedSql(legs: number, at: (name: string) => string): string {
  const ofLegs = numbersTo(legs).map(
    (leg) => `WHEN ${at(`code_${leg}`)} <> 0 OR price_at.time < ${at(`since_${leg}`)}
      OR price_at.time > ${at(`until_${leg}`)} THEN ${at(`feed_${leg}`)}`,
  );
  return `CASE WHEN ${at('code')} = ${codeOf('no-feed')} THEN NULL::integer
    ${ofLegs.join(' ')} END`;
}
