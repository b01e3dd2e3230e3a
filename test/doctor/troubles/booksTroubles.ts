import { id } from 'ethers';
import { onTestFinished } from 'vitest';
import { groupKey } from '../../../src/store/booksKey.js';
import { query } from '../../support/query.js';
import type { Trouble } from '../scene.js';

const OTHER = `0x${'0d'.repeat(20)}`;

const EVENT = 'event TokenCreated(address indexed token, address creator)';
const EVENT_TOPIC = id('TokenCreated(address,address)');

/** The lines of a config that name a factory of tokens. */
function factoryLines(factory: string): string {
  return `    tokensFrom:\n      - factory: "${factory}"\n        event: "${EVENT}"\n        field: token\n`;
}

/** Rows as a running `index` could have left them, until the test ends. */
function rows(statement: string, table: string): Trouble['arrange'] {
  return async ({ databaseUrl }) => {
    await query(databaseUrl, `CREATE TABLE kept AS SELECT * FROM ${table}`);
    onTestFinished(async () => {
      await query(databaseUrl, `DELETE FROM ${table}`);
      await query(databaseUrl, `INSERT INTO ${table} SELECT * FROM kept`);
      await query(databaseUrl, 'DROP TABLE kept');
    });
    await query(databaseUrl, statement);
    return {};
  };
}

export const BOOKS_TROUBLES: readonly Trouble[] = [
  {
    name: 'a chain that was never indexed',
    code: 'CHAIN_NOT_INDEXED',
    arrange: rows('DELETE FROM chain_cursor', 'chain_cursor'),
  },
  {
    name: 'a group of contracts that lags behind another one',
    code: 'GROUP_BEHIND',
    async arrange(setUp) {
      const [near, far] = [groupKey(31337, 0), groupKey(31337, 1)];
      await rows(
        `INSERT INTO chain_group VALUES (${near}, 31337, 'main', '{}'), (${far}, 31337, 'far', '{}')`,
        'chain_group',
      )(setUp);
      await query(
        setUp.databaseUrl,
        `INSERT INTO chain_cursor SELECT ${far}, height + 101, hash, "timestamp", finalized_height, finalized_hash
         FROM chain_cursor WHERE chain_id = 31337
         UNION ALL SELECT ${near}, height, hash, "timestamp", finalized_height, finalized_hash
         FROM chain_cursor WHERE chain_id = 31337`,
      );
      onTestFinished(async () => {
        await query(setUp.databaseUrl, 'DELETE FROM chain_cursor WHERE chain_id < 0');
      });
      return {};
    },
  },
  {
    name: 'a token in the config that is not in the database',
    code: 'CONTRACT_NOT_INDEXED',
    arrange: async ({ token }) => ({ tokens: [token, OTHER] }),
  },
  {
    name: 'a collection in the database that is not in the config',
    code: 'CONTRACT_NOT_IN_CONFIG',
    arrange: rows(
      `INSERT INTO contract (id, number, chain_id, address, kind, start_block)
       VALUES ('other', 99, 31337, '\\x${'0d'.repeat(20)}', 'collection', 1)`,
      'contract',
    ),
  },
  {
    name: 'the books of a contract that the config no longer names',
    code: 'BOOKS_ARCHIVED',
    arrange: rows(
      `INSERT INTO contract (id, number, chain_id, address, kind, start_block, archived_block)
       VALUES ('other', 99, 31337, '\\x${'0d'.repeat(20)}', 'collection', 1, 2)`,
      'contract',
    ),
  },
  {
    name: 'a factory without code',
    code: 'FACTORY_WITHOUT_CODE',
    arrange: async () => ({ more: factoryLines(OTHER) }),
  },
  {
    name: 'a factory that never logged its event',
    code: 'FACTORY_CREATED_NOTHING',
    async arrange(setUp) {
      await rows(
        `INSERT INTO factory VALUES (31337, '${setUp.token.toLowerCase()} ${EVENT_TOPIC} token', 1, 9)`,
        'factory',
      )(setUp);
      return { more: factoryLines(setUp.token) };
    },
  },
  {
    name: 'a contract of a factory that cannot be indexed',
    code: 'CREATIONS_LEFT_OUT',
    async arrange(setUp) {
      const key = `${setUp.token.toLowerCase()} ${EVENT_TOPIC} token`;
      await rows(`INSERT INTO factory VALUES (31337, '${key}', 1, 9)`, 'factory')(setUp);
      await query(
        setUp.databaseUrl,
        `INSERT INTO factory_contract (chain_id, address, factory, block_number, block_hash, log_index,
           start_block, refused_code, refused_reason, refused_by)
         VALUES (31337, '\\x${'0d'.repeat(20)}', '${key}', 5, '\\x00', 0, 5, 'TOKEN_NO_POLICY', 'has none', '')`,
      );
      onTestFinished(async () => {
        await query(setUp.databaseUrl, 'DELETE FROM factory_contract');
      });
      return { more: factoryLines(setUp.token) };
    },
  },
  {
    name: 'a chain in the database that is not in the config',
    code: 'CHAIN_NOT_IN_CONFIG',
    arrange: rows(
      "INSERT INTO chain_cursor VALUES (5, 9, '\\x0909', now(), 8, '\\x0808')",
      'chain_cursor',
    ),
  },
  {
    name: 'books far behind the head',
    code: 'BOOKS_LAG',
    arrange: rows(
      `UPDATE chain_cursor SET height = 5, "timestamp" = now() - interval '10 minutes', finalized_height = -1`,
      'chain_cursor',
    ),
  },
  {
    name: 'books of another fork',
    code: 'BOOKS_FORKED',
    arrange: rows(
      `UPDATE chain_cursor SET finalized_hash = '\\x${'ab'.repeat(32)}'`,
      'chain_cursor',
    ),
  },
  {
    name: 'a held contract',
    code: 'CONTRACT_HELD',
    arrange: rows(
      `INSERT INTO contract_hold (chain_id, address, kind, last_block, block_number, is_confirmed,
         is_compared, code, reason, hint, held_at)
       SELECT chain_id, address, 'token', 7, 8, true, true, 'LEDGER_PAYMENT_DIFFERS', 'paid 2 wei',
         'Report it.', now() FROM token`,
      'contract_hold',
    ),
  },
  {
    name: 'an open first audit',
    code: 'FIRST_AUDIT_OPEN',
    arrange: rows('UPDATE first_audit SET audited_at = NULL', 'first_audit'),
  },
  {
    name: 'a figure that differs from the contract',
    code: 'AUDIT_MISMATCH',
    arrange: rows(
      `INSERT INTO audit_mismatch (token_number, figure, first_block, block_number, ours, contract)
       SELECT number, 'totalSupply()', 3, 4, 10::numeric ^ 30, 5 FROM token`,
      'audit_mismatch',
    ),
  },
  {
    name: 'an audit that is switched off',
    code: 'AUDIT_OFF',
    arrange: async () => ({ more: '    audit: false' }),
  },
  {
    name: 'a range without proof',
    code: 'RANGE_WITHOUT_PROOF',
    arrange: rows(
      "INSERT INTO source_range VALUES (31337, 1, 9, 'portal', 'audit')",
      'source_range',
    ),
  },
  {
    name: 'a range that balances prove',
    code: 'RANGE_PARTLY_PROVEN',
    arrange: rows(
      "INSERT INTO source_range VALUES (31337, 1, 9, 'ranges', 'balance')",
      'source_range',
    ),
  },
];
