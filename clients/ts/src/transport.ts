import { failureOf, ImoLedgerFailure } from './failure.js';

/** Where the API is, and how patient the client is. */
export interface TransportOptions {
  /** Address of the API, e.g. `http://127.0.0.1:4350/graphql`. */
  readonly url: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Requests for one answer, the first included; default 5. */
  readonly attempts?: number;
  /** One request may take so long; default 30,000. */
  readonly timeoutMs?: number;
  /** No pause between two requests is longer, whatever the server asks for; default 60,000. */
  readonly longestPauseMs?: number;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
}

/** An answer, as JSON has it. */
export interface RawAnswer {
  readonly data: Record<string, unknown>;
  readonly extensions: Readonly<Record<string, unknown>>;
}

const ATTEMPTS = 5;
const TIMEOUT_MS = 30_000;
const LONGEST_PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 200;
const PASSING_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Errors whose hint is to ask again. */
const PASSING_CODES = new Set([
  'CHAIN_REORGANISED',
  'DATABASE_MOVED',
  'DATABASE_UNAVAILABLE',
  'MIN_BLOCK_NOT_REACHED',
  'RATE_LIMITED',
  'REQUEST_ABORTED',
]);

/** Asks over HTTP until there is an answer, or a refusal that asking again does not change. */
export class Transport {
  constructor(private readonly options: TransportOptions) {}

  /**
   * @param body what is sent as JSON; amounts may be `bigint`
   * @throws ImoLedgerFailure; the reason of `signal` when it aborts
   */
  async ask(body: unknown, signal?: AbortSignal): Promise<RawAnswer> {
    const { attempts = ATTEMPTS, longestPauseMs = LONGEST_PAUSE_MS } = this.options;
    const text = JSON.stringify(body, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.askOnce(text, signal);
      if ('data' in outcome) return outcome;
      signal?.throwIfAborted();
      if (!outcome.isPassing || attempt >= attempts) throw outcome.failure;
      const pauseMs = outcome.pauseMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1);
      await pause(Math.min(pauseMs, longestPauseMs), signal);
    }
  }

  private async askOnce(text: string, signal?: AbortSignal): Promise<RawAnswer | Refusal> {
    const { url, headers, timeoutMs = TIMEOUT_MS, fetch: send = fetch } = this.options;
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await send(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...headers,
        },
        body: text,
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      return read(response, await response.text());
    } catch (error) {
      const code = timeout.aborted ? 'TIMEOUT' : 'UNREACHABLE';
      const what = timeout.aborted
        ? `no answer within ${timeoutMs} ms`
        : 'the API cannot be reached';
      return passing(new ImoLedgerFailure(code, what, null, null, { cause: error }), null);
    }
  }
}

interface Refusal {
  readonly failure: ImoLedgerFailure;
  readonly isPassing: boolean;
  /** As the server asks for; `null`: it does not. */
  readonly pauseMs: number | null;
}

function passing(failure: ImoLedgerFailure, pauseMs: number | null): Refusal {
  return { failure, isPassing: true, pauseMs };
}

/** Data next to an error is half an answer: it is not given out. */
function read(response: Response, text: string): RawAnswer | Refusal {
  const answer = parsed(text);
  const pauseMs = retryAfterMs(response);
  if (answer === null) {
    const failure = new ImoLedgerFailure(
      response.ok ? 'BAD_ANSWER' : `HTTP_${response.status}`,
      `the server answered ${response.status} without JSON`,
    );
    return { failure, isPassing: PASSING_STATUS.has(response.status), pauseMs };
  }
  const { data, errors = [], extensions = {} } = answer;
  if (errors.length === 0 && data != null) return { data, extensions };
  const failure = failureOf(errors);
  const isPassing = PASSING_CODES.has(failure.code) || response.status === 429;
  return { failure, isPassing, pauseMs };
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: Parameters<typeof failureOf>[0];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

function parsed(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Answer) : null;
  } catch {
    return null;
  }
}

function retryAfterMs({ headers }: Response): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isNaN(seconds) ? null : seconds * 1_000;
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
