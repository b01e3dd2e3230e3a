import { ImoError } from '../../errors.js';

/** One thing that is wrong in a config file. */
export interface ConfigProblem {
  readonly code: ConfigErrorCode;
  /** e.g. `chains[0].tokens[1].address`; empty for the file as a whole. */
  readonly path: string;
  /** 1-based; `null` when unknown. */
  readonly line: number | null;
  /** The value and what is wrong with it, without secrets. */
  readonly reason: string;
  readonly hint: string;
}

export type ConfigErrorCode =
  | 'CONFIG_NOT_FOUND'
  | 'CONFIG_UNREADABLE'
  | 'CONFIG_MALFORMED_YAML'
  | 'CONFIG_UNKNOWN_KEY'
  | 'CONFIG_ENV_MISSING'
  | 'CONFIG_BAD_ADDRESS'
  | 'CONFIG_BAD_URL'
  | 'CONFIG_UNKNOWN_POLICY'
  | 'CONFIG_DUPLICATE'
  | 'CONFIG_INVALID';

/** The error that tells every problem of a file at once. */
export function configError(file: string, problems: readonly ConfigProblem[]): ImoError {
  const [first, ...more] = problems;
  if (first === undefined) throw new RangeError('configError needs a problem');
  if (more.length === 0) return new ImoError(first.code, `${file}: ${describe(first)}`, first.hint);

  const isOneKind = more.every(({ code }) => code === first.code);
  const list = problems.map((problem) => `  ${describe(problem)}\n    ${problem.hint}`);
  return new ImoError(
    isOneKind ? first.code : 'CONFIG_INVALID',
    `${file} has ${problems.length} problems:\n${list.join('\n')}`,
    `Correct them in ${file}; each remedy is below its problem.`,
  );
}

function describe({ path, line, reason }: ConfigProblem): string {
  const place = [path, line === null ? '' : `(line ${line})`].filter((part) => part !== '');
  return place.length === 0 ? reason : `${place.join(' ')}: ${reason}`;
}
