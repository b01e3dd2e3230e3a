import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import { cpuSecondsOf, peakMegabytesOf } from '../ingest/processUsage.js';
import type { Question } from './questions.js';

/** One of the two servers, in a process of its own. */
export class Contender {
  private constructor(
    readonly name: 'ours' | 'limit',
    private readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  static async start(
    name: 'ours' | 'limit',
    databaseUrl: string,
    nodeFlags: readonly string[] = [],
  ): Promise<Contender> {
    const script = name === 'ours' ? 'serveApi.js' : 'limit/server.js';
    const path = join(PROJECT_ROOT, 'dist', 'bench', 'api', script);
    const child = spawn(process.execPath, [...nodeFlags, path], {
      env: { ...process.env, DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    const [port] = await Promise.race([once(lines, 'line'), failure(child, name)]);
    return new Contender(name, Number(port), child);
  }

  /** Where the question is asked. */
  readonly urlOf = ({ name }: Question): string =>
    `http://127.0.0.1:${this.port}/${this.name === 'ours' ? 'graphql' : name}`;

  /** Our own endpoint. */
  graphqlUrl(scheme: 'http' | 'ws'): string {
    return `${scheme}://127.0.0.1:${this.port}/graphql`;
  }

  /** The answer to the question with these variables, as text. */
  async ask(question: Question, variables: Record<string, unknown>): Promise<string> {
    const response = await fetch(this.urlOf(question), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: bodyOf(question, variables),
    });
    return response.text();
  }

  /** What our own server says to a query of its own. */
  async askText(query: string): Promise<string> {
    const response = await fetch(this.graphqlUrl('http'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
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
