/** How far work runs ahead of the consumer of its results. */
export interface Ahead {
  /** Inputs that are worked on at once; it may change meanwhile. */
  readonly working: number;
  /** Results that wait to be taken, and what is worked on. */
  readonly waiting: number;
}

/**
 * Works on several inputs at once, also while the consumer is busy, and yields the results in the
 * order of the inputs: all that are ready, together. What is under way when the consumer stops is
 * finished and dropped.
 */
export async function* readAhead<T, R>(
  ahead: Ahead,
  inputs: AsyncIterable<T>,
  work: (input: T) => Promise<R>,
): AsyncGenerator<R[]> {
  const line: Result<R>[] = [];
  const changed = new Bell();
  let isStopped = false;
  const iterator = inputs[Symbol.asyncIterator]();
  const isFull = () =>
    line.length >= ahead.waiting || line.filter(({ isDone }) => !isDone).length >= ahead.working;
  const feed = async () => {
    for (;;) {
      while (isFull() && !isStopped) await changed.next();
      if (isStopped) return;
      const next = await iterator.next();
      if (next.done) return;
      line.push(resultOf(work(next.value), changed));
      changed.ring();
    }
  };
  let isFed = false;
  const feeding = feed().finally(() => {
    isFed = true;
    changed.ring();
  });
  // It is thrown after what was worked on before.
  feeding.catch(() => undefined);
  try {
    for (;;) {
      const ready: R[] = [];
      let [first] = line;
      // What failed is thrown in its turn, by itself.
      while (first?.isDone && (!first.isFailed || ready.length === 0)) {
        ready.push(await first.value);
        line.shift();
        [first] = line;
      }
      if (ready.length > 0) {
        changed.ring();
        yield ready;
      } else if (isFed && line.length === 0) {
        return await feeding;
      } else {
        await changed.next();
      }
    }
  } finally {
    isStopped = true;
    changed.ring();
    // What it waits for may take long, and nobody wants it any more.
    iterator.return?.().catch(() => undefined);
  }
}

interface Result<R> {
  readonly value: Promise<R>;
  isDone: boolean;
  isFailed: boolean;
}

function resultOf<R>(value: Promise<R>, changed: Bell): Result<R> {
  const result: Result<R> = { value, isDone: false, isFailed: false };
  value.then(
    () => {
      result.isDone = true;
      changed.ring();
    },
    () => {
      result.isDone = true;
      result.isFailed = true;
      changed.ring();
    },
  );
  return result;
}

/** Wakes all who wait. */
class Bell {
  private waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => void this.waiting.push(resolve));
  }

  ring(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const wake of waiting) wake();
  }
}
