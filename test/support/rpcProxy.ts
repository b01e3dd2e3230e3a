import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { afterAll } from 'vitest';
import { z } from 'zod';

const request = z.object({ id: z.unknown(), method: z.string() });

const servers: ReturnType<typeof createServer>[] = [];

/** An endpoint in front of `rpcUrl` that does not know some methods. Returns its URL. */
export function proxyWithout(rpcUrl: string, methods: readonly string[]): Promise<string> {
  return startProxy(rpcUrl, ({ id, method }) => {
    if (!methods.includes(method)) return null;
    const message = `the method ${method} does not exist/is not available`;
    return { jsonrpc: '2.0', id, error: { code: -32601, message } };
  });
}

/** An endpoint in front of `rpcUrl` that counts the calls of each method. */
export async function countingProxy(
  rpcUrl: string,
): Promise<{ url: string; counts: Map<string, number> }> {
  const counts = new Map<string, number>();
  const url = await startProxy(rpcUrl, ({ method }) => {
    counts.set(method, (counts.get(method) ?? 0) + 1);
    return null;
  });
  return { url, counts };
}

/** @param intercept the answer to a call, or `null` to let the node answer. */
async function startProxy(
  rpcUrl: string,
  intercept: (call: z.infer<typeof request>) => object | null,
): Promise<string> {
  const answer = async (call: unknown): Promise<unknown> => {
    const intercepted = intercept(request.parse(call));
    if (intercepted !== null) return intercepted;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(rpcUrl, { method: 'POST', headers, body: JSON.stringify(call) });
    return response.json();
  };
  const server = createServer(async (incoming, outgoing) => {
    const body: unknown = JSON.parse(await readBody(incoming));
    const result = Array.isArray(body) ? await Promise.all(body.map(answer)) : await answer(body);
    outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return `http://127.0.0.1:${address.port}`;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming) body += chunk;
  return body;
}

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});
