import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { decodeAmounts } from '../../clients/ts/src/amounts.js';
import { Transport } from '../../clients/ts/src/transport.js';

const TIMEOUT_MS = 20_000;
const ATTEMPTS = 2;

/** Asks the server once: a piece follows no subscription. */
export async function ask<Data, Variables extends object>(
  base: URL,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
): Promise<Data> {
  const url = new URL('graphql', base).href;
  const transport = new Transport({ url, attempts: ATTEMPTS, timeoutMs: TIMEOUT_MS });
  const { data } = await transport.ask({ query: print(document), variables }, signal);
  decodeAmounts(document, data);
  return data as Data;
}
