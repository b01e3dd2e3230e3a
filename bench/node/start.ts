import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import type { ServedChain } from './child.js';
import type { Traffic } from './server.js';
import type { ChainSpec } from './spec.js';

const CHILD = join(PROJECT_ROOT, 'dist', 'bench', 'node', 'child.js');

/** A generated chain in a process of its own. */
export interface NodeProcess extends ServedChain {
  readonly pid: number;
  /** What was asked since the last time. */
  takeTraffic(): Promise<Traffic>;
  stop(): Promise<void>;
}

/** @throws Error if the chain cannot be generated */
export async function startGeneratingNode(spec: ChainSpec): Promise<NodeProcess> {
  const child = fork(CHILD, [JSON.stringify(spec)]);
  const served = (await answerOf(child)) as ServedChain;
  return {
    ...served,
    pid: child.pid ?? 0,
    async takeTraffic() {
      const answer = answerOf(child);
      child.send('traffic');
      return (await answer) as Traffic;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  child.once('exit', () => ended.abort(new Error('the generating node ended')));
  const [message]: unknown[] = await once(child, 'message', { signal: ended.signal });
  return message;
}
