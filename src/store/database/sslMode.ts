import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { ImoError } from '../../errors.js';

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
/** The modes of libpq (PostgreSQL's manual, "SSL Support"). */
export type SslMode = (typeof MODES)[number];

/** Parameters of a URL that we read, because the driver would read them differently. */
const PARAMETERS = [
  ...['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword', 'uselibpqcompat'],
];
const NOT_WANTED = new Set(['0', 'false', 'disable']);

/** How a connection is encrypted. */
export interface Encryption {
  /** The URL without its TLS parameters. */
  readonly url: string;
  /** Options of the TLS connection; `false`: unencrypted. */
  readonly ssl: ConnectionOptions | false;
}

/**
 * Returns the modes to try, in order: `prefer` falls back to an unencrypted connection, `allow`
 * tries that first. Without a TLS parameter the mode is `prefer`, as in libpq. For a server on this
 * machine it is `allow`: nobody else can read there, and COPY is faster without TLS.
 *
 * @throws ImoError `DATABASE_SSLMODE_INVALID`
 */
export function modesOf(url: string): readonly SslMode[] {
  const mode = modeOf(url) ?? (isOnThisMachine(url) ? 'allow' : 'prefer');
  if (mode === 'prefer') return ['require', 'disable'];
  if (mode === 'allow') return ['disable', 'require'];
  return [mode];
}

/** A socket, or a loopback address. */
function isOnThisMachine(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { hostname, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  return /^$|^\/|^localhost$|^127\.\d+\.\d+\.\d+$|^\[?::1\]?$/.test(host);
}

/** Returns the URL with another mode. A URL without TLS parameters stays as it is if TLS is off. */
export function withMode(url: string, mode: SslMode): string {
  if (modeOf(url) === null && mode === 'disable') return url;
  const changed = new URL(url);
  changed.searchParams.delete('ssl');
  changed.searchParams.set('sslmode', mode);
  return changed.href;
}

/**
 * Reads the TLS parameters of a URL as libpq does. `findServer` adds the mode to a URL that has
 * none.
 *
 * @throws ImoError `DATABASE_SSLMODE_INVALID` or `DATABASE_CERTIFICATE_FILE`
 */
export function encryptionOf(url: string): Encryption {
  if (!URL.canParse(url)) return { url, ssl: false };
  const mode = modeOf(url);
  const parsed = new URL(url);
  const told = (name: string, variable: string) =>
    parsed.searchParams.get(name) || process.env[variable] || null;
  const files = {
    rootcert: told('sslrootcert', 'PGSSLROOTCERT'),
    cert: told('sslcert', 'PGSSLCERT'),
    key: told('sslkey', 'PGSSLKEY'),
    password: parsed.searchParams.get('sslpassword'),
  };
  const host = parsed.hostname.replace(/^\[|\]$/g, '') || 'localhost';
  const isSaid = PARAMETERS.some((name) => parsed.searchParams.has(name));
  for (const name of PARAMETERS) parsed.searchParams.delete(name);
  const without = isSaid ? parsed.href : url;
  if (mode === null || mode === 'disable' || mode === 'allow') return { url: without, ssl: false };
  return { url: without, ssl: { ...clientOf(files), ...trustOf(mode, files.rootcert, host) } };
}

function modeOf(url: string): SslMode | null {
  if (!URL.canParse(url)) return null;
  const { searchParams } = new URL(url);
  const ssl = searchParams.get('ssl');
  const text = searchParams.get('sslmode') || (ssl === null ? process.env.PGSSLMODE : null);
  if (text === 'no-verify') return 'require';
  if (text) return known(text);
  // `ssl=true` means `sslmode=require` to libpq.
  if (ssl === null) return null;
  return NOT_WANTED.has(ssl) ? 'disable' : 'require';
}

function known(text: string): SslMode {
  const mode = MODES.find((name) => name === text);
  if (mode !== undefined) return mode;
  throw new ImoError(
    'DATABASE_SSLMODE_INVALID',
    `"${text}" is not a valid sslmode`,
    `Use one of ${MODES.join(', ')} in DATABASE_URL.`,
  );
}

/** What the certificate of the server must prove. */
function trustOf(mode: SslMode, rootcert: string | null, host: string): ConnectionOptions {
  const isFull = mode === 'verify-full';
  if (rootcert === 'system') {
    if (!isFull) throw rootFault(mode, '`sslrootcert=system` needs `sslmode=verify-full`');
    return { rejectUnauthorized: true, checkServerIdentity: (_, cert) => identity(host, cert) };
  }
  const usual = join(homedir(), '.postgresql', 'root.crt');
  const file = rootcert ?? (existsSync(usual) ? usual : null);
  if (file === null) {
    if (mode === 'require' || mode === 'prefer') return { rejectUnauthorized: false };
    throw rootFault(mode, `there is no root certificate (${usual})`);
  }
  // With a root certificate, `require` checks it too, as libpq does.
  const ca = read('sslrootcert', file);
  const trust = { ca, rejectUnauthorized: true };
  if (isFull) return { ...trust, checkServerIdentity: (_, cert) => identity(host, cert) };
  return { ...trust, checkServerIdentity: () => undefined };
}

const identity: typeof checkServerIdentity = (host, cert) => checkServerIdentity(host, cert);

function clientOf(files: {
  readonly cert: string | null;
  readonly key: string | null;
  readonly password: string | null;
}): ConnectionOptions {
  return {
    ...(files.cert === null ? {} : { cert: read('sslcert', files.cert) }),
    ...(files.key === null ? {} : { key: read('sslkey', files.key) }),
    ...(files.password === null ? {} : { passphrase: files.password }),
  };
}

function read(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ImoError(
      'DATABASE_CERTIFICATE_FILE',
      `${name} ${file} cannot be read`,
      'Correct the path in DATABASE_URL, and make the file readable for this user.',
      { cause },
    );
  }
}

function rootFault(mode: SslMode, what: string): ImoError {
  return new ImoError(
    'DATABASE_CERTIFICATE_FILE',
    `sslmode ${mode} cannot check the server: ${what}`,
    'Name the certificate of the authority with sslrootcert=FILE in DATABASE_URL, or use sslrootcert=system with sslmode=verify-full.',
  );
}

const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY)_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

/**
 * Translates the error of a connection that could not be encrypted as requested; `null` for any
 * other error.
 */
export function encryptionFault(error: unknown, database: string): ImoError | null {
  if (!(error instanceof Error)) return null;
  if (/does not support SSL/i.test(error.message)) {
    return new ImoError(
      'DATABASE_TLS_MISSING',
      `the database ${database} does not serve TLS`,
      'Switch `ssl` on at the server. Use sslmode=prefer or disable only where nobody else can read the network.',
      { cause: error },
    );
  }
  const code = 'code' in error ? String(error.code) : '';
  if (!CERTIFICATE.test(code)) return null;
  return new ImoError(
    'DATABASE_CERTIFICATE',
    `the certificate of the database ${database} is not trusted: ${error.message} (${code})`,
    'Name the right authority with sslrootcert and the host as the certificate has it. sslmode=verify-ca does not check the host.',
    { cause: error },
  );
}
