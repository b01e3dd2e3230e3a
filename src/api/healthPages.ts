import type { ServerResponse } from 'node:http';
import type { ApiMetrics } from './apiMetrics.js';
import type { ApiServices } from './context.js';
import { type ChainHealth, readHealth, reasonsNotReady } from './health.js';
import type { Handler } from './http/exchange.js';
import { metricsPage } from './metrics.js';

export interface HealthOptions {
  readonly services: ApiServices;
  readonly metrics: ApiMetrics;
  /** More blocks behind the node than this: not ready. */
  readonly lagAtMost: number;
  /** Takes what clients are not told. */
  readonly onError: (error: unknown) => void;
}

interface PageOptions extends HealthOptions {
  readonly read: () => Promise<ChainHealth[]>;
}

/**
 * Answers `GET /health` (200 while the process can answer), `GET /ready` (200, or 503 with the
 * reasons) and `GET /metrics` (for Prometheus).
 */
export function healthPages(options: HealthOptions): Handler {
  // Anybody may ask, as often as he likes: those who ask at once are told the same.
  let reading: Promise<ChainHealth[]> | null = null;
  const read = () => {
    reading ??= readHealth(options.services).finally(() => {
      reading = null;
    });
    return reading;
  };
  return ({ request, response, path }) => {
    const page = PAGES[path];
    if (page === undefined) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      send(response, 405, 'text/plain; charset=utf-8', 'only GET\n');
      return true;
    }
    return page(response, { ...options, read }).catch((error: unknown) => {
      options.onError(error);
      sendReady(response, ['the database does not answer'], []);
    });
  };
}

const PAGES: Readonly<
  Record<string, (response: ServerResponse, options: PageOptions) => Promise<void>>
> = { '/health': healthPage, '/ready': readyPage, '/metrics': metricsText };

async function healthPage(response: ServerResponse): Promise<void> {
  send(response, 200, 'application/json', '{"ok":true}\n');
}

async function readyPage(
  response: ServerResponse,
  { read, lagAtMost }: PageOptions,
): Promise<void> {
  const chains = await read();
  sendReady(response, reasonsNotReady(chains, lagAtMost), chains);
}

async function metricsText(
  response: ServerResponse,
  { read, lagAtMost, metrics }: PageOptions,
): Promise<void> {
  const chains = await read();
  const isReady = reasonsNotReady(chains, lagAtMost).length === 0;
  const { contentType, text } = await metricsPage(chains, isReady);
  send(response, 200, contentType, `${text}${await metrics.registry.metrics()}`);
}

function sendReady(
  response: ServerResponse,
  reasons: readonly string[],
  chains: readonly unknown[],
): void {
  const ready = reasons.length === 0;
  const body = `${JSON.stringify({ ready, reasons, chains }, null, 2)}\n`;
  send(response, ready ? 200 : 503, 'application/json', body);
}

function send(response: ServerResponse, code: number, contentType: string, body: string): void {
  response.writeHead(code, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}
