/** A request that waits for its answers. */
interface Waiting<Key, Answer> {
  readonly keys: readonly Key[];
  /** Of the keys, in their order. */
  readonly names: readonly string[];
  resolve(answers: readonly Answer[]): void;
  reject(error: unknown): void;
}

/** So that a request with many keys does not hold up those with a few. */
const KEYS_TOGETHER = 300;

export interface JoinedReadOptions {
  /** Statements at a time: the fewer, the more requests share one. */
  readonly atOnce: number;
  /**
   * Between the end of a statement and the next one, in which more may ask; who asks after a
   * rest does not wait. Default: 0.
   */
  readonly restMs?: number;
  /** Different keys of one statement, at most, unless one request has more. */
  readonly together?: number;
}

/**
 * Reads for several requests with one statement. While one runs, those who ask meanwhile wait
 * for the next one: the busier the server, the fewer statements a request costs. Every read
 * begins after all of its requests have asked, so nobody gets an answer older than the question.
 */
export class JoinedRead<Key, Answer> {
  private readonly waiting: Waiting<Key, Answer>[] = [];
  private running = 0;
  private isScheduled = false;
  private restsUntil = 0;

  /**
   * @param readAll answers in the order of the keys.
   * @param nameOf equal for keys with the same answer.
   */
  constructor(
    private readonly readAll: (keys: readonly Key[]) => Promise<readonly Answer[]>,
    private readonly nameOf: (key: Key) => string,
    private readonly options: JoinedReadOptions,
  ) {}

  /** The answers in the order of the keys. A failure is that of all who share the statement. */
  read(keys: readonly Key[]): Promise<readonly Answer[]> {
    if (keys.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.waiting.push({ keys, names: keys.map(this.nameOf), resolve, reject });
      this.schedule();
    });
  }

  /** After this turn of the event loop, in which others may ask too. */
  private schedule(): void {
    if (this.isScheduled || this.running >= this.options.atOnce || this.waiting.length === 0)
      return;
    this.isScheduled = true;
    const begin = () => {
      this.isScheduled = false;
      void this.run(this.take());
      this.schedule();
    };
    const rest = this.restsUntil - performance.now();
    if (rest > 0) setTimeout(begin, rest);
    else setImmediate(begin);
  }

  /** Those who waited longest, at least one. */
  private take(): Waiting<Key, Answer>[] {
    const { together = KEYS_TOGETHER } = this.options;
    const names = new Set<string>();
    let count = 0;
    for (const request of this.waiting) {
      for (const name of request.names) names.add(name);
      if (count > 0 && names.size > together) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async run(requests: readonly Waiting<Key, Answer>[]): Promise<void> {
    this.running++;
    try {
      const places = new Map<string, number>();
      const keys: Key[] = [];
      const placesOf = requests.map((request) =>
        request.keys.map((key, index) => {
          // As many names as keys.
          const name = request.names[index] as string;
          const known = places.get(name);
          if (known !== undefined) return known;
          places.set(name, keys.length);
          return keys.push(key) - 1;
        }),
      );
      const answers = await this.readAll(keys);
      if (answers.length !== keys.length) {
        throw new RangeError(`${answers.length} answers to ${keys.length} questions`);
      }
      requests.forEach((request, index) => {
        // As many answers as keys: checked above.
        request.resolve((placesOf[index] ?? []).map((place) => answers[place] as Answer));
      });
    } catch (error) {
      for (const request of requests) request.reject(error);
    } finally {
      this.running--;
      this.restsUntil = performance.now() + (this.options.restMs ?? 0);
      this.schedule();
    }
  }
}
