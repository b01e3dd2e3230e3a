import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PROJECT_ROOT } from '../../projectRoot.js';
import type { Handler } from './messages/exchange.js';
import {
  isForBrowser,
  type ServedFile,
  sendFile,
  servedFile,
  sha256,
} from './messages/servedFile.js';

/** Where `npm run build` puts it, with places for the endpoint and the query (`dashboard/graphiqlPage.ts`). */
const FILE = join(PROJECT_ROOT, 'dist', 'graphiql', 'page.html.gz');

/** Where GraphiQL is, in addition to the endpoint itself. */
const GRAPHIQL = '/graphiql';

/**
 * Answers browsers with GraphiQL. Its scripts, styles and fonts are inside the page: it loads
 * nothing, and works offline. It has 9 MB, so it is made and packed once, when the first asks.
 *
 * @param endpoint path of the GraphQL endpoint, which the page asks, and where it is too
 * @param basePath below which a proxy serves it
 */
export function graphiqlPage(endpoint: string, defaultQuery: string, basePath = ''): Handler {
  let page: Promise<GraphiqlPage> | null = null;
  return ({ request, response, path }) => {
    if ((path !== endpoint && path !== GRAPHIQL) || !isForBrowser(request)) return false;
    page ??= makePage(`${basePath}${endpoint}`, defaultQuery);
    return page.then(({ policy, file }) => {
      response.setHeader('content-security-policy', policy);
      response.appendHeader('vary', 'Accept');
      sendFile(request, response, file);
    });
  };
}

interface GraphiqlPage {
  readonly policy: string;
  readonly file: ServedFile;
}

async function makePage(endpoint: string, defaultQuery: string): Promise<GraphiqlPage> {
  const built = (await promisify(gunzip)(await readFile(FILE))).toString();
  const text = built
    .replace('"@ENDPOINT@"', () => inScript(endpoint))
    .replace('"@QUERY@"', () => inScript(defaultQuery));
  const file = await servedFile(Buffer.from(text), {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
  });
  return { policy: policyOf(text), file };
}

/** A text as a literal of a script that is inside a page. */
function inScript(text: string): string {
  return JSON.stringify(text).replaceAll('<', '\\u003c');
}

/**
 * Only the inline scripts run, identified by their hashes, and the workers of the editor, which it
 * makes from its own texts. The editor writes styles while it runs: nobody can know those before.
 */
function policyOf(text: string): string {
  const scripts = [...text.matchAll(/<script>(.*?)<\/script>/gs)];
  const hashes = scripts.map(([, script = '']) => `'sha256-${sha256(script)}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
