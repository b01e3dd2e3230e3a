import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Draw } from '../draw.js';
import { feedRounds } from '../feedRounds.js';
import type { FigureSheet } from '../figures.js';
import { priceRoute, type RouteLeg, unitPrice } from '../priceRoutes.js';
import { ofHolder, ofToken } from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld } from '../world.js';
import {
  BURN_WORTH,
  decimalSum,
  decimalText,
  HOLDER_WORTH,
  putWorthSum,
  TOKEN_WORTH,
} from '../worth.js';
import { writeFileOf } from './exportFiles.js';

/** More transactions than a block has. */
const PLACES = 1_000_000;

/** Whether the newest round of a leg is a price at the time of the entry. */
function isPrice(leg: 'first' | 'second'): string {
  return `coalesce(${leg}_answer::HUGEINT > 0 AND seconds >= ${leg}_updated
    AND seconds - ${leg}_updated <= $${leg}_stale, false)`;
}

/**
 * What every row of an export is worth: the newest round in an earlier transaction, if it is a price at that
 * time (docs/prices.md). Rows without a transaction come after all rounds of their block.
 */
const WORTH = `
  WITH entry AS (
    SELECT *, epoch(block_time)::BIGINT AS seconds,
      CASE WHEN transaction_index IS NULL THEN (block_number + 1) * ${PLACES}
        ELSE block_number * ${PLACES} + transaction_index END AS place
    FROM read_parquet($file) WHERE asset = $asset AND amount <> '0'
  ), newest AS (
    SELECT leg, block * ${PLACES} + transaction AS place, arg_max(answer, log) AS answer,
      arg_max(updated, log) AS updated
    FROM round GROUP BY ALL
  ), priced AS (
    SELECT e.*, first.answer AS first_answer, first.updated AS first_updated,
      second.answer AS second_answer, second.updated AS second_updated
    FROM entry e
      ASOF LEFT JOIN (FROM newest WHERE leg = 0) first ON e.place > first.place
      ASOF LEFT JOIN (FROM newest WHERE leg = 1) second ON e.place > second.place
  ), worth AS (
    SELECT *, $legs >= 1 AND ${isPrice('first')} AND ($legs = 1 OR ${isPrice('second')}) AS is_known
    FROM priced
  )`;

/** What was paid, by DuckDB alone: from exported rows, and from the rounds that the feeds logged. */
export const duckDb: Surface = {
  surface: 'DuckDB',
  names: [...HOLDER_WORTH, ...BURN_WORTH, ...TOKEN_WORTH],
  async read(world, draw, sheet) {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      for (const asset of draw.token.assets) {
        await putAsset(connection, { world, draw, asset }, sheet);
      }
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  },
};

interface Asked {
  readonly world: ReaderWorld;
  readonly draw: Draw;
  readonly asset: string;
}

async function putAsset(
  connection: DuckDBConnection,
  asked: Asked,
  sheet: FigureSheet,
): Promise<void> {
  const { world, draw, asset } = asked;
  const legs = priceRoute(world.feeds, asset, draw.currency);
  await loadRounds(connection, asked, legs);
  const holder = draw.holders;
  const { subject } = ofToken(draw, '');
  const receipts = await worthOf(connection, asked, 'receipts', legs);
  const whole = receipts.get('') ?? { sum: null, missing: 0 };
  putWorthSum(sheet, draw, { subject, asset, what: 'receipts' }, whole);
  for (const [dataset, what] of [
    ['claims', 'claims'],
    ['redemptions', 'burns'],
  ] as const) {
    const sums = await worthOf(connection, asked, dataset, legs);
    for (const address of holder) {
      const of = { subject: ofHolder(draw, address, '').subject, asset, what };
      putWorthSum(sheet, draw, of, sums.get(address) ?? { sum: null, missing: 0 });
    }
  }
}

/** The rounds of the feeds, as their contracts logged them. */
async function loadRounds(
  connection: DuckDBConnection,
  { world }: Asked,
  legs: readonly RouteLeg[],
): Promise<void> {
  const path = join(world.folder, 'rounds.json');
  const lines: string[] = [];
  for (const [leg, { feed }] of legs.entries()) {
    for (const round of await feedRounds(world.chain, feed)) {
      lines.push(`${JSON.stringify({ ...round, leg })}\n`);
    }
  }
  await writeFile(path, lines.join(''));
  const columns =
    "{leg: 'INTEGER', block: 'BIGINT', transaction: 'BIGINT', log: 'BIGINT', answer: 'VARCHAR', updated: 'BIGINT'}";
  await connection.run(
    `CREATE OR REPLACE TABLE round AS SELECT * FROM read_json('${path}', columns = ${columns}, format = 'newline_delimited')`,
  );
}

/** Sums by holder; of receipts one, without a name. A product may have more digits than an integer of DuckDB. */
async function worthOf(
  connection: DuckDBConnection,
  { world, draw, asset }: Asked,
  dataset: 'receipts' | 'claims' | 'redemptions',
  legs: readonly RouteLeg[],
): Promise<Map<string, { readonly sum: string | null; readonly missing: number }>> {
  const to = draw.until.end ?? undefined;
  const options = { token: draw.token.address, from: draw.after.begin, to, format: 'parquet' };
  const file = await writeFileOf(world, dataset, options);
  const who = dataset === 'receipts' ? "''" : 'holder';
  const sql = `${WORTH} SELECT ${who} AS who, is_known, first_answer, second_answer,
    sum(amount::HUGEINT)::VARCHAR AS amount, count(*) AS entries FROM worth GROUP BY ALL`;
  const staleOf = (leg: RouteLeg | undefined) =>
    BigInt(leg?.feed.staleAfterSeconds ?? Number.MAX_SAFE_INTEGER);
  const reader = await connection.runAndReadAll(sql, {
    ...{ file, asset, legs: legs.length },
    ...{ first_stale: staleOf(legs[0]), second_stale: staleOf(legs[1]) },
  });
  const rows = reader.getRowObjectsJson() as unknown as readonly PricedSum[];
  const sums = new Map<string, { readonly sum: string | null; readonly missing: number }>();
  for (const row of rows) {
    const { sum, missing } = sums.get(row.who) ?? { sum: null, missing: 0 };
    const answers = [row.first_answer, row.second_answer].map((answer) => BigInt(answer ?? 0));
    const price = row.is_known ? unitPrice(legs, answers) : null;
    if (price === null) {
      sums.set(row.who, { sum, missing: missing + Number(row.entries) });
    } else {
      const worth = decimalText(BigInt(row.amount) * price.units, price.places);
      sums.set(row.who, { sum: decimalSum([sum ?? '0', worth]), missing });
    }
  }
  return sums;
}

/** Amounts of one holder at the same prices. */
interface PricedSum {
  readonly who: string;
  readonly is_known: boolean;
  readonly first_answer: string | null;
  readonly second_answer: string | null;
  readonly amount: string;
  readonly entries: string;
}
