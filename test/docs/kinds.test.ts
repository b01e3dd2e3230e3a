import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KIND_TABLES, withKindTable } from '../support/docs/kindTables.js';

test.each(KIND_TABLES)(
  '$page has the $name of the registry (update with `npm run docs:kinds`)',
  (table) => {
    const page = readFileSync(table.page, 'utf8');
    expect(page).toBe(withKindTable(page, table));
  },
);
