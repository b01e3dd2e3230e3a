import type { IndexProgress } from '../../processor/indexerOptions.js';
import { ProgressBars } from './progressBars.js';
import { ProgressLines } from './progressLines.js';
import type { ProgressReporter } from './progressReporter.js';

/** Set for our child processes: progress goes to the parent as messages. */
export const PROGRESS_VARIABLE = 'IMO_LEDGER_PROGRESS';

/** What a child process sends. */
export interface ProgressMessage {
  readonly name: string;
  readonly progress: IndexProgress;
}

/** Bars on a terminal, a line now and then elsewhere, messages to a parent that asked. */
export function createReporter(env: NodeJS.ProcessEnv): ProgressReporter {
  if (env[PROGRESS_VARIABLE] === 'ipc' && process.send !== undefined) return messagesToParent();
  return process.stderr.isTTY ? new ProgressBars() : new ProgressLines();
}

function messagesToParent(): ProgressReporter {
  return {
    update: (name, progress) => {
      if (process.connected) process.send?.({ name, progress } satisfies ProgressMessage);
    },
    log: (line) => process.stderr.write(`${line}\n`),
    stop: () => undefined,
  };
}
