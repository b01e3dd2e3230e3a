import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningApi } from '../../../src/api/server.js';
import { ExportRunner } from '../../../src/export/request/exportRunner.js';
import { parseExportRequest } from '../../../src/export/request/request.js';
import { exportHeaders } from '../../../src/export/write/httpHeaders.js';
import { exportText } from '../../export/support.js';
import { accountOf, mint } from '../../store/read/actions.js';
import type { Books } from '../../store/read/books.js';
import { ALICE, openScenario, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { expectLinked } from '../../support/errorLinks.js';
import { eventually } from '../../support/eventually.js';
import { loggerInto, startTestApi } from '../support.js';

let databaseUrl: string;
let books: Books;
let api: RunningApi;
const log: string[] = [];

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  books = await openScenario(databaseUrl);
  api = await startTestApi(databaseUrl, { logger: loggerInto(log) });
});
afterAll(async () => {
  await api.close();
  await books.close();
});

const url = (path: string) => new URL(path, api.url).href;

/** The answer as it comes over the wire, before anything is unpacked. */
async function open(path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const [response] = (await once(get(url(path), { headers }), 'response')) as [IncomingMessage];
  return response;
}

async function failure(path: string) {
  const response = await fetch(url(path));
  const { error } = (await response.json()) as {
    error: { code: string; hint: string; docs: string };
  };
  expectLinked(error);
  return { status: response.status, ...error, headers: response.headers };
}

describe('GET /v1/export', () => {
  test('lists what can be exported', async () => {
    const response = await fetch(url('/v1/export'));
    const { datasets } = (await response.json()) as { datasets: { name: string }[] };
    expect(datasets.map(({ name }) => name)).toContain('entitlements');
    expect(datasets[0]).toMatchObject({ takes: ['holder', 'isContract/kind'], isResumable: true });
    expect(JSON.stringify(datasets)).not.toContain('encode(');
  });
});

