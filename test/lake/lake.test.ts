import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { manifestPath } from '../../src/lake/lakePaths.js';
import { LakeStore, NOTHING_STAGED, readLake } from '../../src/lake/lakeStore.js';
import { LocalPlace } from '../../src/lake/places/localPlace.js';
import { openPlace } from '../../src/lake/places/openPlace.js';
import { verifyLake } from '../../src/lake/verifyLake.js';
import { receipt } from '../store/read/actions.js';
import type { Books } from '../store/read/books.js';
import { openScenario, PAYER, REFERENCE, WINDOWED } from '../store/read/scenario.js';
import { hashFinal } from '../support/databases/hashFinal.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { documentedBlocks } from '../support/docs/blocks.js';
import { eventually } from '../support/eventually.js';
import { startCli } from '../support/programs/cli.js';
import { type S3Server, startS3 } from '../support/programs/s3Server.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { appendTo, compareLake, duckDb } from './support.js';

let databaseUrl: string;
let books: Books;
/** Its one chain with a ledger hash has one transfer and one receipt. */
let smallUrl: string;

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  books = await openScenario(databaseUrl);
  await hashFinal(databaseUrl, [1, 2]);
  smallUrl = await freshDatabase();
  await (await openScenario(smallUrl)).close();
  await hashFinal(smallUrl, [2]);
});
afterAll(() => books.close());

async function newLake(): Promise<LocalPlace> {
  return new LocalPlace(join(await temporaryFolder(), 'lake'));
}

const A_DAY_LATER = 8_000;

/** The data files that readers by pattern see. */
async function filesOf(place: LocalPlace): Promise<string[]> {
  return [...(await place.list('days')), ...(await place.list('recent'))];
}

const viewsOf = (place: LocalPlace) => readFile(join(place.root, 'views.sql'), 'utf8');

test('the lake has all final rows of every chain, equal to the database, and no later ones', async () => {
  const place = await newLake();
  const written = await appendTo(place, databaseUrl, { blocksAtOnce: 3 });
  expect(written.manifest.chains.map(({ chainId, block }) => [chainId, block])).toEqual([
    [1, 45],
    [2, 60],
  ]);
  const { equal, differences } = await compareLake(written, databaseUrl, await viewsOf(place));
  expect(differences).toEqual([]);
  expect(equal).toMatchObject({ transfers: 6, receipts: 7, snapshots: 6, claims: 2 });
  expect(await verifyLake(place, () => undefined)).toMatchObject({ faults: [] });

  const [read] = documentedBlocks().filter(
    ({ file, language }) => file === 'docs/lake.md' && language === 'sql',
  );
  const [, question = ''] = (read?.text ?? '').split('.read lake/views.sql\n');
  expect(await duckDb(question, await viewsOf(place))).toEqual([
    { chain_id: '1', token: WINDOWED, asset: 'native', receipts: '4', received: '1651' },
    { chain_id: '1', token: REFERENCE, asset: 'native', receipts: '2', received: '111' },
    { chain_id: '2', token: WINDOWED, asset: 'native', receipts: '1', received: '70' },
  ]);
  const days = `read_parquet('${place.root}/recent/receipts/**/*.parquet', hive_partitioning = true)`;
  expect(await duckDb(`SELECT sum(amount::HUGEINT)::VARCHAR AS sum FROM ${days}`)).toEqual([
    { sum: '1832' },
  ]);
});

/** A place whose process is killed at one of its calls. */
class KilledPlace extends LocalPlace {
  private calls = 0;

  constructor(
    folder: string,
    private readonly method: 'stage' | 'create' | 'publish' | 'replace',
    private readonly call: number,
  ) {
    super(folder);
  }

  private live(method: string): void {
    if (method === this.method && ++this.calls === this.call) throw new Error('killed');
  }

  override async stage(attempt: string, file: string, path: string): Promise<void> {
    this.live('stage');
    await super.stage(attempt, file, path);
  }
  override async create(path: string, text: string): Promise<boolean> {
    this.live('create');
    return super.create(path, text);
  }
  override async publish(attempt: string, path: string): Promise<void> {
    this.live('publish');
    await super.publish(attempt, path);
  }
  override async replace(path: string, text: string): Promise<void> {
    this.live('replace');
    await super.replace(path, text);
  }
}

