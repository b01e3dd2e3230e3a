import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { RunningApi } from '../../../src/api/server.js';
import type { Answer } from '../support.js';

/** The answers of a subscription, until `close`. */
export interface Subscription {
  next(): Promise<Answer>;
  /** Waits for the end; fails if there is another answer before it. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

/** Subscribes by server-sent events, as a browser's EventSource does. */
export async function subscribeSse({ url }: RunningApi, query: string): Promise<Subscription> {
  const leaving = new AbortController();
  const response = await fetch(`${url}?query=${encodeURIComponent(query)}`, {
    headers: { accept: 'text/event-stream' },
    signal: leaving.signal,
  });
  const events = eventsOf(response);
  return {
    ...subscription(events),
    close: async () => leaving.abort(),
  };
}

/** Subscribes over a WebSocket, with the library that graphql-ws has for clients. */
export function subscribeWs({ url }: RunningApi, query: string): Subscription {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const answers = client.iterate({ query }) as AsyncIterableIterator<Answer>;
  return {
    ...subscription(answers),
    async close() {
      await answers.return?.();
      await client.dispose();
    },
  };
}

function subscription(answers: AsyncIterator<Answer>): Pick<Subscription, 'next' | 'ended'> {
  return {
    async next() {
      const { done, value } = await answers.next();
      if (done === true) throw new Error('the subscription has ended');
      return value;
    },
    async ended() {
      const { done, value } = await answers.next();
      if (done !== true) throw new Error(`another answer came: ${JSON.stringify(value)}`);
    },
  };
}

async function* eventsOf(response: Response): AsyncGenerator<Answer, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      const data = /^data: ?(.+)$/m.exec(event)?.[1];
      if (event.startsWith('event: next') && data !== undefined) yield JSON.parse(data) as Answer;
    }
  }
  return undefined;
}
