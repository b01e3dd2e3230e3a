import { redactText } from '../../../config/redact.js';
import { faultOf, PassingFault, type Service } from './faults.js';

/** Characters of an error's text to read. */
const ERROR_BYTES = 4096;

export interface Ask {
  readonly service: Service;
  readonly url: string;
  /** Sent as `Authorization: Bearer`; `null`: none. */
  readonly key: string | null;
  /** JSON; left out: a GET. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the service may be silent before the connection is given up. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The decoded body as it comes. Ends by a `PassingFault` where the connection breaks. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request and returns its answer, good or with a status of `accepted`.
 *
 * @throws PassingFault, or ImoError with a code `SOURCE_…`; the signal's reason if it aborts
 */
export async function ask(request: Ask, accepted: readonly number[] = []): Promise<Answer> {
  const { service, url, key, body, headers, silenceMs, signal } = request;
  const silence = new Silence(silenceMs, signal);
  const who = `${service.name} ${service.displayUrl}`;
  try {
    const response = await silence.limit(
      fetch(url, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'accept-encoding': 'gzip',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
        signal: silence.signal,
      }),
    );
    const { status } = response;
    const chunks = chunksOf(response, silence, who);
    if (response.ok || accepted.includes(status)) {
      return { status, headers: response.headers, chunks };
    }
    throw faultOf(service, response, (await readAtMost(chunks, ERROR_BYTES)).text);
  } catch (error) {
    throw asFault(error, who, signal);
  }
}

/** The body as text, at most so many bytes of it; the rest is not read. */
export async function readAtMost(
  chunks: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size > bytes) break;
  }
  const text = Buffer.concat(parts).subarray(0, bytes).toString('utf8');
  return { text, isWhole: size <= bytes };
}

async function* chunksOf(
  response: Response,
  silence: Silence,
  who: string,
): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  let isOver = false;
  try {
    for (;;) {
      const { done, value } = await silence.limit(reader.read());
      if (done) {
        isOver = true;
        return;
      }
      yield value;
    }
  } catch (error) {
    isOver = true;
    throw asFault(error, who, silence.outer);
  } finally {
    // A caller that stops reading closes the connection: it does not need the rest.
    if (!isOver) silence.stop();
  }
}

function asFault(error: unknown, who: string, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (isAbort(error)) return new PassingFault(`${who} is silent`, null, { cause: error });
  if (!(error instanceof TypeError)) return error;
  const { cause } = error;
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : error.message;
  const text = `the connection to ${who} broke (${redactText(reason)})`;
  return new PassingFault(text, null, { cause: error });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

/** Gives up what takes too long; time in which nobody waits does not count. */
class Silence {
  private readonly controller = new AbortController();
  readonly signal: AbortSignal;

  constructor(
    private readonly milliseconds: number,
    readonly outer: AbortSignal,
  ) {
    this.signal = AbortSignal.any([outer, this.controller.signal]);
  }

  async limit<T>(wait: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.stop(), this.milliseconds);
    try {
      return await wait;
    } finally {
      clearTimeout(timer);
    }
  }

  stop(): void {
    this.controller.abort();
  }
}
