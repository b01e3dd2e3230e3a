import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksummed } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { ExportRunner } from '../../../src/export/request/exportRunner.js';
import { makeStatement } from '../../../src/export/statement/make/makeStatement.js';
import {
  parseStatementJob,
  type StatementTexts,
} from '../../../src/export/statement/make/statementJob.js';
import { keepThread, takeThread } from '../../../src/export/statement/make/statementThread.js';
import type { Books } from '../../store/read/books.js';
import { ALICE, BOB, openScenario, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { expectLinked } from '../../support/errorLinks.js';
import { pdfPages } from '../../support/pdfText.js';
import { runCli } from '../../support/programs/cli.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { startTestApi } from '../support.js';

let databaseUrl: string;
let books: Books;
let api: RunningApi;

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  books = await openScenario(databaseUrl);
  api = await startTestApi(databaseUrl);
});
afterAll(async () => {
  await api.close();
  await books.close();
});

function get(query: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(`/v1/statement?${query}`, api.url), init);
}

async function problem(query: string, init: RequestInit = {}) {
  const response = await get(query, init);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const body = await response.json();
  expectLinked(body);
  return body;
}

/** What the command writes for the same options. */
async function command(...options: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runCli(['statement', ...options], {
    env: { DATABASE_URL: databaseUrl },
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

describe('GET /v1/statement', () => {
  test.each([
    ['text', 'text/plain; charset=utf-8', 'txt'],
    ['csv', 'text/csv; charset=utf-8', 'csv'],
    ['json', 'application/json; charset=utf-8', 'json'],
  ])('is the file of the command, as %s', async (format, type, ending) => {
    const response = await get(`holder=${ALICE}&holder=${BOB}&format=${format}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('content-disposition')).toBe(
      `attachment; filename="statement-${checksummed(ALICE)}.${ending}"`,
    );
    expect(await response.text()).toBe(await command(ALICE, BOB, '--format', format));
  });

  test('is the same PDF as that of the command', async () => {
    const file = join(await temporaryFolder(), 'statement.pdf');
    await command(ALICE, '--format', 'pdf', '--out', file);
    const response = await get(`holder=${ALICE}&format=pdf`);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(pdfPages(Buffer.from(await response.arrayBuffer()))).toEqual(
      pdfPages(await readFile(file)),
    );
  });

  test('takes a period, tokens and a chain as the command does', async () => {
    const narrow = await get(
      `holder=${ALICE},${BOB}&token=${WINDOWED}&chain=1&from=20&to=block:45&format=csv`,
    );
    const options = ['--token', WINDOWED, '--chain', '1', '--from', '20', '--to', 'block:45'];
    expect(await narrow.text()).toBe(await command(ALICE, BOB, ...options, '--format', 'csv'));
  });

  test('is text where no format is named', async () => {
    expect(await (await get(`holder=${ALICE}`)).text()).toBe(await command(ALICE));
  });

  test('comes once to a client that has it already', async () => {
    const etag = (await get(`holder=${ALICE}&format=csv`)).headers.get('etag') ?? '';
    const again = await get(`holder=${ALICE}&format=csv`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const other = await get(`holder=${BOB}&format=csv`, { headers: { 'if-none-match': etag } });
    expect(other.status).toBe(200);
  });

  test.each([
    ['', 400, 'BAD_PERSON'],
    ['holder=', 400, 'EXPORT_BAD_OPTION'],
    ['holder=0x12', 400, 'EXPORT_BAD_OPTION'],
    [`holder=${ALICE}&token=${ALICE}`, 404, 'UNKNOWN_TOKEN'],
    [`holder=${ALICE}&chain=7`, 404, 'UNKNOWN_CHAIN'],
    [`holder=${ALICE}&chain=one`, 400, 'EXPORT_BAD_OPTION'],
    [`holder=${ALICE}&format=xlsx`, 400, 'EXPORT_BAD_OPTION'],
    [`holder=${ALICE}&from=yesterday`, 400, 'STATEMENT_BAD_PERIOD'],
    [`holder=${ALICE}&chain=1&from=45&to=42`, 400, 'STATEMENT_EMPTY_PERIOD'],
    [`holder=${ALICE}&chain=1&to=999999`, 400, 'BLOCK_NOT_INDEXED'],
    [`holder=${ALICE}&currency=usd`, 400, 'EXPORT_BAD_OPTION'],
    [`holder=${ALICE}&from=2026&from=2027`, 400, 'BAD_QUERY'],
    [`holders=${ALICE}`, 400, 'BAD_QUERY'],
  ])('refuses "%s" with %d and %s', async (query, status, code) => {
    expect(await problem(query)).toMatchObject({ status, code });
  });

  test('serves GET and HEAD only', async () => {
    expect(await problem(`holder=${ALICE}`, { method: 'DELETE' })).toMatchObject({
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
    });
    const head = await get(`holder=${ALICE}&format=csv`, { method: 'HEAD' });
    const whole = await get(`holder=${ALICE}&format=csv`);
    expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(await whole.text())));
    expect((await get('', { method: 'OPTIONS' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });
});

describe('making a statement for somebody else', () => {
  const job = (texts: Partial<StatementTexts> = {}) =>
    parseStatementJob({ holder: [ALICE], format: 'csv', ...texts });
  const never = new AbortController().signal;

  test('ends once it needs more rows than it may have', async () => {
    const made = makeStatement(job(), { databaseUrl, rowsAtMost: 3, signal: never });
    await expect(made).rejects.toMatchObject({
      code: 'STATEMENT_TOO_LONG',
      message: 'the statement needs more than 3 rows',
    });
  });

  test('ends when its time is over', async () => {
    const made = makeStatement(job(), { databaseUrl, withinMs: 0, signal: never });
    await expect(made).rejects.toMatchObject({ code: 'STATEMENT_TOO_LONG' });
  });

  test('ends when nobody waits for it any longer', async () => {
    const left = new AbortController();
    const made = makeStatement(job(), { databaseUrl, signal: left.signal });
    left.abort(new Error('has left'));
    await expect(made).rejects.toThrow('has left');
  });

  test('fails with the error of its thread', async () => {
    const made = makeStatement(job({ token: [BOB] }), { databaseUrl, signal: never });
    await expect(made).rejects.toMatchObject({ name: 'ImoError', code: 'UNKNOWN_TOKEN' });
  });

  test('uses a thread that has made one again, at once with nobody else, and never one that ended', async () => {
    const [one, other] = [takeThread(), takeThread()];
    expect(other).not.toBe(one);
    keepThread(one);
    expect(takeThread()).toBe(one);
    keepThread(one);
    await one.terminate();
    const third = takeThread();
    expect([one, other]).not.toContain(third);
    await Promise.all([other.terminate(), third.terminate()]);
  });

  test('takes the place of an export', async () => {
    const desk = new ExportRunner({ databaseUrl, atOnce: 2 });
    let finish: (text: string) => void = () => undefined;
    const work = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const running = desk.run(() => work, 'one');
    await expect(desk.run(async () => 'more', 'one')).rejects.toMatchObject({
      code: 'EXPORT_BUSY',
    });
    expect(await desk.run(async () => 'other', 'two')).toBe('other');
    finish('done');
    expect(await running).toBe('done');
    expect(await desk.run(async () => 'again', 'one')).toBe('again');
    await desk.close();
  });

  test('ends with the server', async () => {
    const desk = new ExportRunner({ databaseUrl });
    const running = desk.run((signal) => makeStatement(job(), { databaseUrl, signal }));
    running.catch(() => undefined);
    await desk.close();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});
