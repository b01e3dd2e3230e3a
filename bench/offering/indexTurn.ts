import type { FinderKind } from '../../src/config/source/finderKinds.js';
import { cpuSecondsOf, pidBelowUs } from '../ingest/processUsage.js';
import type { Traffic } from '../node/server.js';
import type { NodeProcess } from '../node/start.js';
import type { TokensResult } from '../tokens/child.js';
import { indexInChild } from '../tokens/measure.js';

/** How a chain is indexed. */
interface TurnOptions {
  /** With the newest schema; it may have the books of earlier blocks. */
  readonly databaseUrl: string;
  /** The last block. */
  readonly to: number;
  /** What each answer of the node takes. */
  readonly latencyMs: number;
  readonly traceMs: number;
  readonly finder: FinderKind;
  /** Folder for CPU profiles of the indexer. */
  readonly profileFolder: string | null;
}

/** What indexing a chain took. */
export interface IndexedTurn extends TokensResult {
  readonly postgresCpuSeconds: number;
  readonly nodeCpuSeconds: number;
  readonly traffic: Traffic;
}

/** Indexes the first token of a chain and its offering, in a process of its own. */
export async function indexTurn(
  node: NodeProcess,
  { databaseUrl, to, latencyMs, traceMs, finder, profileFolder }: TurnOptions,
): Promise<IndexedTurn> {
  const { url: rpcUrl, tokens, offering } = node;
  const postgres = pidBelowUs('postgres');
  const before = { postgres: cpuSecondsOf(postgres), node: cpuSecondsOf(node.pid) };
  await node.setPace({ latencyMs, traceMs });
  const task = { rpcUrl, tokens, offering, to, databaseUrl, finder };
  const result = await indexInChild(task, profileFolder);
  const postgresCpuSeconds = cpuSecondsOf(postgres) - before.postgres;
  const nodeCpuSeconds = cpuSecondsOf(node.pid) - before.node;
  const traffic = await node.takeTraffic();
  await node.setPace({ latencyMs: 0, traceMs: 0 });
  return { ...result, postgresCpuSeconds, nodeCpuSeconds, traffic };
}
