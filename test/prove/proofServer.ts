import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { CITUS_URL, makeCitusTemplate, onEveryNode } from '../support/databases/citus.js';
import { partitionEmpty } from '../support/databases/partitionEmpty.js';
import { withDatabase } from '../support/databases/templateDatabase.js';
import { query } from '../support/query.js';
import { newProofDatabase } from './proofSource.js';

/** Makes a database with our tables and no rows, and returns its URL. */
export type NewDatabase = () => Promise<string>;

/** Nothing has to survive a power cut. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const TEMPLATE = 'proof_template';

/**
 * A proof from the command line: with a PostgreSQL server of its own, which ends with it. With `CITUS_URL`, its databases
 * are on that cluster, and are dropped at the end.
 *
 * @param options.hasPartitions the large tables of each database are partitioned; not in a cluster
 */
export async function withProofServer<Result>(
  prove: (newDatabase: NewDatabase) => Promise<Result>,
  { hasPartitions = false }: { readonly hasPartitions?: boolean } = {},
): Promise<Result> {
  if (CITUS_URL === null) return withServer(prove, hasPartitions);
  if (hasPartitions) throw new Error('the tables of a cluster cannot be partitioned');
  return withCluster(CITUS_URL, prove);
}

async function withCluster<Result>(
  url: string,
  prove: (newDatabase: NewDatabase) => Promise<Result>,
): Promise<Result> {
  // Another proof may use the cluster at the same time.
  const template = newName();
  const made = [template];
  try {
    await makeCitusTemplate(url, template);
    return await prove(async () => {
      const name = newName();
      made.push(name);
      await onEveryNode(url, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
      return withDatabase(url, name);
    });
  } finally {
    for (const name of made) await onEveryNode(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

const newName = () => `proof_${randomBytes(6).toString('hex')}`;

async function withServer<Result>(
  prove: (newDatabase: NewDatabase) => Promise<Result>,
  hasPartitions: boolean,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-prove-'));
  const server = await openEmbedded({ folder, ephemeral: true, settings: SETTINGS });
  try {
    const template = await newProofDatabase(server.url, TEMPLATE);
    if (hasPartitions) await partitionEmpty(template);
    return await prove(async () => {
      const name = newName();
      await query(server.url, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`);
      return withDatabase(server.url, name);
    });
  } finally {
    await server.close();
  }
}
