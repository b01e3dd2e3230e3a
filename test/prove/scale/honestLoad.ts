import { setTimeout as delay } from 'node:timers/promises';
import { type RawAnswer, Transport } from '../../../clients/ts/src/transport.js';
import { SeededRandom } from '../../../devnet/random.js';
import type { Address } from '../../../src/address.js';
import type { BlockClock, TimedAnswer } from './blockClock.js';
import {
  balancesOf,
  FINAL_HASH,
  finalAnswer,
  type GivenBalances,
  NEWEST,
  newestAnswer,
} from './questions.js';

/** What clients ask about. */
export interface LoadSubject {
  readonly chainId: number;
  readonly tokens: readonly Address[];
}

export interface LoadOptions {
  /** Of nginx. */
  readonly url: string;
  readonly subjects: readonly LoadSubject[];
  /** That ask at once. */
  readonly clients: number;
  /** Of a client, after an answer. */
  readonly pauseMs: number;
  readonly seed: number;
  readonly clock: BlockClock;
}

/** What clients were answered. */
export interface LoadReport {
  /** Answers that came in the end. */
  readonly served: number;
  /** Requests without an answer after all retries, with the reason. */
  readonly failed: readonly string[];
  /** Answers of an earlier block than its client had seen. */
  readonly stale: readonly string[];
  /** Requests that were sent again. */
  readonly retries: number;
  /** What came in place of answers, by status or reason. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly cacheHits: number;
  /** All that were as of the newest block. */
  readonly timed: readonly TimedAnswer[];
  /** Two answers of the same block that differ. */
  readonly contradictions: readonly string[];
  readonly given: readonly GivenBalances[];
}

interface Waiter {
  readonly isSo: () => boolean;
  readonly resolve: () => void;
}

const WAIT_AT_MOST_MS = 240_000;

/** Clients share the copies of final blocks: every so many blocks. */
const FINAL_EVERY = 4;
/** Requests for one answer. A fail-over takes its time. */
const ATTEMPTS = 40;
const LONGEST_PAUSE_MS = 1_000;

/** Clients that ask one question after the other, and again when the server says so. */
export class HonestLoad {
  private readonly clients: readonly Promise<void>[];
  private isOver = false;
  private served = 0;
  private sent = 0;
  private asked = 0;
  private cacheHits = 0;
  private readonly timed: TimedAnswer[] = [];
  /** What disturbs the servers now. */
  phase = 'before';
  /** Answers without a block that the primary had already. */
  old = 0;
  /** Requests that were refused since the last answer of a server. */
  private refusedInRow = 0;
  private readonly failed: string[] = [];
  private readonly stale: string[] = [];
  private readonly contradictions: string[] = [];
  private readonly refusals = new Map<string, number>();
  private readonly given = new Map<string, GivenBalances & { readonly text: string }>();
  private readonly waiting = new Set<Waiter>();
  /** Answers without a wanted block, since the last that was older than `heads`. */
  private current = 0;
  private heads: ReadonlyMap<number, number> = new Map();
  private refused = 0;

  constructor(private readonly options: LoadOptions) {
    this.clients = Array.from({ length: options.clients }, (_, number) => this.client(number));
  }

  /** Waits until clients have got so many answers from now on. */
  further(answers: number): Promise<void> {
    const until = this.served + answers;
    return this.when(`${answers} answers`, () => this.served >= until);
  }

  /** Waits until something else came in place of an answer. */
  refusal(): Promise<void> {
    const before = this.refused;
    return this.when('a refusal', () => this.refused > before);
  }

  /** Waits until no server has answered so many requests in a row. */
  silence(requests: number): Promise<void> {
    this.refusedInRow = 0;
    return this.when('no answers', () => this.refusedInRow >= requests);
  }

  /** Waits until clients that want no block get these blocks, so many times in a row. */
  upToDate(heads: ReadonlyMap<number, number>, times: number): Promise<void> {
    this.heads = heads;
    this.current = 0;
    return this.when('answers of the newest blocks', () => this.current >= times);
  }

  /** The same, or until an answer is older than these blocks. */
  async oldOrUpToDate(heads: ReadonlyMap<number, number>, times: number): Promise<void> {
    const { old } = this;
    this.heads = heads;
    this.current = 0;
    await this.when('answers', () => this.old > old || this.current >= times);
  }

