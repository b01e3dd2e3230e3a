import { measure, type Program } from '../sparse/measure.js';
import type { ArchiveFront } from './archiveFront.js';
import type { ContenderName } from './contenders.js';
import { cpuSecondsOf } from './processUsage.js';
import type { ProcessUsage } from './usageProbe.js';

/** What one run of a contender took. */
export interface RunResult extends ProcessUsage {
  readonly contender: ContenderName;
  /** From the start of its process to the end. */
  readonly wallSeconds: number;
  /** From its first request for logs to the end; of who asks for none, from the start. */
  readonly ingestSeconds: number;
  readonly postgresCpuSeconds: number;
  readonly nodeCpuSeconds: number;
}

/** The servers that all contenders share. */
export interface Servers {
  readonly front: ArchiveFront;
  readonly postgresPid: number;
  readonly nodePid: number;
}

/** Runs a contender to its end. @throws Error if it fails */
export async function run(
  contender: ContenderName,
  program: Program,
  { front, postgresPid, nodePid }: Servers,
): Promise<RunResult> {
  front.firstLogsRequestAt = null;
  const postgresBefore = cpuSecondsOf(postgresPid);
  const nodeBefore = cpuSecondsOf(nodePid);
  const startedAt = performance.now();
  const { seconds, ...usage } = await measure(contender, { ...program, isSilent: true });
  const startSeconds = ((front.firstLogsRequestAt ?? startedAt) - startedAt) / 1000;
  return {
    contender,
    wallSeconds: seconds,
    ingestSeconds: seconds - startSeconds,
    postgresCpuSeconds: cpuSecondsOf(postgresPid) - postgresBefore,
    nodeCpuSeconds: cpuSecondsOf(nodePid) - nodeBefore,
    ...usage,
  };
}
