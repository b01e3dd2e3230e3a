/**
 * The limit: the same answers over plain `node:http` and `pg`, without GraphQL, limits, guards
 * or masks. Run as a process: DATABASE_URL in the environment, the port on the first line.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newPool } from '../../../src/store/database/postgres.js';
import { QUESTION_NAMES } from '../questions.js';
import { limitAnswers } from './answers.js';

const { DATABASE_URL = '' } = process.env;
// The statements that it shares with the API expect numbers as our connections give them.
const pool = newPool({
  connectionString: DATABASE_URL,
  max: 10,
  options: '-c jit=off -c work_mem=32MB',
});

const answers = limitAnswers(pool);

const server = createServer((request, response) => {
  answer(request).then(
    (body) => {
      response.writeHead(200, {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    },
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      response.writeHead(500).end();
    },
  );
});

async function answer(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  const name = request.url?.slice(1) ?? '';
  const { variables } = JSON.parse(text);
  const question = QUESTION_NAMES.find((known) => known === name);
  if (question === undefined) throw new RangeError(`no question "${name}"`);
  return JSON.stringify({ data: await answers[question](variables) });
}

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
