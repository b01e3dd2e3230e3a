/**
 * `npm run bench:join -- --transfers 100000`: adds a token with so many transfers next to an indexer that
 * follows a chain of 20 blocks a second. Fails if a block of the head waits two seconds for its commit.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startAnvil } from '../devnet/anvil.js';
import { setAutomine } from '../devnet/chain.js';
import { migrate } from '../src/store/database/migrate.js';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { lagText } from './forget/lagText.js';
import { buildChain, GENESIS_TIMESTAMP } from './ingest/buildChain.js';
import { JoiningIndex } from './joining/joiningIndex.js';
import { PayingHead } from './joining/payingHead.js';
import { settledFront } from './joining/settledFront.js';
import { wholeNumber } from './optionValues.js';

const { values } = parseArgs({ options: { transfers: { type: 'string', default: '100000' } } });
const TRANSFERS_PER_BLOCK = 100;
const LAG_AT_MOST_MS = 2_000;
const QUIET_MS = 10_000;
const say = (line: string) => process.stdout.write(`${line}\n`);

const transfers = wholeNumber('transfers', values.transfers, 1);
const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-joining-'));
const database = await openEmbedded({ folder: join(folder, 'postgres'), ephemeral: true });
const chain = await startAnvil({ genesisTimestamp: GENESIS_TIMESTAMP, historyBlocks: 20_000 });
const front = await settledFront(chain.url);
try {
  await migrate(database.url);
  const blocks = Math.max(100, transfers / TRANSFERS_PER_BLOCK);
  const built = await buildChain(chain, { transfers, holders: transfers / 100, blocks });
  await chain.rpc.call('anvil_removeBlockTimestampInterval').catch(() => undefined);
  await setAutomine(chain, true);
  const head = await PayingHead.start(chain);
  const config = join(folder, 'imo.yaml');
  const write = (tokens: readonly string[]) => writeFile(config, configOf(front.url, tokens));

  await write([head.token]);
  const alone = await JoiningIndex.start(config, database.url, chain.chainId, head);
  await alone.atHead;
  head.lags.splice(0);
  await delay(QUIET_MS);
  say(`head alone: ${lagText(head.lags.splice(0))}`);
  await alone.stop();

  await write([head.token, built.token]);
  const next = await JoiningIndex.start(config, database.url, chain.chainId, head);
  await next.atHead;
  const before = head.lags.splice(0);
  const startedAt = performance.now();
  await next.joined;
  const seconds = (performance.now() - startedAt) / 1000;
  await delay(QUIET_MS / 2);
  const lags = head.lags.splice(0);
  await next.stop();
  await head.stop();
  say(`head after the start: ${lagText(before)}`);
  say(`head next to ${transfers} transfers that join: ${lagText(lags)}`);
  say(`they joined after ${seconds.toFixed(1)} s`);
  if (Math.max(...lags) >= LAG_AT_MOST_MS) process.exitCode = 1;
} finally {
  await front.stop();
  await chain.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
}

function configOf(url: string, tokens: readonly string[]): string {
  return [
    'chains:',
    `  - id: ${chain.chainId}`,
    '    name: devnet',
    `    rpc: ${url}`,
    '    finality: 10',
    '    headPollSeconds: 0.1',
    '    audit: false',
    '    cache: false',
    '    tokens:',
    ...tokens.map((token) => `      - address: "${token}"`),
    '',
  ].join('\n');
}