test.each([
  ['stage', 2, 0],
  ['create', 1, 0],
  ['publish', 1, 0],
  ['publish', 2, 1],
  ['replace', 1, 'all'],
  ['replace', 2, 'all'],
] as const)(
  'a run that is killed at %s number %i shows no row twice, and the next run completes it',
  async (method, call, shown) => {
    const { root } = await newLake();
    const killed = new KilledPlace(root, method, call);
    await expect(appendTo(killed, smallUrl)).rejects.toThrow('killed');
    const place = new LocalPlace(root);
    const inPlace = await filesOf(place);
    if (shown !== 'all') expect(inPlace).toHaveLength(shown);
    const written = await appendTo(place, smallUrl);
    expect((await filesOf(place)).toSorted()).toEqual(
      written.manifest.files.map(({ path }) => path).toSorted(),
    );
    expect(await place.list('_staging')).toEqual([]);
    expect(await verifyLake(place, () => undefined)).toMatchObject({ faults: [], rows: 2 });
  },
);

test('of two writers one commits, and the other changes nothing', async () => {
  const place = await newLake();
  const [one, other] = [await LakeStore.open(place), await LakeStore.open(place)];
  await one.commit({ staged: NOTHING_STAGED });
  await expect(other.commit({ staged: NOTHING_STAGED })).rejects.toThrow(
    expect.objectContaining({ code: 'LAKE_OTHER_WRITER' }),
  );
  expect(await readLake(place)).toEqual(one.manifest);
});

test('a lake whose manifest has its files itself, of an earlier version, is read and continued', async () => {
  const place = await newLake();
  const { manifest } = await appendTo(place, smallUrl);
  await rm(join(place.root, '_lists'), { recursive: true });
  const earlier = JSON.stringify({ layout: 1, ...manifest });
  for (const path of [manifestPath(manifest.number), 'manifest-latest.json']) {
    await writeFile(join(place.root, path), earlier);
  }
  expect(await readLake(place)).toEqual(manifest);
  expect(await verifyLake(place, () => undefined)).toMatchObject({ faults: [], rows: 2 });
  const store = await LakeStore.open(place);
  await store.commit({ staged: NOTHING_STAGED });
  expect(
    await compareLake(store, smallUrl, await viewsOf(place), ['receipts', 'transfers']),
  ).toEqual({
    equal: { receipts: 1, transfers: 1 },
    differences: [],
  });
  expect(await place.list('_lists')).not.toEqual([]);
});

test('a day that is over becomes one file, and its parts are deleted after their time', async () => {
  const url = await freshDatabase();
  const scenario = await openScenario(url);
  try {
    await hashFinal(url, [1, 2]);
    const place = await newLake();
    await appendTo(place, url, { blocksAtOnce: 5 });
    const parts = await filesOf(place);
    expect(parts.filter((path) => path.startsWith('days/'))).toEqual([]);
    await scenario.commit(1, A_DAY_LATER, new Map([[1, [receipt(PAYER, 9n)]]]));
    await hashFinal(url, [1, 2]);

    const written = await appendTo(place, url, { keepMs: 60_000 });
    const { files } = written.manifest;
    const ofChain = files.filter(({ chainId }) => chainId === 1);
    const [recent, days] = [/^recent/, /^days/].map((zone) =>
      ofChain.filter(({ path }) => zone.test(path)),
    );
    expect(recent?.map(({ table, day }) => [table, day])).toEqual([['receipts', '2023-11-16']]);
    const places = days?.map(({ table, book, token, day }) => [table, book, token, day].join(' '));
    expect(new Set(places).size).toBe(places?.length);
    expect(await compareLake(written, url, await viewsOf(place), ['receipts'])).toEqual({
      equal: { receipts: 8 },
      differences: [],
    });

    expect(await filesOf(place)).toEqual(expect.arrayContaining(parts));
    const later = await appendTo(place, url);
    expect(later.rows).toBe(0);
    expect((await filesOf(place)).toSorted()).toEqual(files.map(({ path }) => path).toSorted());
  } finally {
    await scenario.close();
  }
});

test('verify names files that are missing, changed or not in the manifest', async () => {
  const place = await newLake();
  const { manifest } = await appendTo(place, databaseUrl);
  const [gone = '', changed = ''] = manifest.files.map(({ path }) => path);
  await rm(join(place.root, gone));
  await writeFile(join(place.root, changed), 'other');
  await writeFile(join(place.root, 'recent/stray.parquet'), '');
  const { faults } = await verifyLake(place, () => undefined);
  expect(faults).toEqual([
    { path: 'recent/stray.parquet', fault: 'not in the manifest' },
    { path: gone, fault: 'missing' },
    { path: changed, fault: 'other content' },
  ]);
});

