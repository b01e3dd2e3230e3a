/**
 * `npm run bench:wide`: the same number of transfers among few holders and among many. Fails where the many are
 * indexed at less than 0.85 of the rate, unless `--once`: then only the many are, without a verdict.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { positive } from './api/options.js';
import { DEFAULT_SPEC } from './node/spec.js';
import { startGeneratingNode } from './node/start.js';
import { type OfferingRun, takeTurn } from './offering/measure.js';

const RATE_AT_LEAST = 0.85;
const USAGE = `npm run bench:wide -- [--few 20000] [--many 1000000] [--transfers 1500000] [--once] [--profile FOLDER]\n`;

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '20000' },
    many: { type: 'string', default: '1000000' },
    transfers: { type: 'string', default: '1500000' },
    once: { type: 'boolean', default: false },
    profile: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

if (values.help) say(USAGE);
else await compare();

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-wide-'));
  const database = await openEmbedded({ folder, ephemeral: true });
  try {
    const few = values.once ? null : await measure(database.url, positive('few', values.few));
    const many = await measure(database.url, positive('many', values.many));
    if (few !== null) judge(few, many);
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** All holders get their first tokens by the first transfers. */
async function measure(serverUrl: string, holders: number): Promise<OfferingRun> {
  const node = await startGeneratingNode({
    ...DEFAULT_SPEC,
    ...{ tokens: 1, holders, operations: positive('transfers', values.transfers) },
    mix: { ...DEFAULT_SPEC.mix, transfer: 1_000, receipt: 1, snapshot: 0.01, claim: 1, burn: 0.1 },
    ...{ transfersPerCall: 50, transactionsPerBlock: 4, gap: 0 },
  });
  try {
    const options = {
      traceMs: 0,
      finder: 'blocks',
      profileFolder: values.profile ?? null,
    } as const;
    const run = await takeTurn(node, serverUrl, 0, options);
    say(
      `${holders} holders: ${rateOf(run).toFixed(0)} operations/s, ${run.operations} in ${run.ingest.seconds.toFixed(1)} s, ` +
        `CPU ${run.ingest.cpuSeconds.toFixed(1)} s, PostgreSQL ${run.postgresCpuSeconds.toFixed(1)} s, ` +
        `${run.peakMegabytes.toFixed(0)} MB, ledger hash ${run.ledgerHash}`,
    );
    return run;
  } finally {
    await node.stop();
  }
}

function judge(few: OfferingRun, many: OfferingRun): void {
  const ratio = rateOf(many) / rateOf(few);
  const isTooSlow = ratio < RATE_AT_LEAST;
  say(`the many at ${ratio.toFixed(2)} of the rate of the few${isTooSlow ? ' TOO SLOW' : ''}`);
  if (isTooSlow) process.exitCode = 1;
}

function rateOf({ operations, ingest }: OfferingRun): number {
  return operations / ingest.seconds;
}
