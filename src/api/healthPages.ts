import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiServices } from './context.js';
import { readHealth, reasonsNotReady } from './health.js';
import { metricsPage } from './metrics.js';

export interface HealthOptions {
  readonly services: ApiServices;
  /** More blocks behind the node than this: not ready. */
  readonly lagAtMost: number;
  /** Takes what clients are not told. */
  readonly onError: (error: unknown) => void;
}

/**
 * Answers `GET /ready` (200, or 503 with the reasons) and `GET /metrics` (for Prometheus).
 *
 * @returns whether it was one of the two
 */
export function answerHealth(
  request: IncomingMessage,
  response: ServerResponse,
  options: HealthOptions,
): boolean {
  const path = request.url?.split('?', 1)[0];
  if (path !== '/ready' && path !== '/metrics') return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response, 405, 'text/plain; charset=utf-8', 'only GET\n');
    return true;
  }
  const page = path === '/ready' ? readyPage : metrics;
  page(response, options).catch((error: unknown) => {
    options.onError(error);
    sendReady(response, ['the database does not answer'], []);
  });
  return true;
}

async function readyPage(
  response: ServerResponse,
  { services, lagAtMost }: HealthOptions,
): Promise<void> {
  const chains = await readHealth(services);
  sendReady(response, reasonsNotReady(chains, lagAtMost), chains);
}

async function metrics(
  response: ServerResponse,
  { services, lagAtMost }: HealthOptions,
): Promise<void> {
  const chains = await readHealth(services);
  const isReady = reasonsNotReady(chains, lagAtMost).length === 0;
  const { contentType, text } = await metricsPage(chains, isReady);
  send(response, 200, contentType, text);
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
