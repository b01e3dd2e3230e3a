import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const EXPORTED =
  /^export (?:declare |abstract |async )*(?:function\*?|class|const|let|interface|type|enum) (\w+)/gm;
const GENERATED = /^(model|abi)\//;
/** Enums of the API for values of the ledger and the store that have the same name and meaning. */
const ENUMS_OF_THE_API = [
  'AccountKind',
  'CollectionPart',
  'IncomeSource',
  'Interval',
  'IntervalUnit',
  'JournalKind',
  'NoPrice',
  'PoolKind',
  'SaleEntryKind',
  'SaleKind',
  'SaleState',
  'SnapshotProof',
  'TransferKind',
  'UntracedCause',
];
/** `native`, the chain's own coin, in the ledger of oracles and in the journal of a token. */
const ONE_VALUE = ['NATIVE'];

test('a name that src exports is declared in one file, so that it has one meaning', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !GENERATED.test(name),
  );
  const filesOf = new Map<string, Set<string>>();
  for (const file of files) {
    for (const [, name = ''] of readFileSync(join('src', file), 'utf8').matchAll(EXPORTED)) {
      filesOf.set(name, (filesOf.get(name) ?? new Set()).add(file));
    }
  }
  expect(filesOf.size).toBeGreaterThan(1_000);
  const doubled = [...filesOf].filter(([, where]) => where.size > 1).map(([name]) => name);
  expect(doubled.toSorted()).toEqual([...ENUMS_OF_THE_API, ...ONE_VALUE].toSorted());
});
