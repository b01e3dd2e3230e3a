import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAsked } from '../../../src/api/rest/exportRange.js';
import { sendExport } from '../../../src/api/rest/sendExport.js';
import { ExportRunner } from '../../../src/export/request/exportRunner.js';
import { parseExportRequest } from '../../../src/export/request/request.js';
import type { Books } from '../../store/read/books.js';
import { openScenario } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';

const PACE_MS = 60_000;
const TIMES = 3;

/** Whether the answer had ended when the place of its export was given back, for each export. */
const ended: boolean[] = [];
let books: Books;
let server: Server;

beforeAll(async () => {
  const databaseUrl = await freshDatabase();
  books = await openScenario(databaseUrl);
  const runner = new ExportRunner({ databaseUrl, atOnce: 1 });
  server = createServer((request, response) => {
    const format = new URL(request.url ?? '', 'http://here').searchParams.get('format') ?? 'csv';
    const asked = parseExportRequest('transfers', { format });
    const open = async (one: typeof asked) => {
      const exported = await runner.open(one);
      let isNoted = false;
      const close = async () => {
        if (!isNoted) ended.push(response.writableEnded);
        isNoted = true;
        await exported.close();
      };
      return { ...exported, close };
    };
    sendExport(request, response, {
      open: () => openAsked(request, asked, open),
      paceMs: PACE_MS,
    }).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  await books.close();
});

async function answer(format: string, method: string, headers: Record<string, string>) {
  const { port } = server.address() as AddressInfo;
  const asked = { port, path: `/?format=${format}`, method, headers };
  const [response] = (await once(get(asked), 'response')) as [IncomingMessage];
  return { response, body: await buffer(response) };
}

describe('the place of an export', () => {
  test.each([
    ['CSV', 'csv', 'GET', {}, 200],
    ['packed CSV', 'csv', 'GET', { 'accept-encoding': 'gzip' }, 200],
    ['JSON lines', 'jsonl', 'GET', {}, 200],
    ['Parquet', 'parquet', 'GET', {}, 200],
    ['the headers of CSV', 'csv', 'HEAD', {}, 200],
    ['the headers of Parquet', 'parquet', 'HEAD', {}, 200],
    ['a part', 'csv', 'GET', { range: 'bytes=1-' }, 206],
    ['a part that is not there', 'csv', 'GET', { range: 'bytes=99999999-' }, 416],
  ])(
    'of %s is free when the last byte reaches the client',
    async (_, format, method, asked, status) => {
      const headers: Record<string, string> = { ...asked };
      if (status !== 200) {
        const whole = await answer(format, 'GET', {});
        headers['if-range'] = whole.response.headers.etag ?? '';
      }
      ended.length = 0;
      for (let time = 0; time < TIMES; time += 1) {
        const { response, body } = await answer(format, method, headers);
        expect(`${response.statusCode} ${response.statusCode === 500 ? body : ''}`).toBe(
          `${status} `,
        );
        expect(body.length > 0).toBe(method === 'GET' && status !== 416);
      }
      expect(ended).toEqual(Array.from({ length: TIMES }, () => false));
    },
  );
});
