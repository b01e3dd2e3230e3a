import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Check } from '../check.js';
import { type Finding, type FindingKinds, makersOf } from '../finding.js';
import { literalSecrets } from './literalSecrets.js';

/** Files next to the config that name endpoints and databases. */
const SET_UP = /^(?:squid\.ya?ml|(?:docker-)?compose(?:\.[\w-]+)?\.ya?ml)$/;
const ENVIRONMENT = /^\.env(?:\.[\w-]+)*$/;
const EXAMPLE = /\.(?:example|sample|template)$/;
const READABLE_BY_ALL = 0o004;

const KINDS = {
  SECRET_IN_FILE: {
    severity: 'warning',
    means: '`imo.yaml`, `squid.yaml` or a compose file has a key or a password literally',
    remedy: 'Put it into an environment variable, name that in the file, and change the secret.',
  },
  SECRET_FILE_READABLE: {
    severity: 'warning',
    means: 'a `.env` file with secrets can be read by every user of this machine',
    remedy: 'Run `chmod 600` on the file.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Where the files are. */
export interface FilesSubject {
  readonly configPath: string;
}

/** Whether files have secrets that others can read. */
export const secrets: Check<FilesSubject> = {
  name: 'secrets',
  kinds: KINDS,
  async run({ configPath }) {
    const config = resolve(configPath);
    const folders = [...new Set([dirname(config), process.cwd()])];
    const listed = await Promise.all(folders.map(filesIn));
    const files = [...new Set([config, ...listed.flat()])];
    return (await Promise.all(files.map(secretsOf))).flat();
  },
};

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => (SET_UP.test(name) || ENVIRONMENT.test(name)) && !EXAMPLE.test(name))
    .map((name) => join(folder, name));
}

async function secretsOf(path: string): Promise<Finding[]> {
  const [text, info] = await Promise.all([
    readFile(path, 'utf8').catch(() => ''),
    stat(path).catch(() => null),
  ]);
  const literal = literalSecrets(text);
  const isOpen = info !== null && (info.mode & READABLE_BY_ALL) !== 0;
  if (ENVIRONMENT.test(basename(path))) {
    if (literal.length === 0 || !isOpen || process.platform === 'win32') return [];
    const mode = (info.mode & 0o777).toString(8);
    return [found.SECRET_FILE_READABLE(path, `it has ${literal.length} secrets and mode ${mode}`)];
  }
  return literal.map(({ line, what, variable }) =>
    found.SECRET_IN_FILE(
      path,
      `line ${line} has ${what}`,
      `Put it into the environment variable ${variable}, write \${${variable}} in its place, and change the secret.`,
    ),
  );
}
