/**
 * `npm run bench:forget -- --transfers 160000`: forgets a token with so many transfers, and three to five times as many rows, while the indexer
 * follows a chain next to it. Prints the lag of the head before and meanwhile. Fails if a transaction of `forget`,
 * or a wait of another session for a lock, takes a second.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startAnvil } from '../devnet/anvil.js';
import { mineBlocks } from '../devnet/chain.js';
import { forgetBooks } from '../src/processor/run/forget.js';
import { migrate } from '../src/store/database/migrate.js';
import { connectClient } from '../src/store/database/postgres.js';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { blocksOf, FORGOTTEN, fillArchived } from './forget/archived.js';
import { followNewToken } from './forget/head.js';
import { lagText } from './forget/lagText.js';
import { watchStatements } from './forget/statements.js';
import { wholeNumber } from './optionValues.js';

const { values } = parseArgs({ options: { transfers: { type: 'string', default: '160000' } } });
const transfers = wholeNumber('transfers', values.transfers, 1);
const LOCK_AT_MOST_MS = 1_000;
const QUIET_MS = 10_000;
const say = (line: string) => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-forget-'));
const database = await openEmbedded({ folder, ephemeral: true });
const chain = await startAnvil({});
try {
  await migrate(database.url);
  await mineBlocks(chain, blocksOf(transfers));
  const head = await followNewToken(chain, database.url);
  try {
    await fillArchived(database.url, chain.chainId, transfers);
    head.lags.splice(0);
    await delay(QUIET_MS);
    say(`head alone: ${lagText(head.lags.splice(0))}`);
    const watch = await watchStatements(await connectClient({ connectionString: database.url }));
    const startedAt = performance.now();
    const rows = await forgetBooks(database.url, chain.chainId, FORGOTTEN, {
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
    const seconds = (performance.now() - startedAt) / 1000;
    const { longestMs, longestWaitMs } = await watch.stop();
    const lags = head.lags.splice(0);
    say(`head next to forget: ${lagText(lags)}`);
    say(
      `${rows} rows and blocks deleted in ${seconds.toFixed(1)} s; longest transaction ${longestMs} ms, ` +
        `longest wait of others for a lock ${longestWaitMs} ms`,
    );
    const isBad = Math.max(longestMs, longestWaitMs) >= LOCK_AT_MOST_MS;
    if (isBad) process.exitCode = 1;
  } finally {
    await head.stop();
  }
} finally {
  await chain.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
}
