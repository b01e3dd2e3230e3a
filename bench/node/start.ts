import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import type { ServedChain } from './child.js';
import type { Pace, Traffic } from './server.js';
import type { ChainSpec } from './spec.js';

const CHILD = join(PROJECT_ROOT, 'dist', 'bench', 'node', 'child.js');

/** A generated chain in a process of its own. */
export interface NodeProcess extends ServedChain {
  readonly pid: number;
  /** What was asked since the last time. */
  takeTraffic(): Promise<Traffic>;
  /** How slow it answers from now on. */
  setPace(pace: Pace): Promise<void>;
  stop(): Promise<void>;
}

/** @throws Error if the chain cannot be generated */
export async function startGeneratingNode(spec: ChainSpec): Promise<NodeProcess> {
  const child = fork(CHILD, [JSON.stringify(spec)]);
  const served = (await answerOf(child)) as ServedChain;
  return {
    ...served,
    pid: child.pid ?? 0,
    takeTraffic: () => tell(child, null),
    async setPace(pace) {
      await tell(child, pace);
    },
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** @returns what was asked since the last time */
async function tell(child: ChildProcess, pace: Pace | null): Promise<Traffic> {
  const answer = answerOf(child);
  child.send(pace as object);
  return (await answer) as Traffic;
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const end = () => ended.abort(new Error('the generating node ended'));
  child.once('exit', end);
  try {
    const [message]: unknown[] = await once(child, 'message', { signal: ended.signal });
    return message;
  } finally {
    child.off('exit', end);
  }
}
