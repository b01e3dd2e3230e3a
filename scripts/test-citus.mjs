/** Runs tests of readers and of books that leave against a Citus cluster: `CITUS_URL` names a database of its coordinator. */
import { spawnSync } from 'node:child_process';

/** What measures one server, or asks it in words of PostgreSQL 16 and later, is not among them. */
const TESTS = [
  'test/store/leaving',
  'test/store/read',
  'test/export/entitlements',
  'test/export/parquet',
  'test/export/resume',
  'test/api/lists/everyList',
  'test/api/persons',
  'test/api/search',
  'test/api/totals/series',
];

if (process.env.CITUS_URL === undefined) {
  console.log('CITUS_URL is not set: the tests on a Citus cluster are skipped (docs/storage.md).');
} else {
  const { status } = spawnSync('npx', ['vitest', 'run', ...TESTS, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
