import { withClient } from '../ingest/databases.js';
import { median } from '../ingest/report.js';
import { DEFAULT_SPEC } from '../node/spec.js';
import type { Table } from '../report/report.js';
import { measureServing } from '../tokens/serving.js';
import { indexChain, withChain } from './indexedChain.js';
import type { ScaleBenchOptions } from './options.js';

const PLANS = 20;
const HOLDERS_EACH = 40;

/** A statement that names its token reads one partition; the others may need all of them. */
const STATEMENTS = {
  'a range of ids, no token named': `SELECT * FROM transfer WHERE id >= '0001-' AND id < '0002-' ORDER BY id DESC LIMIT 50`,
  'a balance at a block': `SELECT * FROM balance_checkpoint WHERE token_number = 1
    AND account = '\\x00' AND block_number <= 100 ORDER BY block_number DESC LIMIT 1`,
  'a holder in all tokens': `SELECT * FROM holder WHERE account = '\\x00'`,
} as const;

/** The same chain into tables with more and more partitions: ingest, size, and how long plans take. */
export async function measurePartitions(
  serverUrl: string,
  { tokens, operations, partitions, isShort }: ScaleBenchOptions,
  say: (line: string) => void,
): Promise<Table> {
  const spec = { ...DEFAULT_SPEC, tokens, operations, holders: tokens * HOLDERS_EACH };
  const rows = await withChain(spec, async (node) => {
    const measured: string[][] = [];
    for (const count of partitions) {
      const numbersEach = count === 0 ? null : Math.ceil(tokens / count);
      let plans: string[] = [];
      let firstPageMs = 0;
      const chain = await indexChain(serverUrl, node, numbersEach, async (databaseUrl) => {
        plans = await planningTimes(databaseUrl);
        if (isShort) return;
        const { querySeconds } = await measureServing(databaseUrl);
        firstPageMs = 1_000 * (querySeconds[1] ?? Number.NaN);
      });
      const { opening, ingest, postgresCpuSeconds, bytes } = chain;
      say(`${count} partitions: ingest in ${ingest.seconds.toFixed(1)} s`);
      measured.push([
        count === 0 ? 'none' : String(count),
        opening.seconds.toFixed(1),
        ingest.seconds.toFixed(1),
        ingest.cpuSeconds.toFixed(1),
        postgresCpuSeconds.toFixed(1),
        (bytes / 1e6).toFixed(0),
        ...plans,
        firstPageMs.toFixed(0),
      ]);
    }
    return measured;
  });
  return {
    title: `Partitions of each large table: ${tokens} tokens, ${operations} operations`,
    headings: [
      ...['partitions', 'opened s', 'ingest s', 'CPU s', 'PostgreSQL CPU s', 'MB'],
      ...Object.keys(STATEMENTS).map((what) => `plan ms, ${what}`),
      'page of tokens ms',
    ],
    rows,
  };
}

/** Median of the plans of a session that knows the tables; the plans of each statement. */
async function planningTimes(databaseUrl: string): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const times: string[] = [];
    for (const statement of Object.values(STATEMENTS)) {
      const each: number[] = [];
      for (let turn = 0; turn <= PLANS; turn++) {
        const { rows } = await client.query<{
          'QUERY PLAN': readonly [{ readonly 'Planning Time': number }];
        }>(`EXPLAIN (SUMMARY, FORMAT JSON) ${statement}`);
        // The first one reads what the tables are.
        if (turn > 0) each.push(rows[0]?.['QUERY PLAN'][0]['Planning Time'] ?? Number.NaN);
      }
      times.push(median(each).toFixed(2));
    }
    return times;
  });
}
