/** A secret that a file has literally. The secret itself and the host of its URL are left out. */
export interface LiteralSecret {
  /** 1-based. */
  readonly line: number;
  /** e.g. `a key in the path of a URL`. */
  readonly what: string;
  /** The environment variable that should have it. */
  readonly variable: string;
}

/** `${NAME}`, `${{ secrets.NAME }}` and `$NAME` name a secret without having it. */
const PLACEHOLDER = /\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$[A-Za-z_]\w*/g;
const URL_LIKE = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>{},]+/gi;
const NAMED =
  /([\w-]*(?:key|secret|passw(?:or)?d|_pass|pwd|(?:api|auth|access)[_-]?token))["']?\s*[:=]\s*["']?([^\s"',{}#]{6,})/gi;
const DATABASE = /^postgres(?:ql)?:/i;
const SECRET_PARAMETER = /key|token|secret|passw|auth|signature/i;
/** Written in examples in place of a secret. */
const EXAMPLE = /^(?:…|\.{3}|\*+|x+|[A-Z_]*(?:KEY|PASSWORD|TOKEN|SECRET)|secret|password)$/;
const ADDRESS = /^0x[0-9a-f]{40}$/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Words and short numbers with signs between: a name. */
const SLUG = /^(?:[a-z]+|[a-z]?\d{1,4})(?:[-_](?:[a-z]+|[a-z]?\d{1,4}))+$/i;
const LONG_WORD = /^(?=.*\d)(?=.*[a-z])[a-z0-9_-]{20,}$/i;
/** The key of a value, before the value. */
const KEY_BEFORE = /([\w-]+)["']?\s*[:=][\s[{"']*$/;
const VARIABLES: Readonly<Record<string, string>> = {
  database: 'DATABASE_URL',
  rpc: 'RPC_URL',
  portal: 'SQD_API_KEY',
  gateway: 'SQD_API_KEY',
  key: 'SQD_API_KEY',
};

/** Every literal secret of a file, also in its comments: a commented key is still a key. */
export function literalSecrets(text: string): LiteralSecret[] {
  return text.split('\n').flatMap((written, index) => {
    const line = written.replaceAll(PLACEHOLDER, '');
    const urls = line.match(URL_LIKE) ?? [];
    const inUrls = urls.flatMap((url) =>
      secretsOfUrl(url).map((what) => ({ what, variable: variableForUrl(line, url) })),
    );
    const rest = urls.reduce((left, url) => left.replace(url, ''), line);
    return [...inUrls, ...namedSecrets(rest)].map((secret) => ({ line: index + 1, ...secret }));
  });
}

function secretsOfUrl(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { username, password, pathname, searchParams, hostname } = new URL(url);
  const isDatabase = DATABASE.test(url);
  const parameters = [...searchParams].filter(
    ([name, value]) => isKey(value) || (SECRET_PARAMETER.test(name) && isLiteral(value)),
  );
  return [
    ...(isLiteral(password) ? [`a password in a ${isDatabase ? 'database ' : ''}URL`] : []),
    ...(isKey(username) ? ['a key as the user of a URL'] : []),
    ...(pathname.split('/').some(isKey) ? ['a key in the path of a URL'] : []),
    ...(parameters.length > 0 ? ['a key in the query of a URL'] : []),
    ...(hostname.split('.').some(isKey) ? ['a key in the host of a URL'] : []),
  ];
}

function namedSecrets(line: string): Omit<LiteralSecret, 'line'>[] {
  return [...line.matchAll(NAMED)]
    .filter(([, , value = '']) => isLiteral(value) && !ADDRESS.test(value))
    .map(([, name = '']) => ({ what: `the value of "${name}"`, variable: variableFor(name) }));
}

function isLiteral(value: string): boolean {
  return value !== '' && !EXAMPLE.test(decodeOr(value));
}

/** What only a machine would write. */
function isKey(word: string): boolean {
  return !ADDRESS.test(word) && !SLUG.test(word) && (UUID.test(word) || LONG_WORD.test(word));
}

function decodeOr(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function variableForUrl(line: string, url: string): string {
  if (DATABASE.test(url)) return variableFor('database');
  const [, key = 'rpc'] = KEY_BEFORE.exec(line.slice(0, line.indexOf(url))) ?? [];
  return variableFor(key);
}

function variableFor(key: string): string {
  return VARIABLES[key] ?? key.replaceAll(/\W/g, '_').toUpperCase();
}
