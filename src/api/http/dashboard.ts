import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { PROJECT_ROOT } from '../../projectRoot.js';
import type { Handler } from './messages/exchange.js';
import { isForBrowser, type ServedFile, sendFile, servedFile } from './messages/servedFile.js';

/** Where `npm run build` puts the page that `dashboard/` is the source of. */
const FOLDER = join(PROJECT_ROOT, 'dist', 'dashboard');
const PAGE = '/index.html';
/** The operations that it asks, by their SHA-256: for this server, not for browsers. */
const QUERIES = '/queries.json';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Everything is a file of the same server: nothing inside the page runs, and it asks nobody else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The web page, in two handlers: its files come before everything else, and it answers browsers where nothing else does. */
export interface Dashboard {
  readonly files: Handler;
  readonly page: Handler;
  /** What the page asks, by the SHA-256 of the text: a server of listed queries answers it. */
  readonly queries: ReadonlyMap<string, string>;
}

/** What the page learns from its `meta` elements. */
export interface PageSettings {
  /** Below which a proxy serves it; empty: at the root. */
  readonly basePath: string;
  readonly hasGraphiql: boolean;
}

/**
 * Reads the built page once.
 *
 * @returns `null` if the page was not built
 */
export async function openDashboard(settings: PageSettings): Promise<Dashboard | null> {
  const files = await readFiles(settings);
  const page = files.get(PAGE);
  if (page === undefined) return null;
  const queries = files.get(QUERIES)?.body.toString() ?? '{}';
  for (const path of [PAGE, QUERIES]) files.delete(path);
  const sendPage: Handler = ({ request, response, path }) => {
    const isAsked = path === '/' || isForBrowser(request);
    if (!isAsked || !['GET', 'HEAD'].includes(request.method ?? '')) return false;
    response.setHeader('content-security-policy', POLICY);
    response.appendHeader('vary', 'Accept');
    sendFile(request, response, page);
    return true;
  };
  return {
    page: sendPage,
    queries: new Map(Object.entries(JSON.parse(queries) as Record<string, string>)),
    files: (exchange) => {
      const { request, response, path } = exchange;
      if (path === '/') return sendPage(exchange);
      const file = files.get(path);
      if (file === undefined || !['GET', 'HEAD'].includes(request.method ?? '')) return false;
      sendFile(request, response, file);
      return true;
    },
  };
}

/** The files by their paths. */
async function readFiles(settings: PageSettings): Promise<Map<string, ServedFile>> {
  const entries = await readdir(FOLDER, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, ServedFile>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const place = join(entry.parentPath, entry.name);
    const path = `/${relative(FOLDER, place).split(sep).join('/')}`;
    const body = await readFile(place);
    const headers = {
      'content-type': TYPES[extname(entry.name)] ?? 'application/octet-stream',
      // Names of assets have a hash of what is in them.
      'cache-control': path.startsWith('/assets/')
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
    };
    files.set(path, await servedFile(path === PAGE ? adapted(body, settings) : body, headers));
  }
  return files;
}

/** The page may be asked for at any path, so its files are named from the root. */
function adapted(page: Buffer, { basePath, hasGraphiql }: PageSettings): Buffer {
  const text = page
    .toString()
    .replaceAll('="./', `="${basePath}/`)
    .replace('name="imo-ledger-base" content=""', `name="imo-ledger-base" content="${basePath}"`);
  const graphiql = 'name="imo-ledger-graphiql" content=';
  return Buffer.from(hasGraphiql ? text : text.replace(`${graphiql}"graphiql"`, `${graphiql}""`));
}
