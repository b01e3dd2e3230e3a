import { type ChainSpec, DEFAULT_SPEC } from '../node/spec.js';
import type { Table } from '../report/report.js';
import { type IndexedChain, indexChain, withChain } from './indexedChain.js';
import type { ScaleBenchOptions } from './options.js';

const TIMES = 3;
const HOLDERS_PER_TRANSFER = 1 / 25;
const SNAPSHOTS_PER_TRANSFER = 1 / 250;

interface Slope {
  readonly of: string;
  readonly bytes: number;
  readonly indexerMicros: number;
  readonly databaseMicros: number;
  readonly calls: number;
}

/**
 * What a transfer, a holder and a snapshot take: the same chain with more of each, and what the books and their index
 * took more. A chain has 80 transfers a block.
 */
export async function measureSlopes(
  serverUrl: string,
  { transfers }: ScaleBenchOptions,
  say: (line: string) => void,
): Promise<Table> {
  const holders = Math.ceil(transfers * HOLDERS_PER_TRANSFER);
  const snapshots = Math.ceil(transfers * SNAPSHOTS_PER_TRANSFER);
  const measured = async (what: string, spec: ChainSpec) => {
    const chain = await withChain(spec, (node) => indexChain(serverUrl, node, null));
    say(
      `${what}: ${(chain.bytes / 1e6).toFixed(1)} MB, ingest in ${chain.ingest.seconds.toFixed(1)} s`,
    );
    return chain;
  };
  const base = await measured('slopes, base', specOf(transfers, holders, 1));
  const more = {
    transfer: await measured('slopes, transfers', specOf(TIMES * transfers, holders, 1)),
    holder: await measured('slopes, holders', specOf(transfers, TIMES * holders, 1)),
    snapshot: await measured('slopes, snapshots', specOf(transfers, holders, 1 + snapshots)),
  };
  const slopes = [
    slope('transfer', base, more.transfer, (TIMES - 1) * transfers),
    slope('holder', base, more.holder, (TIMES - 1) * holders),
    slope('snapshot', base, more.snapshot, snapshots),
  ];
  return {
    title: 'What one more costs',
    headings: ['one more', 'bytes', 'CPU µs of the indexer', 'CPU µs of PostgreSQL', 'calls'],
    rows: slopes.map(({ of, bytes, indexerMicros, databaseMicros, calls }) => [
      of,
      bytes.toFixed(0),
      indexerMicros.toFixed(0),
      databaseMicros.toFixed(0),
      calls.toFixed(3),
    ]),
  };
}

function specOf(transfers: number, holders: number, snapshots: number): ChainSpec {
  const mix = { ...DEFAULT_SPEC.mix, transfer: transfers, receipt: snapshots, snapshot: snapshots };
  return {
    ...DEFAULT_SPEC,
    ...{ tokens: 1, holders, operations: transfers + 2 * snapshots, gap: 0 },
    mix: { ...mix, claim: 0, burn: 0 },
  };
}

function slope(of: string, base: IndexedChain, more: IndexedChain, count: number): Slope {
  const difference = (figure: (chain: IndexedChain) => number) =>
    (figure(more) - figure(base)) / count;
  return {
    of,
    bytes: difference(({ bytes }) => bytes),
    indexerMicros: difference(({ ingest }) => 1e6 * ingest.cpuSeconds),
    databaseMicros: difference(({ postgresCpuSeconds }) => 1e6 * postgresCpuSeconds),
    calls: difference(({ traffic }) =>
      Object.values(traffic.callsByMethod).reduce((sum, calls) => sum + calls, 0),
    ),
  };
}
