/**
 * The floor: sends the requests that imo-ledger sent, parses the answers, and copies the rows that imo-ledger wrote.
 * It checks, decodes and books nothing.
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { withClient } from './databases.js';
import { floorTask } from './floorTask.js';

/** As many as the connections of an indexer that reads ahead. */
const REQUESTS_AT_ONCE = 4;

const { rpcUrl, databaseUrl, requestsFile, tables } = floorTask.parse(
  JSON.parse(process.argv[2] ?? ''),
);
const agent = new Agent({ keepAlive: true });
const bodies = JSON.parse(await readFile(requestsFile, 'utf8')) as string[];
await Promise.all([
  copyTables(),
  ...Array.from({ length: REQUESTS_AT_ONCE }, async () => {
    for (let body = bodies.shift(); body !== undefined; body = bodies.shift()) await send(body);
  }),
]);
agent.destroy();

/** Parses the answer, and forgets it. */
async function send(body: string): Promise<void> {
  const bytes = Buffer.from(body);
  const text = await new Promise<string>((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': bytes.length };
    const asking = request(rpcUrl, { agent, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve(Buffer.concat(chunks).toString()));
      response.once('error', reject);
    });
    asking.once('error', reject);
    asking.end(bytes);
  });
  JSON.parse(text);
}

/** In one transaction, as the rows of a commit are. */
function copyTables(): Promise<void> {
  return withClient(databaseUrl, async (client) => {
    await client.query('BEGIN');
    for (const { name, file } of tables) {
      const rows = client.query(copyFrom(`COPY ${name} FROM STDIN (FORMAT binary)`));
      await pipeline(createReadStream(file), rows);
    }
    await client.query('COMMIT');
  });
}
