import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { cpuSecondsOf, peakMegabytesOf } from '../ingest/processUsage.js';
import type { Question } from './questions.js';

/** How a server is started. */
interface Program {
  /** The executable of Node.js. */
  readonly node: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** One of the servers, in a process of its own. */
export class Contender<Name extends string = string> {
  private constructor(
    readonly name: Name,
    private readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  static start<Own extends 'ours' | 'limit'>(
    name: Own,
    databaseUrl: string,
    nodeFlags: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Contender<Own>> {
    const script = name === 'ours' ? 'serveApi.js' : 'limit/server.js';
    const path = join(PROJECT_ROOT, 'dist', 'bench', 'api', script);
    return Contender.run(name, {
      node: process.execPath,
      args: [...nodeFlags, path],
      cwd: process.cwd(),
      env: { DATABASE_URL: databaseUrl, ...env },
    });
  }

  /** @param port that it listens on; left out: its first line says it */
  static async run<Own extends string>(
    name: Own,
    { node, args, cwd, env }: Program,
    port?: number,
  ): Promise<Contender<Own>> {
    const child = spawn(node, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', port === undefined ? 'inherit' : 'ignore'],
    });
    if (port !== undefined) {
      // What it logs is of no interest, but has to go somewhere.
      child.stdout?.resume();
      return new Contender(name, port, child);
    }
    const lines = createInterface({ input: child.stdout as Readable });
    const [said] = await Promise.race([once(lines, 'line'), failure(child, name)]);
    return new Contender(name, Number(said), child);
  }

  /** Where the question is asked. */
  readonly urlOf = ({ name }: Pick<Question, 'name'>): string =>
    `http://127.0.0.1:${this.port}/${this.name === 'limit' ? name : 'graphql'}`;

  /** Our own endpoint. */
  graphqlUrl(scheme: 'http' | 'ws'): string {
    return `${scheme}://127.0.0.1:${this.port}/graphql`;
  }

  /** The answer to the question with these variables, as text. */
  async ask(question: Question, variables: Record<string, unknown>): Promise<string> {
    return this.send(this.urlOf(question), bodyOf(question, variables));
  }

  /** The answer of a server of GraphQL to a body, as text. */
  post(body: string): Promise<string> {
    return this.send(this.graphqlUrl('http'), body);
  }

  /** What our own server says to a query of its own. */
  async askText(query: string): Promise<string> {
    return this.post(JSON.stringify({ query }));
  }

  private async send(url: string, body: string): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body });
    return response.text();
  }

  cpuSeconds(): number {
    return cpuSecondsOf(this.child.pid ?? 0);
  }

  peakMegabytes(): number {
    return peakMegabytesOf(this.child.pid ?? 0);
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }
}

export function bodyOf({ query }: Question, variables: Record<string, unknown>): string {
  return JSON.stringify({ query, variables });
}

async function failure(child: ChildProcess, name: string): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`${name} ended with code ${code} before it listened`);
}
