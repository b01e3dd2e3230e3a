import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Front } from './front.js';

interface Question {
  readonly id: number | string;
  readonly method: string;
  readonly params?: readonly unknown[];
}

/**
 * Stands before anvil, and announces a block when the next one is mined. Anvil answers about its newest block with
 * the state of the block that it is making: at 20 blocks a second, an indexer would read money that is not there yet.
 */
export async function settledFront(nodeUrl: string): Promise<Front> {
  const ask = async (body: unknown): Promise<string> => {
    const answer = await fetch(nodeUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.text();
  };
  const announced = async (): Promise<string> => {
    const text = await ask({ jsonrpc: '2.0', id: 1, method: 'eth_blockNumber', params: [] });
    const { result } = JSON.parse(text) as { readonly result: string };
    return `0x${(BigInt(result) - 1n).toString(16)}`;
  };
  const server = createServer(async (request, response) => {
    try {
      const asked = JSON.parse(await textOf(request)) as Question | Question[];
      const questions = [asked].flat();
      const head = questions.some(isAboutHead) ? await announced() : '0x0';
      const texts = await Promise.all(
        questions.map((question) =>
          question.method === 'eth_blockNumber'
            ? JSON.stringify({ jsonrpc: '2.0', id: question.id, result: head })
            : ask(at(question, head)),
        ),
      );
      const text = Array.isArray(asked) ? `[${texts.join(',')}]` : (texts[0] ?? '');
      response.setHeader('content-type', 'application/json').end(text);
    } catch (error) {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    }
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

function isAboutHead({ method, params = [] }: Question): boolean {
  return method === 'eth_blockNumber' || params.includes('latest');
}

function at(question: Question, head: string): Question {
  const { params = [] } = question;
  return { ...question, params: params.map((value) => (value === 'latest' ? head : value)) };
}

async function textOf(request: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
