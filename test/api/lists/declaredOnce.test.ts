import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LISTS } from '../../../src/api/lists/catalogue.js';

const ENGINE = 'src/api/lists/engine/';

function apiFiles(): string[] {
  return readdirSync('src/api', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('src/api', name))
    .filter((name) => !name.startsWith(ENGINE));
}

test('the conditions, orders and arguments of every list come from its fields', () => {
  const apart = apiFiles().filter((file) =>
    /\bwhereInput\b|@InputType\('\w+(Where|Filter)'|name: '(?!Operation)\w+OrderBy'|\bwhere\?: Where</.test(
      readFileSync(file, 'utf8'),
    ),
  );
  expect(apart).toEqual([]);
});

test('the catalogue has every list of operations that a file declares', () => {
  const catalogue = readFileSync('src/api/lists/catalogue.ts', 'utf8');
  const declaring = apiFiles().filter((file) =>
    /= defineOperations\(/.test(readFileSync(file, 'utf8')),
  );
  const missing = declaring.filter(
    (file) =>
      !catalogue.includes(`from '${file.replace('src/api/lists', '.').replace(/ts$/, 'js')}'`),
  );
  expect(missing).toEqual([]);
  expect(LISTS.length).toBe(declaring.length);
});