test('the verb refuses to continue over other rows, and writes the books again', async () => {
  const url = await freshDatabase();
  const scenario = await openScenario(url);
  try {
    await hashFinal(url, [1, 2]);
    const place = await newLake();
    await appendTo(place, url);
    await query(url, 'UPDATE receipt SET amount_wei = amount_wei + 1 WHERE token_number = 1');
    await query(url, 'DELETE FROM ledger_hash');
    await query(url, 'DELETE FROM hash_cursor');
    await hashFinal(url, [1, 2]);
    await expect(appendTo(place, url)).rejects.toMatchObject({
      code: 'LAKE_HISTORY_CHANGED',
      message: expect.stringContaining(`token ${WINDOWED} of chain 1 has other rows`),
      hint: expect.stringContaining(`--rebuild ${WINDOWED}.`),
    });
    const written = await appendTo(place, url, { rebuild: [WINDOWED] });
    expect(await compareLake(written, url, await viewsOf(place), ['receipts'])).toEqual({
      equal: { receipts: 7 },
      differences: [],
    });
    expect(await verifyLake(place, () => undefined)).toMatchObject({ faults: [], rows: 21 });
  } finally {
    await scenario.close();
  }
});

test('a database that is behind the lake is refused, and changes nothing', async () => {
  const url = await freshDatabase();
  const scenario = await openScenario(url);
  await scenario.commit(2, A_DAY_LATER, new Map([[3, [receipt(PAYER, 9n)]]]));
  await scenario.close();
  await hashFinal(url, [2]);
  const place = await newLake();
  const { manifest } = await appendTo(place, url);
  await expect(appendTo(place, smallUrl)).rejects.toMatchObject({
    code: 'LAKE_AHEAD',
    message: expect.stringContaining(`chain 2 up to block ${manifest.chains[0]?.block}`),
  });
  expect(await readLake(place)).toEqual(manifest);
});

test('a lake whose tables had other columns is refused, and named with them', async () => {
  const place = await newLake();
  const { manifest } = await appendTo(place, smallUrl);
  const { receipts = [], ...others } = manifest.columns;
  const older = { layout: 1, ...manifest, columns: { ...others, receipts: receipts.slice(1) } };
  await writeFile(join(place.root, manifestPath(manifest.number)), JSON.stringify(older));
  await expect(appendTo(place, smallUrl)).rejects.toMatchObject({
    code: 'LAKE_COLUMNS_CHANGED',
    message: expect.stringContaining('receipts'),
  });
});

/** A place that lets something happen when the first file is written. */
class EventfulPlace extends LocalPlace {
  private pending: (() => Promise<unknown>) | null;

  constructor(folder: string, event: () => Promise<unknown>) {
    super(folder);
    this.pending = event;
  }

  override async stage(attempt: string, file: string, path: string): Promise<void> {
    const event = this.pending;
    this.pending = null;
    await event?.();
    await super.stage(attempt, file, path);
  }
}

test('books that change while their rows are written are not committed', async () => {
  const url = await freshDatabase();
  await (await openScenario(url)).close();
  await hashFinal(url, [2]);
  const { root } = await newLake();
  const place = new EventfulPlace(root, () =>
    query(url, "UPDATE ledger_hash SET hash = '\\x00' WHERE chain_id = 2"),
  );
  await expect(appendTo(place, url)).rejects.toMatchObject({ code: 'LAKE_BOOKS_CHANGED' });
  expect(await filesOf(place)).toEqual([]);
  await query(url, 'DELETE FROM ledger_hash');
  await query(url, 'DELETE FROM hash_cursor');
  await hashFinal(url, [2]);
  expect((await appendTo(place, url)).manifest.files).toHaveLength(2);
});

test('the verb appends again and again until it is stopped, an object for each run', async () => {
  const { root } = await newLake();
  const cli = startCli(['lake', root, '--every', '1', '--json'], {
    env: { DATABASE_URL: smallUrl },
  });
  await cli.waitFor(/\n.*\n/);
  const { exitCode, stdout, stderr } = await cli.stop('SIGTERM');
  const [first, second] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(first).toMatchObject({ appended: { rows: 2, files: 2 }, merged: 0, files: 2, rows: 2 });
  expect(first.chains).toEqual([expect.objectContaining({ chainId: 2, block: 60 })]);
  expect(second).toMatchObject({ appended: { rows: 0, files: 0 }, number: first.number });
  expect(stderr).not.toContain('error');
  expect(exitCode).toBe(0);
});

