/** One that is being computed, or is. */
interface Entry<Answer> {
  readonly answer: Promise<Answer>;
  /** Stops the computation. */
  readonly controller: AbortController;
  waiting: number;
  isDone: boolean;
}

/** Keeps the answers that were asked for last; those being computed are shared. */
export class LeastRecentlyUsed<Answer> {
  private readonly entries = new Map<string, Entry<Answer>>();

  constructor(private readonly size: number) {}

  /**
   * A failure is passed on and forgotten.
   *
   * @param compute its signal aborts when nobody waits for the answer any longer
   * @param gone aborts when the caller leaves; left out: the caller always waits
   * @throws the reason of `gone` once it is aborted
   */
  async get(
    key: string,
    compute: (signal: AbortSignal) => Promise<Answer>,
    gone?: AbortSignal,
  ): Promise<Answer> {
    const entry = this.entries.get(key) ?? begin(compute);
    // A map keeps the order of insertion: the first entry is the one to forget.
    this.entries.delete(key);
    this.entries.set(key, entry);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.size) break;
      this.entries.delete(oldest);
    }
    try {
      return await waitFor(entry, gone);
    } catch (error) {
      // Failed, or stopped because nobody waits any more; others may still wait for it.
      const isOver = entry.isDone || entry.controller.signal.aborted;
      if (isOver && this.entries.get(key) === entry) this.entries.delete(key);
      throw error;
    }
  }
}

function begin<Answer>(compute: (signal: AbortSignal) => Promise<Answer>): Entry<Answer> {
  const controller = new AbortController();
  const answer = compute(controller.signal);
  const entry = { answer, controller, waiting: 0, isDone: false };
  const done = () => {
    entry.isDone = true;
  };
  answer.then(done, done);
  return entry;
}

async function waitFor<Answer>(entry: Entry<Answer>, gone?: AbortSignal): Promise<Answer> {
  entry.waiting += 1;
  let leave = () => undefined as undefined;
  const left = new Promise<never>((_, reject) => {
    leave = () => void reject(gone?.reason);
    if (gone?.aborted === true) leave();
    else gone?.addEventListener('abort', leave, { once: true });
  });
  try {
    return await (gone === undefined ? entry.answer : Promise.race([entry.answer, left]));
  } finally {
    gone?.removeEventListener('abort', leave);
    entry.waiting -= 1;
    if (entry.waiting === 0 && !entry.isDone) entry.controller.abort(gone?.reason);
  }
}
