import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../src/projectRoot.js';

const SERVER = join(PROJECT_ROOT, 'dist', 'bench', 'api', 'serveApi.js');
const QUERY =
  '{ tokens(first: 100) { totalCount nodes { address symbol supply pools { newRevenueWei claimableWei } } } }';

/** What a server over the books took. */
export interface Serving {
  /** From the start of its process to the first answer to anything. */
  readonly startSeconds: number;
  /** The first and the second page of tokens. */
  readonly querySeconds: readonly number[];
  readonly tokens: number;
}

export async function measureServing(databaseUrl: string): Promise<Serving> {
  const startedAt = performance.now();
  const secondsSince = (at: number) => (performance.now() - at) / 1000;
  const server = spawn(process.execPath, [SERVER], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  try {
    const [line]: unknown[] = await once(server.stdout, 'data');
    const url = `http://127.0.0.1:${Number(String(line))}/graphql`;
    const startSeconds = secondsSince(startedAt);
    const querySeconds: number[] = [];
    let tokens = 0;
    for (let turn = 0; turn < 2; turn++) {
      const askedAt = performance.now();
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: QUERY }),
      });
      const text = await response.text();
      querySeconds.push(secondsSince(askedAt));
      const { data } = JSON.parse(text) as { data?: { tokens: { totalCount: number } } | null };
      if (data == null) throw new Error(`the tokens were not listed: ${text.slice(0, 500)}`);
      tokens = data.tokens.totalCount;
    }
    return { startSeconds, querySeconds, tokens };
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}
