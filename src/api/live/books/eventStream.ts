import type { WaitingEvents } from './queues.js';

/** The events of one subscription, taken by its client at its own pace. */
export class EventStream<Event> implements AsyncIterableIterator<Event> {
  private isOver = false;
  private wake: (() => void) | null = null;

  /** @param onEnd called once, whichever side ends it */
  constructor(
    private readonly waiting: WaitingEvents<Event>,
    private readonly onEnd: () => void,
  ) {}

  /** Something waits. */
  ring(): void {
    this.wake?.();
  }

  /** Ends it from our side; what waits is dropped. */
  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onEnd();
    this.wake?.();
  }

  async next(): Promise<IteratorResult<Event, undefined>> {
    for (;;) {
      if (this.isOver) return { done: true, value: undefined };
      const event = this.waiting.take();
      if (event !== undefined) return { done: false, value: event };
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = null;
    }
  }

  async return(): Promise<IteratorResult<Event, undefined>> {
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
