import { access, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ImoError } from '../../errors.js';

/** Next to the config file. */
const NEXT_TO_CONFIG = join('.imo-ledger', 'postgres');
/** What a command reads without `--config`. */
const DEFAULT_CONFIG = 'imo.yaml';

/** Where the embedded server keeps its data. */
export interface DataFolder {
  /** Absolute. */
  readonly folder: string;
  /** A server was set up there before. */
  readonly exists: boolean;
  /** What the user should know about another folder; `null`: nothing. */
  readonly note: string | null;
}

/**
 * The folder of the embedded server: `IMO_LEDGER_DATA`, else `.imo-ledger/postgres` next to the config
 * file. Earlier versions used the one in the working directory: it stays in use while the
 * config file has none of its own.
 *
 * @param config path of the config file; the file need not exist
 * @throws ImoError `DATABASE_FOLDER_UNCLEAR` if the only data are in the working directory, whose own
 *   config file is another one
 */
export async function findDataFolder(
  env: NodeJS.ProcessEnv,
  config: string,
  workingFolder = process.cwd(),
): Promise<DataFolder> {
  const named = env.IMO_LEDGER_DATA;
  if (named) {
    const folder = resolve(workingFolder, named);
    return { folder, exists: await hasData(folder), note: null };
  }
  const configFolder = dirname(resolve(workingFolder, config));
  const folder = join(configFolder, NEXT_TO_CONFIG);
  const former = join(workingFolder, NEXT_TO_CONFIG);
  const exists = await hasData(folder);
  if ((await isSameFolder(configFolder, workingFolder)) || !(await hasData(former))) {
    return { folder, exists, note: null };
  }
  const otherConfig = join(workingFolder, DEFAULT_CONFIG);
  const hasOtherConfig = await isThere(otherConfig);
  if (exists) {
    const note =
      `There are also data of an embedded PostgreSQL in ${former}, from an earlier version or for ` +
      `another config file. They are not used: ${config} has its own in ${folder}.`;
    return { folder, exists, note: hasOtherConfig ? null : note };
  }
  if (hasOtherConfig) throw unclear(config, folder, former, otherConfig);
  const note =
    `The data are in ${former}, in the working directory, as earlier versions kept them. Move them next ` +
    `to ${config} while no imo-ledger runs, to find them from any folder: ` +
    `mkdir -p ${dirname(folder)} && mv ${former} ${folder}`;
  return { folder: former, exists: true, note };
}

/** Whether the server was set up in that folder. */
function hasData(folder: string): Promise<boolean> {
  return isThere(join(folder, 'data', 'PG_VERSION'));
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function isSameFolder(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all(
    [one, other].map((path) => realpath(path).catch(() => resolve(path))),
  );
  return first === second;
}

function unclear(config: string, folder: string, former: string, otherConfig: string): ImoError {
  return new ImoError(
    'DATABASE_FOLDER_UNCLEAR',
    `${config} has no data in ${folder}, and those in ${former} may be of ${otherConfig}`,
    `Set IMO_LEDGER_DATA to the right folder: ${former} to use what is there, or ${folder} to start new books.`,
  );
}
