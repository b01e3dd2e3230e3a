import { subjectOf } from '../endpoints/answerFault.js';

/** Time without any answer before the first warning, in milliseconds. */
export const SILENT_MS = 10_000;
const LONGEST_PAUSE_MS = 300_000;
const TICK_MS = 1_000;
/** They say that a node is there, not that anything goes forward. */
const POLLS = new Set(['eth_blockNumber', 'eth_chainId']);

interface OpenQuestion {
  readonly method: string;
  readonly params: readonly unknown[] | undefined;
  readonly since: number;
  endpoint: string | null;
  attempts: number;
  failure: string | null;
}

export interface WaitingOptions {
  readonly onWarning: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Knows the questions that no endpoint has answered yet, and tells of the oldest one when nothing
 * has been answered for ten seconds: what it is, who was asked, and since when. Then ever more
 * rarely.
 */
export class Waiting {
  private readonly open = new Set<OpenQuestion>();
  /** The client sends the same parameters again when it tries again. */
  private readonly byParams = new WeakMap<readonly unknown[], OpenQuestion>();
  private readonly now: () => number;
  private answeredAt: number;
  private pauseMs = SILENT_MS;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: WaitingOptions) {
    this.now = options.now ?? (() => Date.now());
    this.answeredAt = this.now();
  }

  /** Waits for an answer with somebody watching. */
  async watch<T>(
    {
      method,
      params,
    }: { readonly method: string; readonly params?: readonly unknown[] | undefined },
    answer: () => Promise<T>,
  ): Promise<T> {
    const question: OpenQuestion = {
      method,
      params,
      since: this.now(),
      endpoint: null,
      attempts: 0,
      failure: null,
    };
    this.open.add(question);
    if (params !== undefined) this.byParams.set(params, question);
    this.timer ??= setInterval(() => this.look(), TICK_MS).unref();
    try {
      return await answer();
    } finally {
      this.open.delete(question);
      if (!POLLS.has(method)) this.answered();
      if (this.open.size === 0) this.stop();
    }
  }

  /** An endpoint is asked. */
  asking(params: readonly unknown[] | undefined, endpoint: string): void {
    const question = params === undefined ? undefined : this.byParams.get(params);
    if (question === undefined) return;
    question.endpoint = endpoint;
    question.attempts++;
  }

  /** It failed, and others or it itself are asked again. */
  failed(params: readonly unknown[] | undefined, reason: string): void {
    const question = params === undefined ? undefined : this.byParams.get(params);
    if (question !== undefined) question.failure = reason;
  }

  /** Tells, if it is time to. */
  look(): void {
    const [oldest] = this.open;
    if (oldest === undefined) return;
    const quietMs = this.now() - Math.max(oldest.since, this.answeredAt);
    if (quietMs < this.pauseMs) return;
    this.pauseMs = Math.min(this.pauseMs * 2, this.pauseMs + LONGEST_PAUSE_MS);
    const { method, params, since, endpoint, attempts, failure } = oldest;
    const times = attempts > 1 ? `, asked ${attempts} times` : '';
    const last = failure === null ? '' : `; last failure: ${failure}`;
    this.options.onWarning(
      `no answer for ${Math.floor(quietMs / 1000)} s: waiting for ${subjectOf(method, params)} ` +
        `from ${endpoint ?? 'any endpoint'} since ${new Date(since).toISOString()}${times}${last}`,
    );
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private answered(): void {
    this.answeredAt = this.now();
    this.pauseMs = SILENT_MS;
  }
}
