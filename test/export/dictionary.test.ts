import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DATASETS } from '../../src/export/catalogue.js';
import { renderDictionary } from '../../src/export/dictionary.js';

test('docs/data.md is what the catalogue says (update with `npm run docs:data`)', () => {
  expect(readFileSync('docs/data.md', 'utf8')).toBe(renderDictionary());
});

test.each(DATASETS)('$name: every column appears once, and amounts have a unit', (dataset) => {
  const names = dataset.columns.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, type, unit, description } of dataset.columns) {
    expect(description).toMatch(/\.$/);
    expect(description).not.toContain('|');
    if (type === 'double') {
      expect(unit).not.toBeNull();
      expect(names).toContain(name.replace(/_f64$/, ''));
    }
  }
  if (dataset.isResumable) expect(names.slice(0, 3)).toEqual(['row_id', 'chain_id', 'token']);
});
