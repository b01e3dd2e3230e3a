/**
 * `npm run bench:locks -- --rows 5000000`: runs every migration, and then `migrate --partitions`, on tables
 * with so many rows while readers run. Prints a line of JSON for each change of the schema with the longest wait of
 * a reader. Fails if a change lets a reader wait for a second.
 *
 * `transfer` and `balance_checkpoint` have all the rows; each other large table has a tenth.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { measureLocks } from './locks/measureLocks.js';
import { wholeNumber } from './optionValues.js';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '5000000' } } });
const WAIT_AT_MOST_MS = 1_000;
const FULL = new Set(['transfer', 'balance_checkpoint']);

const rows = wholeNumber('rows', values.rows, 1);
const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-locks-'));
const database = await openEmbedded({ folder, ephemeral: true });
try {
  const rowsOf = (table: string) => (FULL.has(table) ? rows : Math.ceil(rows / 10));
  for await (const change of measureLocks(database.url, rowsOf)) {
    const isTooLong = change.longestWaitMs >= WAIT_AT_MOST_MS;
    process.stdout.write(`${JSON.stringify({ ...change, isTooLong })}\n`);
    if (isTooLong) process.exitCode = 1;
  }
} finally {
  await database.close();
  await rm(folder, { recursive: true, force: true });
}
