import { migrate } from '../../src/store/database/migrate.js';
import type { BenchRow } from '../benchRow.js';
import { createDatabase } from '../ingest/databases.js';
import { DEFAULT_SPEC } from '../node/spec.js';
import { type NodeProcess, startGeneratingNode } from '../node/start.js';
import { type IndexedTurn, indexTurn } from '../offering/indexTurn.js';
import type { Goal } from '../report/report.js';
import type { WideBenchOptions } from './options.js';

/** Of the few, and most resident memory with the many. */
const RATE_AT_LEAST = 0.85;
const MEGABYTES_AT_MOST = 400;
const TRANSFERS_PER_CALL = 50;

/** A chain, the books of it, and what they took. */
export interface WideBooks {
  readonly node: NodeProcess;
  readonly databaseUrl: string;
  readonly turn: IndexedTurn;
}

/** Indexes a chain up to the block before its last snapshot. All holders get their first tokens by the first transfers. */
export async function indexWide(
  serverUrl: string,
  holders: number,
  { transfers, snapshots, profileFolder }: WideBenchOptions,
): Promise<WideBooks> {
  const later = Math.max(transfers - holders, 1);
  const node = await startGeneratingNode({
    ...{ ...DEFAULT_SPEC, tokens: 1, holders, operations: transfers },
    mix: {
      ...{ ...DEFAULT_SPEC.mix, transfer: later, receipt: later / 1_000, claim: later / 1_000 },
      ...{ snapshot: snapshots - 1, burn: later / 10_000 },
    },
    ...{ transfersPerCall: TRANSFERS_PER_CALL, transactionsPerBlock: 4, gap: 0 },
    endsWithSnapshot: true,
  });
  try {
    const databaseUrl = await createDatabase(serverUrl, `bench_wide_${holders}`);
    await migrate(databaseUrl);
    const turn = await indexTurn(node, {
      ...{ databaseUrl, to: node.lastBlock - 1, profileFolder },
      ...{ latencyMs: 0, traceMs: 0, finder: 'blocks' },
    });
    return { node, databaseUrl, turn };
  } catch (error) {
    await node.stop();
    throw error;
  }
}

/** @param few what the same took with few holders; `null`: they were not indexed */
export function ingestRows(many: IndexedTurn, few: IndexedTurn | null): BenchRow[] {
  const ratio = few === null ? null : rateOf(many) / rateOf(few);
  const what = 'rate with many holders, of that with few';
  const goal: Goal | null =
    ratio === null
      ? null
      : { what, measured: ratio, wanted: RATE_AT_LEAST, side: 'at least', unit: ' ×' };
  const memory: Goal = {
    what: 'memory of ingest with many holders',
    ...{ measured: many.peakMegabytes, wanted: MEGABYTES_AT_MOST, side: 'at most', unit: ' MB' },
  };
  return [
    ...(few === null ? [] : [ingestRow('ingest, few holders', few)]),
    { ...ingestRow('ingest', many, ratio), goal },
    {
      what: 'memory of ingest',
      figures: { 'peak MB': Math.round(many.peakMegabytes) },
      goal: memory,
    },
  ];
}

function ingestRow(what: string, turn: IndexedTurn, ratio: number | null = null): BenchRow {
  const { ingest, peakMegabytes, postgresCpuSeconds } = turn;
  return {
    what,
    figures: {
      seconds: ingest.seconds,
      'CPU s': ingest.cpuSeconds,
      'Postgres CPU s': postgresCpuSeconds,
      'peak MB': Math.round(peakMegabytes),
      'operations/s': Math.round(rateOf(turn)),
      ...(ratio === null ? {} : { 'of few': ratio }),
    },
    goal: null,
  };
}

function rateOf({ operations, ingest }: IndexedTurn): number {
  return operations / ingest.seconds;
}
