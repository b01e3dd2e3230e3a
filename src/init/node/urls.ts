import { substituteEnv } from '../../config/file/substitute.js';
import { redactUrl } from '../../config/redact.js';
import { ImoError } from '../../errors.js';

const SCHEMES: readonly string[] = ['http:', 'https:', 'ws:', 'wss:'];
const OWN_HOSTS = /^(localhost|127(\.\d+){3}|\[::1\])$/;
/** Its paths name data sets; a key is sent as a header. */
const PUBLIC_PORTAL = 'portal.sqd.dev';

/** A URL as it was given, with what it stands for. */
export interface GivenUrl {
  /** May contain a key. */
  readonly url: string;
  /** `${NAME}` of the environment is in it, so that the file may have it as it was given. */
  readonly template: string | null;
}

/**
 * Reads a URL in which `${NAME}` may stand for an environment variable.
 *
 * @throws ImoError `INIT_VARIABLE_MISSING` or `INIT_BAD_URL`
 */
export function givenUrl(option: string, text: string, env: NodeJS.ProcessEnv): GivenUrl {
  const { text: url, missing } = substituteEnv(text.trim(), env);
  const [name] = missing;
  if (name !== undefined) {
    throw new ImoError(
      'INIT_VARIABLE_MISSING',
      `${option} names the environment variable ${name}, which is not set`,
      `Set it (export ${name}=https://…), or give the URL itself.`,
    );
  }
  const { protocol, host } = URL.canParse(url) ? new URL(url) : { protocol: '', host: '' };
  if (!SCHEMES.includes(protocol) || host === '') {
    throw new ImoError(
      'INIT_BAD_URL',
      `${option}: ${redactUrl(url)} is not a URL that starts with http://, https://, ws:// or wss://`,
      'Give the whole URL of the endpoint, with its scheme, e.g. http://localhost:8545.',
    );
  }
  return { url, template: url === text.trim() ? null : text.trim() };
}

/** How the file names a URL. */
export interface WrittenUrl {
  readonly text: string;
  /** The variable that stands for the whole URL and has to be set; `null`: none. */
  readonly variable: string | null;
}

/**
 * Writes a URL without what may be a key. The file has only endpoints of this machine without user, path
 * and query, and data sets of the public Portal.
 */
export function writtenUrl({ url, template }: GivenUrl, variable: string): WrittenUrl {
  if (template !== null) return { text: template, variable: null };
  const { hostname, username, password, pathname, search } = new URL(url);
  const secrets = username + password + search;
  const path = hostname === PUBLIC_PORTAL ? '' : pathname.replace(/^\/$/, '');
  const isHarmless = OWN_HOSTS.test(hostname) || hostname === PUBLIC_PORTAL;
  if (isHarmless && secrets + path === '') return { text: url, variable: null };
  return { text: `$\{${variable}}`, variable };
}
