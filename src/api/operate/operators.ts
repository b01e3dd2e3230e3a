import type { MetricsConfig } from '../../config/serving.js';
import { ImoError } from '../../errors.js';
import { HttpServer, hostNameOf } from '../http/httpServer.js';
import { openExchange } from '../http/messages/exchange.js';
import type { HealthPages } from './healthPages.js';

/** Pages for who runs the server, at a port of their own until `close()`. */
export interface OperatorsServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Next to that of the API and of `index --metrics-port`. */
const DEFAULT_METRICS_PORT = 4352;

/** @throws ImoError `PORT_IN_USE` or `PORT_FORBIDDEN` if a port is given */
export async function serveOperators(
  { host, port }: MetricsConfig,
  pages: HealthPages,
): Promise<OperatorsServer> {
  const open = async (at: number) => {
    const server = new HttpServer(async (request, response) => {
      const exchange = openExchange(request, response, 'operator');
      const answer = pages.forOperators(exchange);
      if (answer === false) response.writeHead(404).end();
      else await answer;
    });
    const bound = await server.listen(at, host);
    return { url: `http://${hostNameOf(host)}:${bound}`, close: () => server.close() };
  };
  if (port !== null) return open(port);
  try {
    return await open(DEFAULT_METRICS_PORT);
  } catch (error) {
    // Of another server on this machine: it is not worth a failure.
    if (error instanceof ImoError && error.code === 'PORT_IN_USE') return open(0);
    throw error;
  }
}
