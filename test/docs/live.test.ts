import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApi } from '../../src/api/server.js';
import { subscribeSse, subscribeWs } from '../api/live/clients.js';
import { startTestApi } from '../api/support.js';
import { openScenario, WINDOWED } from '../store/read/scenario.js';
import { freshDatabase } from '../support/databases/postgres.js';

const text = readFileSync('docs/live.md', 'utf8');
const ADDRESS = '127.0.0.1:4350';
const KNOWN_TOKEN = '0xe5018913F2fdf33971864804dDB5fcA25C539032';

let api: RunningApi;

beforeAll(async () => {
  const url = await freshDatabase();
  const books = await openScenario(url);
  await books.close();
  api = await startTestApi(url);
});
afterAll(() => api.close());

/** The examples of a language, as they would be written for this server. */
function examples(language: string): string[] {
  const found = [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))];
  return found.map(([, code = '']) =>
    code.replaceAll(ADDRESS, `127.0.0.1:${api.port}`).replaceAll(KNOWN_TOKEN, WINDOWED),
  );
}

/** Runs a program until it has written what is expected. */
async function runUntil(command: string, args: string[], expected: RegExp): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const seen = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (expected.test(output)) resolve();
      });
    }
  });
  const exited = once(child, 'exit');
  await Promise.race([seen, exited]);
  child.kill('SIGKILL');
  await exited;
  return output;
}

test.each([
  ['server-sent events', subscribeSse],
  ['graphql-ws', subscribeWs],
])('every subscription of the document opens with an answer (%s)', async (_, subscribe) => {
  const all = examples('graphql');
  expect(all).toHaveLength(7);
  for (const example of all) {
    const events = await subscribe(api, example);
    const { data, errors } = await events.next();
    expect(errors).toBeUndefined();
    expect(Object.values(data)).not.toContain(null);
    await events.close();
  }
});

test('the curl example shows events', async () => {
  const [command = ''] = examples('sh');
  const expected = /event: next\ndata: \{"data":\{"receipts":\{"asOf":\{"block":\d+\}/;
  // `exec`: what is killed is curl itself.
  expect(await runUntil('sh', ['-c', `exec ${command}`], expected)).toMatch(expected);
});

test('the graphql-ws example prints the status', async () => {
  const [code = ''] = examples('js');
  const folder = await mkdtemp(join(process.cwd(), 'node_modules', '.live-example-'));
  try {
    const file = join(folder, 'example.mjs');
    await writeFile(file, code);
    const expected = /\{"status":\[\{"chainId":1,"indexed":\{"block":55\},"lagBlocks":null\}/;
    expect(await runUntil(process.execPath, [file], expected)).toMatch(expected);
  } finally {
    await rm(folder, { recursive: true });
  }
});