  private when(what: string, isSo: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`clients did not get ${what}`));
      const timer = setTimeout(late, WAIT_AT_MOST_MS).unref();
      this.waiting.add({
        isSo,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      });
    });
  }

  abandon(): void {
    this.isOver = true;
  }

  /** Lets the clients wait for their last answers. */
  async end(): Promise<LoadReport> {
    this.isOver = true;
    await Promise.all(this.clients);
    const { served, failed, stale, refusals, cacheHits, timed, contradictions } = this;
    const retries = this.sent - this.asked;
    const given = [...this.given.values()];
    return { served, failed, stale, retries, refusals, cacheHits, timed, contradictions, given };
  }

  private async client(number: number): Promise<void> {
    const random = new SeededRandom(`client ${this.options.seed} ${number}`);
    const own = new HonestClient(this.options.url, (outcome) => this.note(outcome));
    while (!this.isOver) {
      const { chainId, tokens } = random.pick(this.options.subjects);
      const token = random.pick(tokens);
      const draw = random.integer(1, 3);
      this.asked += 1;
      const isFinal = draw === 1 && own.finalOf(chainId) !== null;
      try {
        if (isFinal) this.keep(await own.askFinal(chainId, token));
        else await this.askNewest(own, chainId, token, draw === 2);
        this.served += 1;
        this.look();
      } catch (error) {
        this.failed.push(`chain ${chainId}: ${String(error)}`);
      }
      await delay(this.options.pauseMs);
    }
  }

  private async askNewest(
    own: HonestClient,
    chainId: number,
    token: Address,
    isPatient: boolean,
  ): Promise<void> {
    const wanted = isPatient ? own.seenOf(chainId) : null;
    const { phase } = this;
    const askedAt = performance.now();
    const given = await own.askNewest(chainId, token, wanted);
    const { block } = given;
    if (wanted !== null && block < wanted) this.stale.push(`${chainId}: ${block}, not ${wanted}`);
    this.time({ chainId, block, askedAt, answeredAt: performance.now(), phase });
    if (wanted === null) {
      this.current = block >= (this.heads.get(chainId) ?? 0) ? this.current + 1 : 0;
    }
    this.keep(given);
  }

  private keep(given: GivenBalances): void {
    const { chainId, token, block, balances } = given;
    const key = `${chainId} ${token} ${block}`;
    const text = [...balances]
      .map((pair) => pair.join(' '))
      .toSorted()
      .join('\n');
    const before = this.given.get(key);
    if (before !== undefined && before.text !== text) this.contradictions.push(key);
    if (before?.supply == null) this.given.set(key, { ...given, text });
  }

  private time(answer: TimedAnswer): void {
    this.timed.push(answer);
    if (this.options.clock.primaryMs(answer) > 0) this.old += 1;
  }

  private look(): void {
    for (const waiter of this.waiting) {
      if (!waiter.isSo()) continue;
      this.waiting.delete(waiter);
      waiter.resolve();
    }
  }

  private note(outcome: string): void {
    this.sent += 1;
    if (outcome === 'HIT') this.cacheHits += 1;
    if (outcome === '200') this.refusedInRow = 0;
    if (outcome === 'HIT' || outcome === '200') return;
    this.refused += 1;
    this.refusedInRow += 1;
    this.refusals.set(outcome, (this.refusals.get(outcome) ?? 0) + 1);
    this.look();
  }
}

/** One client: it asks for the blocks that it has seen, and never for older ones. */
class HonestClient {
  private readonly seen = new Map<number, number>();
  private readonly final = new Map<number, number>();
  private readonly posts: Transport;
  private readonly gets: Transport;

  constructor(url: string, note: (outcome: string) => void) {
    const patience = { attempts: ATTEMPTS, longestPauseMs: LONGEST_PAUSE_MS };
    this.posts = new Transport({ url, ...patience, fetch: noted(fetch, note) });
    this.gets = new Transport({ url, ...patience, fetch: noted(byGet, note) });
  }

  seenOf(chainId: number): number | null {
    return this.seen.get(chainId) ?? null;
  }

  finalOf(chainId: number): number | null {
    const final = this.final.get(chainId);
    return final === undefined || final < FINAL_EVERY ? null : final - (final % FINAL_EVERY);
  }

  async askNewest(chainId: number, token: Address, wanted: number | null): Promise<GivenBalances> {
    const extensions = wanted === null ? {} : { minBlock: { [chainId]: wanted } };
    const variables = { chain: chainId, token };
    const answer = await this.posts.ask({ query: NEWEST, variables, extensions });
    const { status, token: asked, holders } = newestAnswer.parse(answer.data);
    const chain = status.find((one) => one.chainId === chainId);
    const block = chain?.indexed?.block;
    if (block === undefined) throw new Error('the answer has no block');
    this.seen.set(chainId, Math.max(block, this.seen.get(chainId) ?? 0));
    const final = chain?.finalizedBlock ?? 0;
    this.final.set(chainId, Math.max(final, this.final.get(chainId) ?? 0));
    return { chainId, token, block, balances: balancesOf(holders), supply: BigInt(asked.supply) };
  }

  async askFinal(chainId: number, token: Address): Promise<GivenBalances> {
    const block = this.finalOf(chainId) ?? 0;
    const variables = { chain: chainId, token, at: { block } };
    const answer: RawAnswer = await this.gets.ask({ variables, chainId, block });
    const { holders } = finalAnswer.parse(answer.data);
    return { chainId, token, block, balances: balancesOf(holders), supply: null };
  }
}

type Fetch = typeof fetch;

/** Sends the persisted query by GET, with the block that its client has seen. */
const byGet: Fetch = async (url, init) => {
  const { variables, chainId, block } = JSON.parse(String(init?.body)) as {
    readonly variables: unknown;
    readonly chainId: number;
    readonly block: number;
  };
  const parameters = new URLSearchParams({
    extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash: FINAL_HASH } }),
    variables: JSON.stringify(variables),
  });
  const { signal = null } = init ?? {};
  const headers = { accept: 'application/json', 'x-min-block': `${chainId}=${block}` };
  return fetch(`${String(url)}?${parameters}`, { headers, signal });
};

/** @param note called with `200`, `HIT` of a cache, another status with its code, or the reason of no answer */
function noted(send: Fetch, note: (outcome: string) => void): Fetch {
  return async (url, init) => {
    try {
      const response = await send(url, init);
      note(await outcomeOf(response.clone()));
      return response;
    } catch (error) {
      const { cause } = error as Error;
      note(cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer');
      throw error;
    }
  };
}

async function outcomeOf(response: Response): Promise<string> {
  if (response.headers.get('x-cache-status') === 'HIT') return 'HIT';
  const text = await response.text();
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  if (response.status === 200 && code === undefined) return '200';
  return code === undefined ? String(response.status) : `${response.status} ${code}`;
}
