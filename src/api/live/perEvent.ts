import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
} from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { ImoError } from '../../errors.js';
import { type ApiContext, type ApiServices, createContext } from '../context.js';
import { disagreementMarks } from '../plugins.js';
import { assertNotReorganised } from '../reorgGuard.js';

const READINGS_AT_MOST = 3;

/**
 * Answers each event of a subscription as a request of its own, as of its own moment. An event
 * that cannot be answered ends the subscription after its error: what comes later would not
 * fit to what the client has.
 */
export function answerEachEvent(
  services: ApiServices,
  mask: (error: unknown) => GraphQLError,
): Plugin<ApiContext> {
  return {
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const source = await createSourceEventStream(args);
        if (!(Symbol.asyncIterator in source)) return source;
        const stream = answers(source, (event) => answer(args, event, services, mask));
        await endWith(stream, (args.contextValue as Partial<YogaInitialContext>).request?.signal);
        return stream;
      });
    },
  };
}

/**
 * Ends a stream when its client leaves. Yoga does so only once it has begun to send: of a client
 * that leaves while the subscription is opened nobody else would end it.
 */
async function endWith(
  stream: AsyncIterableIterator<ExecutionResult>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const end = async () => {
    await stream.return?.();
  };
  if (signal?.aborted === true) await end();
  else signal?.addEventListener('abort', () => void end(), { once: true });
}

/** Not a generator: that could not be ended while it waits for an event. */
function answers(
  source: AsyncIterable<unknown>,
  answerTo: (event: unknown) => Promise<ExecutionResult>,
): AsyncIterableIterator<ExecutionResult> {
  const events = source[Symbol.asyncIterator]();
  const end = async () => {
    await events.return?.();
    return { done: true, value: undefined } as const;
  };
  let isBroken = false;
  return {
    async next() {
      if (isBroken) return end();
      const event = await events.next();
      if (event.done === true) return { done: true, value: undefined };
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
  for (let reading = 1; ; reading += 1) {
    const context = createContext(services);
    try {
      const result = await execute({ ...args, rootValue: event, contextValue: context });
      await assertNotReorganised(context.joined, context.books);
      const disagreements = await disagreementMarks(context);
      if (disagreements.length === 0) return result;
      return { ...result, extensions: { ...result.extensions, disagreements } };
    } catch (error) {
      const isMixed = error instanceof ImoError && error.code === 'CHAIN_REORGANISED';
      if (!isMixed || reading === READINGS_AT_MOST) return { errors: [mask(error)] };
    }
  }
}
