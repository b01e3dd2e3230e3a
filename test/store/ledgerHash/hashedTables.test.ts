import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { HASHED_TABLES } from '../../../src/store/ledgerHash/hashedTables.js';
import { genesisHash } from '../../../src/store/ledgerHash/ledgerDigest.js';

// A new table changes no hash of a database without rows in it: then only the second value here changes.
test('a change of the hashed columns or their order changes the genesis of the hashes', () => {
  const lines = HASHED_TABLES.map((table) => JSON.stringify(table)).sort();
  const hashed = createHash('sha256').update(lines.join('\n')).digest('hex');
  expect({ genesis: genesisHash(1), hashed }).toEqual({
    genesis: '0xe7b257521cf5bf119ea58cc82f7bc02a4413d41cf48c707bf3cf1161d430b94f',
    hashed: '51a3910adb6de71a9d151b07c113ebd58142ebc5f3660ac0047fbdd41fba1b53',
  });
});
