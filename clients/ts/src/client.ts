import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { decodeAmounts, operationOf } from './amounts.js';
import { failureOf, ImoLedgerFailure } from './failure.js';
import { assertPageable, assertSameMoment, type ListPage, nextPage } from './pages.js';
import { Transport, type TransportOptions } from './transport.js';

/** How the client asks, and follows. */
export interface ClientOptions extends TransportOptions {
  /** For runtimes without a global `WebSocket` (Node before 22): the one of the package `ws`. */
  readonly webSocket?: unknown;
  /** How often a lost connection of subscriptions is made again, one after the other; default 20. */
  readonly reconnects?: number;
}

/** What the server says about an answer in addition to its data: docs/reliability.md. */
export interface Marks {
  /** Contracts whose books have ended because they could not continue without a guess. */
  readonly held?: readonly unknown[];
  /** Contracts that the config of the server no longer names. */
  readonly archived?: readonly unknown[];
  /** Figures on which books and contract differ. */
  readonly disagreements?: readonly unknown[];
  /** Figures that were not compared with the contract yet. */
  readonly unaudited?: readonly unknown[];
  /** Tokens whose claims are paused. */
  readonly paused?: readonly unknown[];
  /** Tokens with money that no frame shows, in blocks that are not final. */
  readonly provisional?: readonly unknown[];
  readonly [name: string]: unknown;
}

/** An answer: its data, and what the server says about them. */
export interface Answer<Data> {
  readonly data: Data;
  readonly marks: Marks;
}

const RECONNECTS = 20;
/** Pages of one list: 10 million rows of the largest pages. */
const PAGES_AT_MOST = 10_000;

/** Asks the API of `imo-ledger serve`. Amounts are `bigint`, in the smallest unit of their asset. */
export class ImoLedger {
  private readonly transport: Transport;
  private sockets: Client | null = null;

  constructor(private readonly options: ClientOptions) {
    this.transport = new Transport(options);
  }

  /**
   * Answers a query. Asks again where the server or the network says that it would help.
   *
   * @throws ImoLedgerFailure also if only a part of the answer failed
   */
  async query<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    signal?: AbortSignal,
  ): Promise<Answer<Data>> {
    const answer = await this.transport.ask({ query: print(document), variables }, signal);
    decodeAmounts(document, answer.data);
    return { data: answer.data as Data, marks: answer.extensions };
  }

  /**
   * Reads a list page by page, all as of the moment of the first page: see `nextPage`.
   *
   * @param list where the list is in an answer
   * @throws ImoLedgerFailure `MOMENT_REPLACED` if a reorg replaced that moment meanwhile, and those of `query`
   */
  async *pages<Data, Variables extends object, Page extends ListPage<unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    list: (data: Data) => Page | null | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<Page & { readonly marks: Marks }, void, undefined> {
    assertPageable(document);
    let asked = variables;
    let first: NonNullable<Page['asOf']> | null = null;
    for (let pages = 0; pages < PAGES_AT_MOST; pages++) {
      const { data, marks } = await this.query(document, asked, signal);
      const page = list(data);
      if (page == null) throw new ImoLedgerFailure('NO_PAGES', 'the answer has no such list');
      const moments = page.asOf ?? [];
      first ??= moments;
      assertSameMoment(first, moments);
      yield { ...page, marks };
      const { hasNextPage, endCursor } = page.pageInfo;
      if (!hasNextPage) return;
      if (endCursor == null) {
        throw new TypeError('select pageInfo { hasNextPage endCursor } of the list');
      }
      asked = nextPage(document, variables, first, endCursor);
    }
    throw new ImoLedgerFailure('NO_PAGES', `the list has more than ${PAGES_AT_MOST} pages`);
  }

  /**
   * All rows of a list, or the first so many.
   *
   * @throws ImoLedgerFailure `NO_PAGES` if there are more than `atMost`, and those of `pages`
   */
  async rows<Data, Variables extends object, Row>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    list: (data: Data) => ListPage<Row> | null | undefined,
    { atMost = 100_000, signal }: { readonly atMost?: number; readonly signal?: AbortSignal } = {},
  ): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const { nodes } of this.pages(document, variables, list, signal)) {
      rows.push(...nodes);
      if (rows.length > atMost) {
        throw new ImoLedgerFailure(
          'NO_PAGES',
          `the list has more than ${atMost} rows`,
          'Use `pages`, which keeps one page at a time, or raise `atMost`.',
        );
      }
    }
    return rows;
  }

  /**
   * Follows a subscription. A lost connection is made again; the events of lists then begin with one that
   * has only `asOf`, as at the start (docs/live.md): `FollowedList` applies them.
   *
   * @throws ImoLedgerFailure what ended it
   */
  async *subscribe<Data, Variables extends object>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): AsyncGenerator<Answer<Data>, void, undefined> {
    if (operationOf(document).operation !== 'subscription') {
      throw new TypeError('the document is not a subscription: use `query`');
    }
    const request = { query: print(document), variables: jsonOf(variables) };
    const results = this.socketClient().iterate<Record<string, unknown>, Marks>(request);
    try {
      for await (const { data, errors = [], extensions = {} } of results) {
        if (errors.length > 0 || data == null) throw failureOf(errors);
        decodeAmounts(document, data);
        yield { data: data as Data, marks: extensions };
      }
    } catch (error) {
      throw error instanceof Error ? error : closed(error);
    }
  }

  /** Closes the connection of subscriptions. */
  async close(): Promise<void> {
    await this.sockets?.dispose();
    this.sockets = null;
  }

  private socketClient(): Client {
    const { url, webSocket, reconnects = RECONNECTS } = this.options;
    this.sockets ??= createClient({
      url: url.replace(/^http/, 'ws'),
      ...(webSocket === undefined ? {} : { webSocketImpl: webSocket }),
      retryAttempts: reconnects,
      shouldRetry: () => true,
    });
    return this.sockets;
  }
}

/** Without `bigint`, which JSON does not have. */
function jsonOf(variables: object): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(variables, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  ) as Record<string, unknown>;
}

function closed(event: unknown): ImoLedgerFailure {
  const { code = 'UNREACHABLE', reason = '' } = (event ?? {}) as {
    readonly code?: number | string;
    readonly reason?: string;
  };
  return new ImoLedgerFailure(String(code), `the connection was closed ${reason}`.trim());
}
