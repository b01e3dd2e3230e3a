import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { emptyDatabase, freshDatabase } from '../support/databases/postgres.js';
import { compiled } from '../support/programs/compiled.js';

/** What a verb does first: its modules, as far as they are in CommonJS, are in one cache. */
const FIRST = `
  import { createRequire } from 'node:module';
  const [module, url] = process.argv.slice(1);
  const { assertSchemaCurrent, migrate } = await import(module);
  await migrate(url);
  await assertSchemaCurrent(url);
  const { cache } = createRequire(module);
  process.stdout.write(Object.keys(cache).some((path) => path.includes('/typeorm/')) ? 'yes' : 'no');
`;

async function loadsLibrary(databaseUrl: string): Promise<string> {
  const args = ['--input-type=module', '-e', FIRST];
  args.push(compiled('src/store/database/migrate.js'), databaseUrl);
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

test('a program loads the library of migrations only if a migration has to run', async () => {
  expect(await loadsLibrary(await emptyDatabase())).toBe('yes');
  expect(await loadsLibrary(await freshDatabase())).toBe('no');
});

/** What was loaded when a program ends. */
const PROBE = `
  import module from 'node:module';
  process.on('exit', () => {
    const files = Object.keys(module._cache).filter((path) => path.includes('/websocket/'));
    const internals = process.moduleLoadList.filter((name) => name.includes('undici'));
    process.stdout.write(JSON.stringify([...files, ...internals]));
  });
`;

test('index loads neither a client of WebSockets nor one of fetch before it needs one', async () => {
  const probe = `data:text/javascript,${encodeURIComponent(PROBE)}`;
  const args = ['--import', probe, 'bin/imo-ledger.js', 'index', '--config', '/nowhere/imo.yaml'];
  const run = promisify(execFile)(process.execPath, args);
  await expect(run).rejects.toMatchObject({
    stdout: '[]',
    stderr: expect.stringContaining('CONFIG_'),
  });
});
