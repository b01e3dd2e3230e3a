import { z } from 'zod';
import { closest } from './file/closest.js';
import type { ProblemParams } from './file/fields.js';
import type { ConfigErrorCode, ConfigProblem } from './file/problem.js';
import type { YamlFile } from './file/yaml.js';
import { redactUrl } from './redact.js';
import { KEY_HINTS, KEYS } from './schema.js';

type Issue = z.core.$ZodIssue;

const SECRET_KEYS: readonly PropertyKey[] = ['rpc', 'portal', 'gateway', 'url', 'key'];
const SHOWN_LENGTH = 80;

/** `chains[0].tokens[1].address` */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : `${text}${text && '.'}${String(part)}`,
    '',
  );
}

/** What zod found, in words for the person who wrote the file. */
export function problemsOf(issues: readonly Issue[], file: YamlFile): ConfigProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(issue.path, key, file));
    }
    const key = issue.path.findLast((part) => typeof part === 'string');
    const own = issue.code === 'custom' ? (issue.params as ProblemParams | undefined) : undefined;
    return {
      code: own?.code ?? ('CONFIG_INVALID' satisfies ConfigErrorCode),
      path: formatPath(issue.path),
      line: file.lineOf(issue.path),
      reason:
        own === undefined ? reasonOf(issue, valueAt(file.contents, issue.path)) : issue.message,
      hint: own?.hint ?? KEY_HINTS[inList(issue.path)] ?? KEY_HINTS[String(key ?? 'chains')] ?? '',
    };
  });
}

function unknownKey(parent: readonly PropertyKey[], key: string, file: YamlFile): ConfigProblem {
  const level = parent.findLast((part) => typeof part === 'string') ?? '';
  const known = KEYS[inList(parent)] ?? KEYS[String(level)] ?? [];
  const alias = ALIASES[key] ?? '';
  const similar = known.includes(alias) ? alias : closest(key, known);
  return {
    code: 'CONFIG_UNKNOWN_KEY',
    path: formatPath([...parent, key]),
    line: file.lineOfKey(parent, key),
    reason: `the key "${key}" is not known here`,
    hint: `${similar === null ? '' : `Did you mean "${similar}"? `}Known keys: ${known.join(', ')}.`,
  };
}

/** `lookThrough.mapping`: a key with the one that it stands under, where lists share a name. */
function inList(path: readonly PropertyKey[]): string {
  return path
    .filter((part) => typeof part === 'string')
    .slice(-2)
    .join('.');
}

/** Names that other tools use for the same thing. */
const ALIASES: Readonly<Record<string, string>> = {
  chainId: 'id',
  rpcUrl: 'rpc',
  url: 'rpc',
  gatewayUrl: 'gateway',
  archive: 'gateway',
  finalityConfirmation: 'finality',
  confirmations: 'finality',
  pollInterval: 'headPollSeconds',
  contracts: 'tokens',
};

function reasonOf(issue: Issue, value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null && issue.path.length === 0) return 'the file is empty';
  const key = issue.path.findLast((part) => typeof part === 'string') ?? '';
  const shown = SECRET_KEYS.includes(key) ? hide(value) : show(value);
  if (issue.code === 'invalid_type')
    return `${shown} is not ${KINDS[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    if (Array.isArray(value)) return 'the list is empty';
    if (value === '') return 'is empty';
    return issue.code === 'too_small'
      ? `${shown} is less than ${issue.minimum}`
      : `${shown} is more than ${issue.maximum}`;
  }
  return `${shown}: ${issue.message}`;
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'a map of keys and values',
};

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}

function hide(value: unknown): string {
  return typeof value === 'string' ? redactUrl(value) : `a ${typeof value}`;
}

function valueAt(contents: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[part]
        : undefined,
    contents,
  );
}
