import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFilesByProject } from './support/projects.js';
import { isWholeRun } from './support/wholeRun.js';

const projects = testFilesByProject();

test('each test file belongs to exactly one project', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name));
  expect(Object.values(projects).flat().toSorted()).toEqual(files.toSorted());
});

test.each([
  ['unit', 'ledger/windowed'],
  ['store', 'store/database/migrate'],
  // Through helpers of the tests.
  ['chain', 'processor/tokens/order'],
  ['api', 'api/lists/tokens'],
  ['cli', 'prove/faults'],
  ['cli', 'bench/ingest'],
  ['browser', 'api/http/graphiql'],
  // By its folder.
  ['promises', 'promises/saleKind'],
] as const)('a file is in the project %s by what it imports: %s', (project, name) => {
  expect(projects[project]).toContain(`test/${name}.test.ts`);
});

test.each([
  ['run', true],
  ['run --reporter=dot', true],
  ['run --project unit', false],
  ['run --project=unit', false],
  ['run --changed main', false],
  ['run -t dividends', false],
  ['run test/rooms.test.ts', false],
  ['watch', false],
  ['', false],
])('vitest %s runs all tests: %s', (line, expected) => {
  expect(isWholeRun(['node', 'vitest', ...line.split(' ').filter(Boolean)])).toBe(expected);
});
