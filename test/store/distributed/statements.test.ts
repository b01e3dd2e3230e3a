import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';
import { TABLE_KINDS } from '../../../src/store/distributed/tableKinds.js';
import { textsOf } from '../../support/statements/sqlTexts.js';
import { unboundTables } from '../../support/statements/unbound.js';

const DISTRIBUTED = new Set(
  [...TABLE_KINDS].flatMap(([name, kind]) => (kind === 'distributed' ? [name] : [])),
);

async function unboundIn(): Promise<string[]> {
  const files = (await readdir(join(PROJECT_ROOT, 'src'), { recursive: true })).filter((f) =>
    f.endsWith('.ts'),
  );
  const found: string[] = [];
  for (const file of files.toSorted()) {
    const source = await readFile(join(PROJECT_ROOT, 'src', file), 'utf8');
    for (const { text, line } of textsOf(source)) {
      if (!/\b(from|join|update|using)\b/i.test(text)) continue;
      for (const table of unboundTables(text, DISTRIBUTED)) found.push(`${file}:${line} ${table}`);
    }
  }
  return found;
}

it('list', async () => {
  console.log((await unboundIn()).join('\n'));
});
describe('x', () => {
  it('y', () => expect(1).toBe(1));
});
