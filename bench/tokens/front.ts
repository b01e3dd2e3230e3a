import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { JsonRpcRequest } from '../ingest/jsonRpc.js';

/** Stands before a node. */
export interface Front {
  readonly url: string;
  stop(): Promise<void>;
}

/** Refuses `eth_getProof`, because anvil computes each proof again; balances are the proof then. */
export async function frontWithoutProofs(nodeUrl: string): Promise<Front> {
  const forward = async (body: string): Promise<string> => {
    const answer = await fetch(nodeUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return answer.text();
  };
  const server = createServer((request, response) => {
    bodyOf(request)
      .then((body) => (body.includes('"eth_getProof"') ? refused(body) : forward(body)))
      .then(
        (text) => response.setHeader('content-type', 'application/json').end(text),
        (error: Error) => response.destroy(error),
      );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function refused(body: string): string {
  const asked = JSON.parse(body) as JsonRpcRequest | JsonRpcRequest[];
  const error = { code: -32_601, message: 'the method eth_getProof does not exist' };
  const answer = ({ id }: JsonRpcRequest) => ({ jsonrpc: '2.0', id, error });
  return JSON.stringify(Array.isArray(asked) ? asked.map(answer) : answer(asked));
}
