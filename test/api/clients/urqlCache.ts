import { Client, fetchExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import type { DocumentNode } from 'graphql';

/** The normalised cache of urql, in a client that a test answers instead of a server. */
export class UrqlCache {
  private answer: Record<string, unknown> = {};

  private readonly client = new Client({
    url: 'http://test.invalid/graphql',
    exchanges: [cacheExchange({ logger: () => undefined }), fetchExchange],
    fetch: () => Promise.resolve(Response.json({ data: this.answer })),
    preferGetMethod: false,
  });

  async write(question: DocumentNode, data: Record<string, unknown>): Promise<void> {
    this.answer = data;
    const { error } = await this.client
      .query(question, {}, { requestPolicy: 'network-only' })
      .toPromise();
    if (error !== undefined) throw error;
  }

  /** What a component would show; `null`: urql asks the server again. */
  async read(question: DocumentNode): Promise<unknown> {
    const { data } = await this.client
      .query(question, {}, { requestPolicy: 'cache-only' })
      .toPromise();
    return data ?? null;
  }
}
