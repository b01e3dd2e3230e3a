import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';
import { DISTRIBUTED_BY, TABLE_KINDS } from '../../../src/store/distributed/tableKinds.js';
import { textsOf } from '../../support/statements/sqlTexts.js';
import { unboundTables } from '../../support/statements/unbound.js';

const DISTRIBUTED = new Set(
  [...TABLE_KINDS].flatMap(([name, kind]) => (kind === 'distributed' ? [name] : [])),
);
const ROOMS = ['store', 'export', 'books', 'audit', 'api', 'processor', 'plan', 'doctor', 'cli'];

/**
 * Statements that ask every token at once, as nobody knows which one to ask. A cluster runs each of them on every node,
 * with an index there.
 */
const OF_EVERY_TOKEN: Readonly<Record<string, string>> = {
  'store/read/chains/indexedTokens.ts receipt': 'which books have untraced money that is not final',
  'store/read/holders/heldTokens.ts holder': 'which tokens an account ever held',
  'store/read/operations/transactionWindows.ts ${table}': 'in which books a transaction has rows',
  'store/read/search/foundTransactions.ts ${table}': 'in which books a transaction has rows',
  'store/read/search/foundAccounts.ts ${table}': 'which accounts begin with some digits',
};

/** Statements about a table that is named when they run: never a distributed one, or one of those below. */
const OF_OTHER_TABLES: Readonly<Record<string, string>> = {
  'store/joining/discard.ts ${table}': 'registry of a chain',
  'store/joining/flip.ts ${table}': 'registry of a chain',
  'store/leaving/archiveContracts.ts ${table}': 'registry of a chain',
  'store/leaving/forgetCreated.ts ${table}': 'registry and state of a chain',
  'store/leaving/leaveBooks.ts ${table}': 'registry of a chain',
  'store/partitions/copyToStaging.ts ${job.source}': 'partitions of one server',
  'store/partitions/copyToStaging.ts ${source}': 'partitions of one server',
  'store/partitions/detachToken.ts ${name}': 'partitions of one server',
  'store/partitions/staging.ts ${job.source}': 'partitions of one server',
  'store/read/accounts/accountKinds.ts ${table}': 'registry of a chain',
  'store/read/collections/aigcTokenPage.ts ${table}': 'rows of collections',
  'store/read/holders/balanceTurns.ts ${name}': 'items of the same statement',
  'store/read/operations/accountOperations.ts ${table}': 'rows of oracles and collections',
  'store/read/oracles/modelEventPage.ts ${table.name}': 'rows of oracles',
  'store/read/query/accountPage.ts ${name}': 'rows of sales and pools',
  'store/read/query/versionPages.ts ${table.name}': 'rows of oracles and collections',
  'store/registry/factories.ts ${table}': 'registry of a chain',
  'store/registry/names.ts ${table}': 'registry of a chain',
  'store/write/rollback.ts ${table}': 'registry of a chain',
  'store/write/takeBackRows.ts ${table}': 'tables that a cluster has on every node',
  'store/write/groups/formGroups.ts ${table}': 'registry of a chain',
  'export/request/resumePoint.ts ${table}': 'the registry',
  'export/write/parquet.ts ${source}': 'a file that DuckDB reads',
  'api/lists/engine/tableReader.ts ${table}': 'one item of a statement of `windowBranches`',
};

test('each statement names the token whose rows it reads or changes, but those that are listed', async () => {
  const found = await unboundInSources();
  const listed = { ...OF_EVERY_TOKEN, ...OF_OTHER_TABLES };
  expect(found).toEqual(Object.keys(listed).toSorted());
});

/** File and table of each statement without the number of a token. */
async function unboundInSources(): Promise<string[]> {
  const places = new Set<string>();
  for (const room of ROOMS) {
    const files = await readdir(join(PROJECT_ROOT, 'src', room), { recursive: true });
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const source = await readFile(join(PROJECT_ROOT, 'src', room, file), 'utf8');
      for (const { text } of textsOf(source)) {
        if (!/\b(FROM|JOIN|UPDATE|USING)\b/.test(text)) continue;
        for (const table of unboundTables(text, DISTRIBUTED))
          places.add(`${room}/${file} ${table}`);
      }
    }
  }
  return [...places].toSorted();
}

describe('a statement', () => {
  const unbound = (sql: string) => unboundTables(sql, new Set(['claim', 'holder']));

  it.each([
    `SELECT * FROM claim WHERE ${DISTRIBUTED_BY} = $1 AND id > $2`,
    `SELECT * FROM claim AS c WHERE c.${DISTRIBUTED_BY} = 17`,
    `DELETE FROM claim WHERE id > $2 AND $1 = ${DISTRIBUTED_BY}`,
    `UPDATE holder SET balance = 0 WHERE ${DISTRIBUTED_BY} = $1::integer`,
    `SELECT (SELECT max(id) FROM claim c WHERE c.token_number = $1) FROM token t`,
    `SELECT FROM holder h JOIN claim c ON c.token_number = $1 WHERE h.token_number = $1`,
    `(SELECT FROM claim WHERE token_number = $1) UNION ALL (SELECT FROM claim WHERE token_number = $2)`,
    `INSERT INTO claim VALUES ($1, $2)`,
    `SELECT 'FROM claim' FROM token`,
  ])('has the number: %s', (sql) => {
    expect(unbound(sql)).toEqual([]);
  });

  it.each([
    'SELECT * FROM claim WHERE id > $2',
    'SELECT * FROM claim WHERE token_number = ANY($1)',
    'SELECT * FROM claim WHERE token_number = $1 + 1',
    'SELECT * FROM claim WHERE token_number = $1 OR id > $2',
    'SELECT * FROM claim c JOIN unnest($1::integer[]) k (number) ON c.token_number = k.number',
    'SELECT FROM token t WHERE EXISTS (SELECT FROM claim c WHERE c.token_number = t.number)',
    'SELECT FROM token WHERE token_number = $1 AND id IN (SELECT id FROM claim)',
    'SELECT FROM claim WHERE token_number = $1 UNION ALL SELECT FROM claim',
  ])('does not have the number: %s', (sql) => {
    expect(unbound(sql)).toEqual(['claim']);
  });
});
