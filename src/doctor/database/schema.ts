import { ImoError } from '../../errors.js';
import { assertSchemaCurrent } from '../../store/database/migrate.js';
import { type Check, failureText } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { DatabaseSubject } from './database.js';

const KINDS = {
  DATABASE_SCHEMA_BEHIND: {
    severity: 'error',
    means: 'the tables are older than this program',
    remedy: 'Run `imo-ledger migrate`.',
  },
  DATABASE_SCHEMA_NEWER: {
    severity: 'error',
    means: 'the tables are newer than this program',
    remedy: 'Update imo-ledger, or use another database.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the tables are those of this program. */
export const schema: Check<DatabaseSubject> = {
  name: 'schema',
  kinds: KINDS,
  async run({ about, url }) {
    try {
      await assertSchemaCurrent(url);
      return [];
    } catch (error) {
      if (!(error instanceof ImoError)) throw error;
      const isNewer = error.code === 'SCHEMA_NEWER';
      const make = isNewer ? found.DATABASE_SCHEMA_NEWER : found.DATABASE_SCHEMA_BEHIND;
      return [make(about, failureText(error))];
    }
  },
};
