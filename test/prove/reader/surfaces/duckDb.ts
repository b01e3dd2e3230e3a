import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Draw } from '../draw.js';
import { feedRounds } from '../feedRounds.js';
import type { FigureSheet } from '../figures.js';
import { ofHolder, ofToken } from '../subjects.js';
import type { Surface } from '../surface.js';
import type { ReaderWorld, WorldFeed } from '../world.js';
import { BURN_WORTH, decimalText, HOLDER_WORTH, putWorthSum, TOKEN_WORTH } from '../worth.js';
import { writeFileOf } from './exportFiles.js';

/** More transactions than a block has. */
const PLACES = 1_000_000;

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
    SELECT block * ${PLACES} + transaction AS place, arg_max(answer, log) AS answer,
      arg_max(updated, log) AS updated
    FROM round GROUP BY ALL
  ), worth AS (
    SELECT e.*, CASE WHEN n.answer::HUGEINT > 0 AND e.seconds >= n.updated
        AND e.seconds - n.updated <= $stale THEN e.amount::HUGEINT * n.answer::HUGEINT END AS units
    FROM entry e ASOF LEFT JOIN newest n ON e.place > n.place
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
  const feed = world.feeds.find((one) => one.asset === asset && one.currency === draw.currency);
  await loadRounds(connection, asked, feed);
  const holder = draw.holders;
  const { subject } = ofToken(draw, '');
  const receipts = await worthOf(connection, asked, 'receipts', feed);
  const whole = receipts.get('') ?? { sum: null, missing: 0 };
  putWorthSum(sheet, draw, { subject, asset, what: 'receipts' }, whole);
  for (const [dataset, what] of [
    ['claims', 'claims'],
    ['redemptions', 'burns'],
  ] as const) {
    const sums = await worthOf(connection, asked, dataset, feed);
    for (const address of holder) {
      const of = { subject: ofHolder(draw, address, '').subject, asset, what };
      putWorthSum(sheet, draw, of, sums.get(address) ?? { sum: null, missing: 0 });
    }
  }
}

/** The rounds of the feed, as its contract logged them. */
async function loadRounds(
  connection: DuckDBConnection,
  { world }: Asked,
  feed: WorldFeed | undefined,
): Promise<void> {
  const path = join(world.folder, 'rounds.json');
  const rounds = feed === undefined ? [] : await feedRounds(world.chain, feed);
  await writeFile(path, rounds.map((round) => `${JSON.stringify(round)}\n`).join(''));
  const columns =
    "{block: 'BIGINT', transaction: 'BIGINT', log: 'BIGINT', answer: 'VARCHAR', updated: 'BIGINT'}";
  await connection.run(
    `CREATE OR REPLACE TABLE round AS SELECT * FROM read_json('${path}', columns = ${columns}, format = 'newline_delimited')`,
  );
}

/** Sums by holder; of receipts one, without a name. */
async function worthOf(
  connection: DuckDBConnection,
  { world, draw, asset }: Asked,
  dataset: 'receipts' | 'claims' | 'redemptions',
  feed: WorldFeed | undefined,
): Promise<Map<string, { readonly sum: string | null; readonly missing: number }>> {
  const to = draw.until.end ?? undefined;
  const options = { token: draw.token.address, from: draw.after.begin, to, format: 'parquet' };
  const file = await writeFileOf(world, dataset, options);
  const who = dataset === 'receipts' ? "''" : 'holder';
  const sql = `${WORTH} SELECT ${who} AS who, sum(units)::VARCHAR AS sum,
    count(*) FILTER (units IS NULL) AS missing FROM worth GROUP BY who`;
  const stale = feed?.staleAfterSeconds ?? Number.MAX_SAFE_INTEGER;
  const reader = await connection.runAndReadAll(sql, { file, asset, stale: BigInt(stale) });
  const places = (feed?.decimals ?? 0) + (feed?.assetDecimals ?? 0);
  const rows = reader.getRowObjectsJson() as unknown as readonly {
    readonly who: string;
    readonly sum: string | null;
    readonly missing: string;
  }[];
  return new Map(
    rows.map(({ who: name, sum, missing }) => [
      name,
      { sum: sum === null ? null : decimalText(BigInt(sum), places), missing: Number(missing) },
    ]),
  );
}
