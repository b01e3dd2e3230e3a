import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { PROJECT_ROOT } from '../../projectRoot.js';
import type { Handler } from './messages/exchange.js';
import { isForBrowser, type ServedFile, sendFile, servedFile } from './messages/servedFile.js';

/** Where `npm run build` puts the page that `dashboard/` is the source of. */
const FOLDER = join(PROJECT_ROOT, 'dist', 'dashboard');
const PAGE = '/index.html';

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
}

/**
 * Reads the built page once.
 *
 * @param basePath below which a proxy serves it; the page learns it from a `meta` element
 * @returns `null` if the page was not built
 */
export async function openDashboard(basePath: string): Promise<Dashboard | null> {
  const files = await readFiles(basePath);
  const page = files.get(PAGE);
  if (page === undefined) return null;
  files.delete(PAGE);
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
async function readFiles(basePath: string): Promise<Map<string, ServedFile>> {
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
    files.set(path, await servedFile(path === PAGE ? based(body, basePath) : body, headers));
  }
  return files;
}

/** The page may be asked for at any path, so its files are named from the root. */
function based(page: Buffer, basePath: string): Buffer {
  const text = page
    .toString()
    .replaceAll('="./', `="${basePath}/`)
    .replace('name="imo-ledger-base" content=""', `name="imo-ledger-base" content="${basePath}"`);
  return Buffer.from(text);
}
