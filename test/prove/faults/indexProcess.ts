import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';

const OUTPUT_KEPT = 20_000;

/** Errors that the index may end with: its supervisor starts it again. */
const FAULTS = /^(DATABASE_|RPC_|CHAIN_LOCKED$)/;

/** The real `imo-ledger index`, which is started again whenever it ends. */
export class IndexProcess {
  kills = 0;
  /** What it said when it ended by itself, by the code of the error. */
  readonly endings = new Map<string, number>();
  private output = '';
  private child: ChildProcess | null = null;
  private stopping = false;

  constructor(
    private readonly args: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
  ) {
    this.start();
  }

  /** Why it ended by itself, and the end of what all of its processes wrote. */
  describe(): string {
    return `${this.describeEndings()}\n${this.output}`;
  }

  describeEndings(): string {
    return `ended by itself: ${JSON.stringify(Object.fromEntries(this.endings))}`;
  }

  /** @throws Error if it has ended but for a fault of the database or of all nodes */
  assertNoSurprise(): void {
    const surprise = [...this.endings.keys()].find((ending) => !FAULTS.test(ending));
    if (surprise === undefined) return;
    throw new Error(`the process ended with ${surprise}; ${this.describe()}`);
  }

  /** kill -9 of the process, of those that it started, or of all at once. */
  async kill(which: 'parent' | 'children' | 'all'): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined) throw new Error(`there is no process; ${this.describe()}`);
    const children = await childrenOf(child.pid);
    const victims = which === 'children' && children.length > 0 ? children : [child.pid];
    if (which === 'all') victims.push(...children);
    this.kills += 1;
    for (const pid of victims) killNow(pid);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child === null) return;
    child.kill('SIGTERM');
    await once(child, 'close');
  }

  /** Ends it for a while: in order, or, if something comes first, by kill -9. */
  async pause(first: Promise<void>): Promise<void> {
    const { child } = this;
    this.stopping = true;
    if (child === null) return;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    await Promise.race([closed, first]);
    if (this.child !== null) await this.kill('all');
    await closed;
  }

  resume(): void {
    this.stopping = false;
    this.start();
  }

  private start(): void {
    const child = spawn(process.execPath, [join(PROJECT_ROOT, 'bin/imo-ledger.js'), ...this.args], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        // Errors with their stacks.
        IMO_LEDGER_DEBUG: '1',
        ...this.env,
      },
      // The channel ends it when this process is gone, in whatever way.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        said = `${said}${chunk}`.slice(-OUTPUT_KEPT);
        this.output = `${this.output}${chunk}`.slice(-OUTPUT_KEPT);
      });
    }
    child.once('close', (code, signal) => {
      this.child = null;
      if (this.stopping) return;
      if (signal !== 'SIGKILL') this.noteEnding(endingOf(said) ?? `code ${code} ${signal ?? ''}`);
      this.start();
    });
  }

  private noteEnding(code: string): void {
    this.endings.set(code, (this.endings.get(code) ?? 0) + 1);
  }
}

/** The code of the error; of one that should not happen, all of it. */
function endingOf(said: string): string | undefined {
  const [line, code] = /^error (\w+): .*$/m.exec(said) ?? [];
  return code === 'UNEXPECTED' ? line : code;
}

async function childrenOf(pid: number): Promise<number[]> {
  // A process that has just ended has no children to kill.
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return list.split(' ').filter(Boolean).map(Number);
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It was faster.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
