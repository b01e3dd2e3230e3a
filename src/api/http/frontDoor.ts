import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { ServingConfig } from '../../config/serving.js';
import type { RequestRun } from '../limits/turns/requestRun.js';
import type { ApiMetrics } from './apiMetrics.js';
import { withoutBase } from './basePath.js';
import type { Clients } from './clients/clients.js';
import { hasValidHost } from './clients/hostHeader.js';
import { type Exchange, type Handler, openExchange } from './messages/exchange.js';
import { answerCors, setSecurityHeaders } from './messages/headers.js';
import { refuse } from './messages/refusal.js';

export interface FrontDoorOptions {
  readonly serving: Pick<ServingConfig, 'corsOrigins' | 'basePath'>;
  readonly clients: Clients;
  /** Not counted against a client: the probes of who runs the server. */
  readonly probes: readonly Handler[];
  /** Asked one after the other; the last one answers whatever is left. */
  readonly handlers: readonly Handler[];
  readonly metrics: ApiMetrics;
  readonly logger: Logger;
}

const BAD_HOST = {
  code: 'BAD_REQUEST',
  message: 'the header Host does not name one host',
  hint: 'Send the name or the address of this server, with its port.',
};
/** Slower requests are worth a line in the log. */
const SLOW_MS = 2_000;

/**
 * What every request passes before its handler: an id, headers for browsers, the limit of its
 * client; a line in the log and the metrics at its end. What a handler throws becomes a 500
 * without details.
 */
export function frontDoor({
  serving,
  clients,
  probes,
  handlers,
  metrics,
  logger,
}: FrontDoorOptions): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const startedAt = performance.now();
    request.url = withoutBase(request.url ?? '/', serving.basePath);
    const exchange = openExchange(request, response, clients.addressOf(request));
    setSecurityHeaders(response);
    const { id, path, client } = exchange;
    const { method = '' } = request;
    response.once('close', () => {
      const { statusCode: status } = response;
      const milliseconds = Math.round(performance.now() - startedAt);
      metrics.request(method, status);
      const isNoteworthy = status >= 500 || milliseconds > SLOW_MS;
      const cost = costOf(exchange.runs);
      const line = { requestId: id, method, path, status, milliseconds, client, ...cost };
      logger[isNoteworthy ? 'warn' : 'debug'](line, 'request');
    });
    try {
      if (!hasValidHost(request)) return refuse(exchange, 400, BAD_HOST);
      if (answerCors(request, response, serving.corsOrigins)) return;
      if (await handledByOne(probes, exchange)) return;
      if (await clients.admit(exchange)) await handledByOne(handlers, exchange);
    } catch (error) {
      logger.error({ err: error, requestId: id, method, path }, 'a request failed');
      refuse(exchange, 500, {
        code: 'INTERNAL',
        message: 'something went wrong on the server',
        hint: 'Ask again. If it happens again, report the X-Request-Id to the operator.',
      });
    }
  };
}

/** Asks handlers one after the other, until one of them has answered. */
async function handledByOne(handlers: readonly Handler[], exchange: Exchange): Promise<boolean> {
  for (const handler of handlers) {
    const answer = handler(exchange);
    if (answer === false) continue;
    if (answer !== true) await answer;
    return true;
  }
  return false;
}

/** What the operations of a request were expected to cost, and what they took, for the log. */
function costOf(runs: readonly RequestRun[]) {
  if (runs.length === 0) return {};
  return {
    cost: sumOf(runs, ({ cost }) => cost?.points ?? 0),
    costTaken: sumOf(runs, ({ pointsTaken }) => pointsTaken),
    databaseMs: Math.round(sumOf(runs, ({ databaseMs }) => databaseMs)),
  };
}

function sumOf(runs: readonly RequestRun[], figureOf: (run: RequestRun) => number): number {
  return runs.reduce((sum, run) => sum + figureOf(run), 0);
}
