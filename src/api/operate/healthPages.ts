import type { ServerResponse } from 'node:http';
import type { ApiMetrics } from '../http/apiMetrics.js';
import type { Handler } from '../http/messages/exchange.js';
import type { ApiServices } from '../request/context.js';
import { type ChainHealth, readHealth, reasonsNotReady } from './health.js';
import { metricsPage } from './metrics.js';

export interface HealthOptions {
  readonly services: ApiServices;
  readonly metrics: ApiMetrics;
  /** More blocks behind the node than this: not ready. */
  readonly lagAtMost: number;
  /** Takes the errors that are hidden from clients. */
  readonly onError: (error: unknown) => void;
}

const KEEP_FOR_MS = 500;

interface PageOptions extends HealthOptions {
  readonly read: () => Promise<ChainHealth[]>;
  readonly isDetailed: boolean;
}

/** The same pages, with what concerns who asks. */
export interface HealthPages {
  /** `GET /health` (200 while the process can answer) and `GET /ready` (200 or 503). */
  readonly forClients: Handler;
  /** Also the reasons of `/ready`, its chains, and `GET /metrics` for Prometheus. */
  readonly forOperators: Handler;
}

export function healthPages(options: HealthOptions): HealthPages {
  // Concurrent requests share one answer, and those that come right after them.
  let known: { readonly at: number; readonly chains: Promise<ChainHealth[]> } | null = null;
  const read = () => {
    if (known !== null && Date.now() - known.at < KEEP_FOR_MS) return known.chains;
    const chains = readHealth(options.services);
    known = { at: Date.now(), chains };
    chains.catch(() => {
      known = null;
    });
    return chains;
  };
  return {
    forClients: handler(CLIENTS_PAGES, { ...options, read, isDetailed: false }),
    forOperators: handler(OPERATORS_PAGES, { ...options, read, isDetailed: true }),
  };
}

function handler(pages: Pages, options: PageOptions): Handler {
  return ({ request, response, path }) => {
    const page = pages[path];
    if (page === undefined) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      send(response, 405, 'text/plain; charset=utf-8', 'only GET\n');
      return true;
    }
    return page(response, options).catch((error: unknown) => {
      options.onError(error);
      sendReady(response, options, ['the database does not answer'], []);
    });
  };
}

type Pages = Readonly<
  Record<string, (response: ServerResponse, options: PageOptions) => Promise<void>>
>;

const CLIENTS_PAGES: Pages = { '/health': healthPage, '/ready': readyPage };
const OPERATORS_PAGES: Pages = { ...CLIENTS_PAGES, '/metrics': metricsText };

async function healthPage(response: ServerResponse): Promise<void> {
  send(response, 200, 'application/json', '{"ok":true}\n');
}

async function readyPage(response: ServerResponse, options: PageOptions): Promise<void> {
  const chains = await options.read();
  sendReady(response, options, reasonsOf(chains, options), chains);
}

function reasonsOf(chains: readonly ChainHealth[], { services, lagAtMost }: HealthOptions) {
  const { trouble } = services.lanes;
  const failing = trouble === null ? [] : [`statements of the database keep failing: ${trouble}`];
  return [...failing, ...reasonsNotReady(chains, lagAtMost)];
}

async function metricsText(response: ServerResponse, options: PageOptions): Promise<void> {
  const { read, metrics } = options;
  const chains = await read();
  const isReady = reasonsOf(chains, options).length === 0;
  const { contentType, text } = await metricsPage(chains, isReady);
  send(response, 200, contentType, `${text}${await metrics.registry.metrics()}`);
}

function sendReady(
  response: ServerResponse,
  { isDetailed }: PageOptions,
  reasons: readonly string[],
  chains: readonly unknown[],
): void {
  const ready = reasons.length === 0;
  const answer = isDetailed ? { ready, reasons, chains } : { ready };
  const body = `${JSON.stringify(answer, null, 2)}\n`;
  send(response, ready ? 200 : 503, 'application/json', body);
}

function send(response: ServerResponse, code: number, contentType: string, body: string): void {
  response.writeHead(code, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}