describe('GET /v1/export/DATASET', () => {
  test('is the export of the command, with a file name and what it holds for', async () => {
    const response = await open(`/v1/export/claims?chain=1&token=${WINDOWED}`);
    const content = await text(response);
    expect(content).toBe(
      (await exportText(databaseUrl, 'claims', { chain: '1', token: WINDOWED })).content,
    );
    expect(response.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="claims-1-55.csv"',
      'cache-control': 'no-store',
      'x-imo-dataset': 'claims',
      'x-imo-as-of-final': 'false',
      'x-imo-books': 'not audited',
    });
    expect(response.headers['x-imo-as-of']).toMatch(/^1:55:0x[0-9a-f]{64}$/);
    expect(response.trailers).toMatchObject({ 'x-imo-rows': '2' });
  });

  test('is packed for those who can unpack it', async () => {
    const path = '/v1/export/holders?format=jsonl';
    const packed = await open(path, { 'accept-encoding': 'br, gzip;q=0.5' });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
    const chunks: Buffer[] = [];
    for await (const chunk of packed) chunks.push(chunk as Buffer);
    const plain = await open(path, { 'accept-encoding': 'gzip;q=0, identity' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(gunzipSync(Buffer.concat(chunks)).toString()).toBe(await text(plain));
  });

  test('an interrupted download continues after its last byte, from the same URL', async () => {
    const path = '/v1/export/holders';
    const whole = await open(path);
    const content = Buffer.from(await text(whole));
    const { etag = '' } = whole.headers;
    expect(whole.headers['accept-ranges']).toBe('bytes');
    await books.commit(1, 56, new Map([[1, [mint(ALICE, 7n)]]]), 45);
    const rest = await open(path, { range: 'bytes=100-', 'if-range': etag });
    expect(rest.statusCode).toBe(206);
    expect(rest.headers).toMatchObject({
      'content-range': `bytes 100-${content.length - 1}/${content.length}`,
      'x-imo-as-of': whole.headers['x-imo-as-of'],
      etag,
    });
    expect(Buffer.concat([content.subarray(0, 100), await buffer(rest)])).toEqual(content);
    const digest = `sha-256=:${createHash('sha256').update(content).digest('base64')}:`;
    expect(whole.trailers['repr-digest']).toBe(digest);
    expect(rest.headers['repr-digest']).toBe(digest);
    const middle = await open(path, { range: 'bytes=5-9', 'if-range': etag });
    expect(await buffer(middle)).toEqual(content.subarray(5, 10));
    const beyond = await open(path, { range: `bytes=${content.length}-`, 'if-range': etag });
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([
      416,
      `bytes */${content.length}`,
    ]);
    const head = await fetch(url(path), { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('a URL that stands for the bytes needs no tag, and any other answers with all bytes', async () => {
    const whole = await open('/v1/export/transfers?chain=1&at=50&format=jsonl');
    const content = await text(whole);
    const location = whole.headers['content-location'] ?? '';
    const fixed = new URL(location, url('/v1/export/transfers'));
    const rest = await open(`${fixed.pathname}${fixed.search}`, { range: 'bytes=40-' });
    expect([rest.statusCode, await text(rest)]).toEqual([206, content.slice(40)]);
    const moving = await open('/v1/export/transfers', { range: 'bytes=40-' });
    expect([moving.statusCode, (await text(moving)).startsWith('row_id')]).toEqual([200, true]);
    const packed = await open('/v1/export/transfers', { 'accept-encoding': 'gzip' });
    expect(packed.headers).toMatchObject({ 'accept-ranges': 'none' });
    expect(packed.headers.etag).toBeUndefined();
    packed.resume();
  });

  test('parts of an export whose names have changed are never put together', async () => {
    const path = '/v1/export/receipts';
    const whole = await open(path);
    const content = await text(whole);
    await query(databaseUrl, `INSERT INTO label VALUES (1, '\\x${'ab'.repeat(20)}', 'Somebody')`);
    const range = { range: 'bytes=100-', 'if-range': whole.headers.etag ?? '' };
    const again = await open(path, range);
    expect(again.statusCode).toBe(200);
    expect(again.headers.etag).not.toBe(whole.headers.etag);
    await text(again);
    const resume = String(whole.headers['x-imo-resume']);
    for (const options of [`resume=${resume}`, `resume=${resume}&cursor=${content.slice(0, 5)}`]) {
      expect(await failure(`${path}?${options}`)).toMatchObject({
        status: 409,
        code: 'EXPORT_CHANGED',
      });
    }
  });

  test('Parquet has a length', async () => {
    const response = await fetch(url('/v1/export/holders?format=parquet'));
    const content = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet');
    expect(response.headers.get('content-length')).toBe(String(content.length));
    expect(response.headers.get('x-imo-rows')).toBe('6');
    expect(content.subarray(-4).toString()).toBe('PAR1');
  });

  test('a dataset without rows is an empty list, not an error', async () => {
    const response = await fetch(url('/v1/export/journal?format=jsonl'));
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test('an interrupted export continues after its last row, at the same block', async () => {
    const whole = await open('/v1/export/transfers');
    const content = await text(whole);
    const lines = content.split('\n');
    const cursor = lines[3]?.split(',')[0];
    // The chain has gone on meanwhile.
    await books.commit(1, 57, new Map(), 45);
    const resume = String(whole.headers['x-imo-resume']);
    const path = `/v1/export/transfers?cursor=${cursor}&resume=${resume}`;
    const rest = await open(path);
    expect(`${lines.slice(0, 4).join('\n')}\n${await text(rest)}`).toBe(content);
    expect(rest.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=absent',
      'x-imo-as-of': whole.headers['x-imo-as-of'],
      'x-imo-resume': resume,
    });
    expect(await failure(`/v1/export/claims?cursor=${cursor}&resume=${resume}`)).toMatchObject({
      status: 400,
      code: 'EXPORT_BAD_OPTION',
    });
    expect(await failure(`/v1/export/transfers?cursor=1'--&resume=${resume}`)).toMatchObject({
      status: 400,
      code: 'EXPORT_BAD_CURSOR',
    });
  });

  test('it does not continue over a chain that was replaced', async () => {
    const { headers } = await open('/v1/export/transfers?chain=1');
    const path = `/v1/export/transfers?chain=1&cursor=0001-0000000010-000000&resume=${headers['x-imo-resume']}`;
    expect((await fetch(url(path))).status).toBe(200);
    await query(databaseUrl, `UPDATE block SET hash = '\\x01' WHERE chain_id = 1 AND number = 56`);
    expect(await failure(path)).toMatchObject({ status: 409, code: 'CHAIN_REORGANISED' });
  });

  test('books that differ from a contract say so', async () => {
    await query(
      databaseUrl,
      `INSERT INTO audit_progress VALUES (1, 55, '\\x00', now(), 3, NULL);
       INSERT INTO audit_mismatch VALUES (1, 'totalSupply()', NULL, 50, 55, 90, 91)`,
    );
    const { headers } = await fetch(url('/v1/export/holders?chain=1'));
    expect(headers.get('x-imo-books')).toBe('differ');
    expect(headers.get('x-imo-disagreements')).toBe(`1:${WINDOWED}`);
  });

  test.each([
    ['/v1/export/holder', 404, 'EXPORT_UNKNOWN_DATASET'],
    ['/v1/export/holders?format=xls', 400, 'EXPORT_BAD_OPTION'],
    ['/v1/export/holders?tokn=0x00', 400, 'EXPORT_BAD_OPTION'],
    ['/v1/export/holders?chain=1&chain=2', 400, 'EXPORT_BAD_OPTION'],
    ['/v1/export/holders?chain=99', 404, 'UNKNOWN_CHAIN'],
    ['/v1/export/holders?chain=1&at=99999', 404, 'BLOCK_NOT_INDEXED'],
    ['/v1/export/holders?cursor=1&resume=eyJ9', 400, 'EXPORT_BAD_OPTION'],
    ["/v1/export/holders?holder='; DROP TABLE holder; --", 400, 'EXPORT_BAD_OPTION'],
    ['/v1/export/%00', 404, 'EXPORT_UNKNOWN_DATASET'],
  ])('%s: %d %s', async (path, status, code) => {
    expect(await failure(path)).toMatchObject({ status, code, hint: expect.stringMatching(/\w/) });
  });

  test('only reads', async () => {
    expect((await fetch(url('/v1/export/holders'), { method: 'POST' })).status).toBe(405);
  });
});

test('books that differ in ever so many tokens fit into a header', () => {
  const disagreements = Array.from({ length: 1000 }, (_, number) => ({
    chainId: 1,
    token: accountOf(number),
    figure: 'totalSupply()',
    block: 1,
    ours: '1',
    contract: '2',
  }));
  const { 'x-imo-disagreements': header = '' } = exportHeaders({
    dataset: 'holders',
    format: 'csv',
    narrowedTo: {},
    after: null,
    asOf: [],
    audit: { agrees: false, disagreements },
    held: [],
    archived: [],
    paused: [],
    unread: [],
    resume: null,
    columns: [],
  });
  expect(header).toMatch(new RegExp(`^1:${accountOf(0)}, .*, and 968 more$`));
  expect(header.length).toBeLessThan(2048);
});

describe('an export that nobody takes', () => {
  const RUNNING = `SELECT state FROM pg_stat_activity
    WHERE application_name = 'imo-ledger export' AND datname = current_database()`;
  const until = (count: number) =>
    eventually(async () => expect(await query(databaseUrl, RUNNING)).toHaveLength(count));

  beforeAll(async () => {
    // More than all buffers between the database and a client hold.
    await query(
      databaseUrl,
      `INSERT INTO transfer SELECT '0001-0000000054-' || lpad(n::text, 6, '0'), 1, 54, now(),
         '\\xabcd', 0, n, n, '\\x${'11'.repeat(20)}', '\\x${'22'.repeat(20)}', 7
       FROM generate_series(100000, 299999) n`,
    );
  });

  test('ends in the database when the client disconnects, and only so many run at once', async () => {
    const first = await open('/v1/export/transfers');
    const second = await open('/v1/export/transfers');
    expect(await failure('/v1/export/claims')).toMatchObject({ status: 429, code: 'EXPORT_BUSY' });
    expect((await query(databaseUrl, RUNNING)).length).toBe(2);
    first.destroy();
    await until(1);
    second.destroy();
    await until(0);
    expect((await fetch(url('/v1/export/claims'))).status).toBe(200);
    expect(log.filter((line) => line.includes('an export failed'))).toEqual([]);
  });

  test('has a time limit of its own', async () => {
    const desk = new ExportRunner({ databaseUrl, withinMs: 1 });
    const { rows, close } = await desk.open(parseExportRequest('transfers', {}));
    await expect(text(rows)).rejects.toMatchObject({ code: '57014' });
    await close();
  });

  test('a connection that broke in the middle loses nothing', async () => {
    const path = '/v1/export/transfers';
    const broken = await open(path);
    const received: Buffer[] = [];
    for await (const chunk of broken) {
      received.push(chunk as Buffer);
      if (Buffer.concat(received).length > 1_000_000) break;
    }
    broken.destroy();
    const start = Buffer.concat(received);
    const rest = await open(path, {
      range: `bytes=${start.length}-`,
      'if-range': broken.headers.etag ?? '',
    });
    expect(rest.statusCode).toBe(206);
    const hash = createHash('sha256').update(start);
    for await (const chunk of rest) hash.update(chunk as Buffer);
    expect(rest.headers['repr-digest']).toBe(`sha-256=:${hash.digest('base64')}:`);
    expect(rest.headers['x-imo-rows']).toBe('200008');
    await until(0);
  });

  test('breaks the connection rather than end early, and the reason is in the log', async () => {
    const response = await open('/v1/export/transfers');
    await query(
      databaseUrl,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'imo-ledger export' AND datname = current_database()`,
    );
    await expect(text(response)).rejects.toThrow('aborted');
    await eventually(() =>
      expect(log.filter((line) => line.includes('an export failed'))).toHaveLength(1),
    );
    await until(0);
  });
});
