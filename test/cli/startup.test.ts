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
