/** `npm run prove:live -- --minutes 60 --seed N`: no false receipt is final at a live head. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { migrate } from '../../src/store/database/migrate.js';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { query } from '../support/query.js';
import { proveLive } from './live/proveLive.js';

const BLOCKS_PER_MINUTE = 120;

const { minutes, seed } = new Command('prove:live')
  .description(
    'Follow a head of two blocks a second with payments to every token, from a node that now and ' +
      'then answers with the balance of another block. No receipt that the chain does not have may ' +
      'be final, and every row must be that of a fresh index.',
  )
  .option('--minutes <number>', 'how long', wholeNumber, 60)
  .option('--seed <number>', 'repeats the payments', wholeNumber, 7641)
  .addHelpText('after', '\nExample:\n  npm run prove:live -- --minutes 60 --seed 7')
  .parse()
  .opts<{ minutes: number; seed: number }>();

const startedAt = Date.now();
const say = (line: string) => void process.stderr.write(`${line}\n`);
const database = await openEmbedded({
  folder: await mkdtemp(join(tmpdir(), 'imo-ledger-live-')),
  ephemeral: true,
});
let databases = 0;
const report = await proveLive({
  blocks: minutes * BLOCKS_PER_MINUTE,
  blockMs: 60_000 / BLOCKS_PER_MINUTE,
  seed,
  wrongEvery: 40,
  say,
  async freshDatabase() {
    const name = `live_${++databases}`;
    await query(database.url, `CREATE DATABASE ${name}`);
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    await migrate(url.href);
    return url.href;
  },
});
await database.close();
for (const line of [...report.falseReceipts, ...report.differences].slice(0, 20)) say(line);
const { blocks, payments, untraced, falseReceipts, differences, rows } = report;
process.stdout.write(
  `seed ${seed}: ${blocks} blocks, ${payments} payments, ${untraced} without a frame, ` +
    `${falseReceipts.length} false receipts final, ${differences.length} of ${rows} rows differ ` +
    `(${((Date.now() - startedAt) / 1000).toFixed(0)} s)\n`,
);
// The Subsquid runner is still there and has to be ended with the process.
process.exit(falseReceipts.length + differences.length > 0 ? 1 : 0);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
