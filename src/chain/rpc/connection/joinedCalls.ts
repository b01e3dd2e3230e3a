import type { CallOptions } from '@subsquid/rpc-client';
import type { RpcCall } from './answers.js';

/** A client that sends calls in batches. */
export interface BatchClient {
  batchCall(
    calls: { method: string; params?: unknown[] }[],
    options?: CallOptions,
  ): Promise<unknown[]>;
}

interface Waiting {
  readonly calls: readonly RpcCall[];
  readonly resolve: (answers: unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Group {
  readonly options: CallOptions | undefined;
  readonly waiting: Waiting[];
  /** In all that wait. */
  calls: number;
}

/** As many as the client sends in one request. */
const CALLS_AT_ONCE = 100;

/**
 * Sends in one request what several callers ask at the same moment: about hundreds of contracts, the way
 * takes longer than the answers. Each caller gets its own answers, and its own error: where a request
 * with several callers fails, each of them asks again by itself.
 */
export class JoinedCalls {
  private readonly groups = new Map<string, Group[]>();

  constructor(private readonly client: BatchClient) {}

  /** Answers in the order of the calls, all of one method. */
  ask(method: string, calls: readonly RpcCall[], options?: CallOptions): Promise<unknown[]> {
    if (calls.length >= CALLS_AT_ONCE) return this.client.batchCall([...calls], options);
    return new Promise((resolve, reject) => {
      const group = this.groupFor(method, calls.length, options);
      group.waiting.push({ calls, resolve, reject });
      group.calls += calls.length;
    });
  }

  private groupFor(method: string, size: number, options: CallOptions | undefined): Group {
    const groups = this.groups.get(method) ?? [];
    if (groups.length === 0) {
      this.groups.set(method, groups);
      setImmediate(() => {
        this.groups.delete(method);
        for (const group of groups) void this.send(group);
      });
    }
    const open = groups.find(
      (group) =>
        group.options?.validateError === options?.validateError &&
        group.calls + size <= CALLS_AT_ONCE,
    );
    if (open !== undefined) return open;
    const group: Group = { options, waiting: [], calls: 0 };
    groups.push(group);
    return group;
  }

  private async send({ waiting, options }: Group): Promise<void> {
    const ask = (of: readonly Waiting[]) =>
      this.client.batchCall(
        of.flatMap(({ calls }) => calls),
        options,
      );
    try {
      const answers = await ask(waiting);
      let next = 0;
      for (const { calls, resolve } of waiting) {
        resolve(answers.slice(next, next + calls.length));
        next += calls.length;
      }
    } catch (error) {
      const [only, ...others] = waiting;
      if (others.length === 0) return only?.reject(error);
      for (const one of waiting) ask([one]).then(one.resolve, one.reject);
    }
  }
}
