import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { ImoError } from '../../../errors.js';
import { bookMarks } from '../../request/bookMarks.js';
import {
  type ApiContext,
  type ApiServices,
  createContext,
  type Exchanged,
} from '../../request/context.js';
import { assertNotReorganised } from '../../request/reorgGuard.js';
import { withinLimits } from '../../request/withinLimits.js';
import { shareTaken } from '../books/errors.js';

const READINGS_AT_MOST = 3;

/**
 * Answers each event of a subscription as a request of its own, as of its own moment. An event
 * that cannot be answered ends the subscription after its error: what comes later would not
 * fit to what the client has.
 *
 * @param enter takes a subscription for a client; `null`: it has its share of them
 */
export function answerEachEvent(
  services: ApiServices,
  mask: (error: unknown) => GraphQLError,
  enter: (client: string) => (() => void) | null,
): Plugin<ApiContext> {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const { over, run } = args.contextValue as Exchanged & ApiContext;
        const leave = enter(run.client);
        if (leave === null) return { errors: [mask(shareTaken())] };
        const source = await createSourceEventStream(args).catch((error: unknown) => {
          leave();
          throw error;
        });
        if (!(Symbol.asyncIterator in source)) {
          leave();
          return source;
        }
        return answers(source, over, leave, (event) => answer(args, event, services, mask));
      });
    },
  };
}

/**
 * Answers to events, until the client leaves. Not a generator: that could not be ended while it
 * waits for an event.
 *
 * @param leave called once it is over
 * @param over of the exchange. Yoga ends a stream only after it has started to send it. If a client
 *   leaves while the subscription is opened, or accepts no stream, this ends it.
 */
function answers(
  source: AsyncIterable<unknown>,
  over: AbortSignal | undefined,
  leave: () => void,
  answerTo: (event: unknown) => Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  const events = source[Symbol.asyncIterator]();
  const end = async () => {
    over?.removeEventListener('abort', end);
    leave();
    await events.return?.();
    return { done: true, value: undefined } as const;
  };
  if (over?.aborted === true) void end();
  else over?.addEventListener('abort', end, { once: true });
  let isBroken = false;
  return {
    async next() {
      if (isBroken) return end();
      const event = await events.next();
      if (event.done === true) return end();
      const value = await answerTo(event.value);
      isBroken = value.errors !== undefined;
      return { done: false, value };
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function answer(
  args: ExecutionArgs,
  event: unknown,
  services: ApiServices,
  mask: (error: unknown) => GraphQLError,
): Promise<ExecutionResult> {
  const { run } = args.contextValue as ApiContext;
  for (let reading = 1; ; reading += 1) {
    const context = createContext(services, run.next());
    try {
      const result = await withinLimits(
        execute,
        mask,
      )({
        ...args,
        rootValue: event,
        contextValue: context,
      });
      await assertNotReorganised(context.joined, context.books);
      const marks = await bookMarks(context);
      if (marks === null) return result;
      return { ...result, extensions: { ...result.extensions, ...marks } };
    } catch (error) {
      const isMixed = error instanceof ImoError && error.code === 'CHAIN_REORGANISED';
      if (!isMixed || reading === READINGS_AT_MOST) return { errors: [mask(error)] };
    }
  }
}
