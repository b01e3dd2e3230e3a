import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { LimitsConfig } from '../../config/serving.js';
import type { RequestRun } from '../limits/turns/requestRun.js';
import { type ApiContext, renewContext } from './context.js';

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** Answers with the limit that was reached, as soon as it is, whatever has been read until then. */
export function withinLimits(execute: Execute, mask: (error: unknown) => GraphQLError): Execute {
  return async (args) => {
    const { run, turns } = args.contextValue as ApiContext;
    run.begin();
    const stopped = untilAborted(run.signal);
    try {
      const leave = await turns.enter(run);
      // What is stopped keeps its place until the last of its reads has ended.
      const executed = (async () => execute(args))().finally(leave);
      const result = await Promise.race([executed, stopped.promise]);
      run.assertGoing();
      return result;
    } catch (error) {
      return { errors: [mask(error)] };
    } finally {
      stopped.forget();
      run.end();
    }
  };
}

/**
 * Begins with what is known of the books, and answers again if something was committed since: a cheap request is mostly
 * answered with one statement.
 */
export function withKnownBooks(execute: Execute): Execute {
  return async (args) => {
    const context = args.contextValue as ApiContext;
    if (context.run.lane === 'cheap') context.instant.assume();
    const result = await execute(args);
    if (await context.instant.holds()) return result;
    renewContext(context);
    return execute(args);
  };
}

/** Rejects with the reason of the signal. */
function untilAborted(signal: AbortSignal) {
  let abort = () => undefined as undefined;
  const promise = new Promise<never>((_, reject) => {
    abort = () => void reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  // It may be aborted when nobody waits any more.
  promise.catch(() => undefined);
  return { promise, forget: () => signal.removeEventListener('abort', abort) };
}

type OnExecute = NonNullable<Plugin<ApiContext>['onExecute']>;

/** `extensions.cost`: what the request was expected to cost at most, and what it took of the database. */
export function showCost(run: RequestRun, limits: LimitsConfig): Awaited<ReturnType<OnExecute>> {
  return {
    onExecuteDone({ result, setResult }) {
      if (Symbol.asyncIterator in result || run.cost === null) return;
      const { points, values, database } = run.cost;
      const cost = {
        points,
        values,
        database,
        limit: limits.cost,
        databaseMs: Math.round(run.databaseMs),
      };
      setResult({ ...result, extensions: { ...result.extensions, cost } });
    },
  };
}

/** Whether a client asks what its request costs. */
export function wantsCost(params: unknown): boolean {
  if (typeof params !== 'object' || params === null || !('extensions' in params)) return false;
  const { extensions } = params;
  return (
    typeof extensions === 'object' &&
    extensions !== null &&
    'cost' in extensions &&
    extensions.cost === true
  );
}
