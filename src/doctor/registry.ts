import { api } from './api/api.js';
import { archives } from './books/archives.js';
import { audits } from './books/audits.js';
import type { BooksSubject } from './books/books.js';
import { chains } from './books/chains.js';
import { contracts } from './books/contracts.js';
import { factories } from './books/factories.js';
import { groups } from './books/groups.js';
import { holds } from './books/holds.js';
import { progress } from './books/progress.js';
import { ranges } from './books/ranges.js';
import { type Check, COMMON_KINDS } from './check.js';
import { databaseClock } from './database/clock.js';
import { DATABASE_KINDS, type DatabaseSubject } from './database/database.js';
import { disk } from './database/disk.js';
import { indexes } from './database/indexes.js';
import { rights } from './database/rights.js';
import { schema } from './database/schema.js';
import { settings } from './database/settings.js';
import { clock } from './endpoints/clock.js';
import { type EndpointSubject, REACH_KINDS } from './endpoints/endpoint.js';
import { lag } from './endpoints/lag.js';
import { limits } from './endpoints/limits.js';
import { oldState } from './endpoints/oldState.js';
import { blockReceiptsCheck } from './endpoints/receipts.js';
import { services } from './endpoints/services.js';
import { traces } from './endpoints/traces.js';
import { cacheDisk } from './files/cacheDisk.js';
import { CONFIG_KINDS } from './files/config.js';
import { secrets } from './files/files.js';
import type { FindingKinds } from './finding.js';

/** Of each endpoint that answers. */
export const ENDPOINT_CHECKS: readonly Check<EndpointSubject>[] = [
  traces,
  oldState,
  blockReceiptsCheck,
  limits,
  lag,
  clock,
];

/** Of the database; `schema` comes first, because the books need its tables. */
export const DATABASE_CHECKS: readonly Check<DatabaseSubject>[] = [
  rights,
  settings,
  indexes,
  disk,
  databaseClock,
];

/** Of the books of each chain. */
export const BOOKS_CHECKS: readonly Check<BooksSubject>[] = [
  contracts,
  progress,
  groups,
  holds,
  archives,
  factories,
  audits,
  ranges,
];

/** All codes of findings, by the part of the set-up that they are about. */
export const FINDING_KINDS: Readonly<Record<string, FindingKinds>> = {
  files: { ...CONFIG_KINDS, ...secrets.kinds, ...cacheDisk.kinds },
  endpoints: { ...REACH_KINDS, ...kindsOf(ENDPOINT_CHECKS), ...services.kinds },
  database: { ...DATABASE_KINDS, ...schema.kinds, ...kindsOf(DATABASE_CHECKS) },
  books: { ...chains.kinds, ...kindsOf(BOOKS_CHECKS) },
  API: api.kinds,
  checks: COMMON_KINDS,
};

function kindsOf(checks: readonly { readonly kinds: FindingKinds }[]): FindingKinds {
  return Object.assign({}, ...checks.map(({ kinds }) => kinds));
}
