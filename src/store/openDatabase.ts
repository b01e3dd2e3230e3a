import { ImoError } from '../errors.js';
import { findServer } from './database/connect.js';
import { databaseUrlFrom } from './database/databaseUrl.js';
import { findDataFolder } from './embedded/dataFolder.js';
import { type OpenDatabase, openEmbedded } from './embedded/embedded.js';

export interface OpenDatabaseOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Path of the config file, which the embedded server's folder belongs to. */
  readonly config: string;
  /** Requires a primary. */
  readonly writes?: boolean;
  /** Sets up the embedded server if it has no data yet. */
  readonly creates?: boolean;
  /** Receives notes for the user about the folders that exist. */
  readonly onNote?: (line: string) => void;
}

/**
 * Opens the database of the ledger: the one that the environment names (`databaseUrlFrom`), or an
 * embedded server in the folder that `findDataFolder` finds. Of several hosts, uses the first that
 * answers.
 *
 * @throws ImoError `DATABASE_DOWN`, `DATABASE_STANDBY`, `DATABASE_REFUSED`, `DATABASE_URL_INVALID`,
 *   `DATABASE_NOT_FOUND` if there are no data and none may be created, or one of `findDataFolder` and
 *   `openEmbedded`
 */
export async function openDatabase({
  env,
  config,
  writes = false,
  creates = false,
  onNote = () => undefined,
}: OpenDatabaseOptions): Promise<OpenDatabase> {
  const configured = databaseUrlFrom(env);
  if (configured === null) return openOwn(env, config, creates, onNote);
  const url = await findServer(configured, { writes });
  return { url, close: async () => undefined };
}

/** The embedded server of the config file, whatever server the environment names. */
async function openOwn(
  env: NodeJS.ProcessEnv,
  config: string,
  creates: boolean,
  onNote: (line: string) => void,
): Promise<OpenDatabase> {
  const { folder, exists, note } = await findDataFolder(env, config);
  if (note !== null) onNote(note);
  if (!exists && creates) onNote(`No database found. A new one is created in ${folder}.`);
  if (exists || creates) return openEmbedded({ folder });
  const named = env.IMO_LEDGER_DATA ? 'IMO_LEDGER_DATA' : `next to ${config}`;
  throw new ImoError(
    'DATABASE_NOT_FOUND',
    `there is no database: DATABASE_URL is not set, and ${folder} (${named}) has no data of the embedded PostgreSQL`,
    'Run `imo-ledger index` to create it. Or name the config file with --config, the folder with IMO_LEDGER_DATA, or a server with DATABASE_URL.',
  );
}