describe('a lake in a bucket', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
    // The client takes credentials from here only.
    for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
  });
  const placeOf = (lake: string) => openPlace(`s3://lakes/${lake}`, process.env);

  test('has the same rows as the database, is verified, and is compacted', async () => {
    const url = await freshDatabase();
    const scenario = await openScenario(url);
    await hashFinal(url, [2]);
    const place = await placeOf('whole');
    await appendTo(place, url);
    await scenario.commit(2, A_DAY_LATER, new Map([[3, [receipt(PAYER, 9n)]]]));
    await scenario.close();
    await hashFinal(url, [2]);
    const { manifest, merged } = await appendTo(place, url);
    expect(merged).toBe(2);
    const paths = manifest.files.map(({ path }) => path);
    expect(paths.map((path) => path.split('/').slice(0, 3).join('/')).toSorted()).toEqual([
      'days/receipts/chain_id=2',
      'days/transfers/chain_id=2',
      'recent/receipts/chain_id=2',
    ]);
    expect([...(await place.list('days')), ...(await place.list('recent'))]).toEqual(
      paths.toSorted(),
    );
    expect(await verifyLake(place, () => undefined)).toMatchObject({ faults: [], rows: 3 });

    // DuckDB reads buckets through an extension: here it reads a copy of the objects.
    const copy = await newLake();
    for (const path of ['manifest-latest.json', ...(await place.list('_lists')), ...paths]) {
      const folder = dirname(join(copy.root, path));
      await mkdir(folder, { recursive: true });
      await place.localCopy(path, folder);
    }
    const views = (await place.read('views.sql')) ?? '';
    const moved = `SET VARIABLE imo_lake = '${copy.root}';\n${views}`;
    expect(await compareLake({ manifest }, url, moved, ['receipts', 'transfers'])).toEqual({
      equal: { receipts: 2, transfers: 1 },
      differences: [],
    });
    place.close();
  });

  test('lets one of two writers commit, and completes what a killed one left', async () => {
    const place = await placeOf('two');
    const [one, other] = [await LakeStore.open(place), await LakeStore.open(place)];
    await one.commit({ staged: NOTHING_STAGED });
    await expect(other.commit({ staged: NOTHING_STAGED })).rejects.toMatchObject({
      code: 'LAKE_OTHER_WRITER',
    });
    const killed = vi.spyOn(place, 'publish').mockRejectedValueOnce(new Error('killed'));
    await expect(appendTo(place, smallUrl)).rejects.toThrow('killed');
    killed.mockRestore();
    expect(await place.list('recent')).toEqual([]);
    const { manifest } = await appendTo(place, smallUrl);
    expect(await place.list('recent')).toEqual(manifest.files.map(({ path }) => path).toSorted());
    expect(await place.list('_staging')).toEqual([]);
    place.close();
  });

  test('is completed and verified by the verb after another was killed', async () => {
    const env = { DATABASE_URL: databaseUrl, ...server.env };
    const verb = (...args: string[]) => startCli(['lake', 's3://lakes/verb', ...args], { env });
    const place = await placeOf('verb');
    const killed = verb('--step', '1');
    await eventually(async () => expect(await place.list('_manifests')).not.toEqual([]));
    await killed.stop('SIGKILL');

    const { exitCode, stdout, stderr } = await verb('--keep', '0').ended;
    expect(exitCode).toBe(0);
    expect(stdout).toContain('the lake has 21 rows in');
    expect(stderr).not.toContain('Warning');
    expect(await verb('--verify').ended).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^equal: manifest \d+, \d+ files, 21 rows$/m),
    });
    place.close();
  });

  test('is refused on a server where two writers could create the same manifest', async () => {
    const without = await startS3(false);
    const place = await openPlace('s3://lakes/x', { ...process.env, ...without.env });
    await expect(appendTo(place, smallUrl)).rejects.toMatchObject({ code: 'LAKE_NO_CONDITIONS' });
    place.close();
    await without.stop();
    await expect(openPlace('gs://lakes/x', {})).rejects.toMatchObject({ code: 'LAKE_BAD_PLACE' });
  });
});
