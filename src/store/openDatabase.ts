import { join } from 'node:path';
import { findServer } from './database/connect.js';
import { databaseUrlFrom } from './database/databaseUrl.js';
import { type OpenDatabase, openEmbedded } from './embedded/embedded.js';

const DEFAULT_FOLDER = join('.imo-ledger', 'postgres');

/**
 * The database of the ledger: the one that the environment names (`databaseUrlFrom`), else an
 * embedded server that keeps its data in `IMO_LEDGER_DATA` (default: .imo-ledger/postgres in
 * the current folder). Of several hosts, the first that answers.
 *
 * @param writes only a primary will do
 * @throws ImoError `DATABASE_DOWN`, `DATABASE_STANDBY`, `DATABASE_REFUSED`,
 *   `DATABASE_URL_INVALID` or one of `openEmbedded`
 */
export async function openDatabase({
  env,
  writes = false,
}: {
  env: NodeJS.ProcessEnv;
  writes?: boolean;
}): Promise<OpenDatabase> {
  const configured = databaseUrlFrom(env);
  if (configured === null) {
    return openEmbedded({ folder: env.IMO_LEDGER_DATA || DEFAULT_FOLDER });
  }
  const url = await findServer(configured, { writes });
  return { url, close: async () => undefined };
}
