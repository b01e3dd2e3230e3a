import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { findDuplicates } from './file/duplicates.js';
import { type ConfigProblem, configError } from './file/problem.js';
import { parseYaml, type YamlFile } from './file/yaml.js';
import { formatPath, problemsOf } from './issues.js';
import { configSchema } from './schema.js';
import type { ImoConfig } from './types.js';

/**
 * Reads and checks imo.yaml. One error reports everything that is wrong with the file, with the
 * path, the value, the reason and the remedy of each problem.
 * @throws ImoError with one of the codes of `ConfigErrorCode`
 */
export async function loadConfig(path: string, env: NodeJS.ProcessEnv): Promise<ImoConfig> {
  return parseConfig(path, await readConfigFile(path), env);
}

/** The same for contents that are at hand; `path` is only for the messages. */
export function parseConfig(path: string, source: string, env: NodeJS.ProcessEnv): ImoConfig {
  const file = parseYaml(source);
  const malformed = file.syntaxErrors.map(({ line, column, reason }): ConfigProblem => {
    return {
      code: 'CONFIG_MALFORMED_YAML',
      path: '',
      line: null,
      reason: `line ${line}, column ${column}: ${reason}`,
      hint: 'Check the indentation (spaces, no tabs), the colons and the quotes at that place.',
    };
  });
  if (malformed.length > 0) throw configError(path, malformed);

  const result = configSchema(env, dirname(path)).safeParse(file.contents);
  const problems = [
    ...problemsOf(result.error?.issues ?? [], file),
    ...duplicateProblems(file),
  ].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (!result.success || problems.length > 0) throw configError(path, problems);
  return result.data;
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT';
    throw configError(path, [
      {
        code: isMissing ? 'CONFIG_NOT_FOUND' : 'CONFIG_UNREADABLE',
        path: '',
        line: null,
        reason: isMissing ? 'there is no such file' : `it cannot be read (${message})`,
        hint: 'Name a config file with --config, write one with `imo-ledger init ADDRESS`, or run `imo-ledger demo`, which needs none.',
      },
    ]);
  }
}

function duplicateProblems(file: YamlFile): ConfigProblem[] {
  return findDuplicates(file.contents).map(({ path, first, value }) => ({
    code: 'CONFIG_DUPLICATE',
    path: formatPath(path),
    line: file.lineOf(path),
    reason: `${value} is already configured as ${formatPath(first)}`,
    hint: 'Delete one of the two, or merge them into one entry.',
  }));
}
