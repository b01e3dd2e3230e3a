import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { acceptsGzip, hasSame } from './messages/conditions.js';
import type { Handler } from './messages/exchange.js';

/** What is sent of the page: it is the same for all. */
interface Page {
  readonly html: Buffer;
  readonly packed: Buffer;
  readonly etag: string;
  readonly policy: string;
}

/**
 * Answers browsers with GraphiQL. Its scripts, styles and fonts are inside the page: it loads
 * nothing, and works offline. It has 9 MB, so it is made and packed once, when the first asks.
 *
 * @param path of the GraphQL endpoint, which the page asks too
 * @param basePath below which a proxy serves it
 */
export function graphiqlPage(path: string, defaultQuery: string, basePath = ''): Handler {
  let page: Promise<Page> | null = null;
  return ({ request, response, path: asked }) => {
    if (asked !== path || !isForBrowser(request)) return false;
    page ??= makePage(`${basePath}${path}`, defaultQuery);
    return page.then((made) => send(request, response, made));
  };
}

function isForBrowser({ method = '', headers }: IncomingMessage): boolean {
  return ['GET', 'HEAD'].includes(method) && (headers.accept ?? '').includes('text/html');
}

async function makePage(endpoint: string, defaultQuery: string): Promise<Page> {
  const text = renderGraphiQL({ title: 'imo-ledger', endpoint, defaultQuery });
  const html = Buffer.from(text.trimStart());
  return {
    html,
    packed: await promisify(gzip)(html),
    etag: `"${sha256(html)}"`,
    policy: policyOf(text),
  };
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

function send(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const { html, packed, etag, policy } = page;
  response.setHeader('content-security-policy', policy);
  response.appendHeader('vary', 'Accept, Accept-Encoding');
  const headers = { etag, 'cache-control': 'no-cache' };
  if (hasSame(request, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const isPacked = acceptsGzip(request);
  const body = isPacked ? packed : html;
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
    ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64');
}
