// Writes the tables of docs/ that follow from registries, between their comments: `npm run docs:kinds`.
import { readFileSync, writeFileSync } from 'node:fs';

const { KIND_TABLES, withKindTable } = await import('../dist/test/support/docs/kindTables.js');
for (const table of KIND_TABLES) {
  writeFileSync(table.page, withKindTable(readFileSync(table.page, 'utf8'), table));
}
