import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';
import type { Target } from './target.js';

/** The server's status of its only chain. */
export interface Progress {
  readonly indexedBlock: number;
  readonly lagBlocks: number;
}

const READY_WITHIN_MS = 240_000;
const MEGABYTE = 1_048_576;

/**
 * `imo-ledger demo` as a process: a chain that lives on, an indexer that follows it, and the
 * server that is to be broken.
 */
export class LiveDemo implements Target {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly operatorsUrl: string,
  ) {}

  static async start(): Promise<LiveDemo> {
    const child = spawn(
      process.execPath,
      [join(PROJECT_ROOT, 'bin', 'imo-ledger.js'), 'demo', '--port', '0'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-50_000);
      });
    }
    for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += 500) {
      const url = /Ready after .*?(http:\S+)/.exec(output)?.[1];
      const operators = /For operators: (http:\/\/[^/\s]+)/.exec(output)?.[1];
      if (url !== undefined && operators !== undefined) return new LiveDemo(child, url, operators);
      if (child.exitCode !== null) break;
      await delay(500);
    }
    child.kill('SIGKILL');
    throw new Error(`the demo did not get ready:\n${output.slice(-4_000)}`);
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resident memory of the process with the server. */
  async megabytes(): Promise<number> {
    const status = await readFile(`/proc/${this.child.pid}/status`, 'utf8');
    return (Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / MEGABYTE;
  }

  async progress(): Promise<Progress> {
    const response = await fetch(new URL('/ready', this.operatorsUrl));
    const { chains } = (await response.json()) as {
      chains: readonly { indexedBlock: number; lagBlocks: number }[];
    };
    const [chain] = chains;
    if (chain === undefined) throw new Error('no chain is indexed');
    return chain;
  }

  /** Subscriptions that are open by now. */
  async subscriptions(): Promise<number> {
    const text = await (await fetch(new URL('/metrics', this.operatorsUrl))).text();
    return Number(/^imo_ledger_api_subscriptions (\d+)$/m.exec(text)?.[1]);
  }

  async stop(): Promise<void> {
    if (!this.isAlive) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}
