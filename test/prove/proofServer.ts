import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { query } from '../support/query.js';
import { newProofDatabase } from './proofSource.js';

/** Makes a database with our tables and no rows, and returns its URL. */
export type NewDatabase = () => Promise<string>;

/** Nothing has to survive a power cut. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
const TEMPLATE = 'proof_template';

/** A proof from the command line: with a PostgreSQL server of its own, which ends with it. */
export async function withProofServer<Result>(
  prove: (newDatabase: NewDatabase) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-prove-'));
  const server = await openEmbedded({ folder, ephemeral: true, settings: SETTINGS });
  try {
    await newProofDatabase(server.url, TEMPLATE);
    return await prove(async () => {
      const name = `proof_${randomBytes(6).toString('hex')}`;
      await query(server.url, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY file_copy`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    });
  } finally {
    await server.close();
  }
}
