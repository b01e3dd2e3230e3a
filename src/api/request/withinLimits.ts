import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { LimitsConfig } from '../../config/serving.js';
import type { RequestRun } from '../limits/turns/requestRun.js';
import { type ApiContext, renewContext } from './context.js';

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** Answers with the limit that was reached, as soon as it is, whatever has been read until then. */
export function withinLimits(execute: Execute, mask: (error: unknown) => GraphQLError): Execute {
  return async (args) => {
    const { run, turns } = args.contextValue as ApiContext;
    run.begin();
    const stopped = run.untilStopped();
    try {
      const leave = await turns.enter(run);
      // What is stopped keeps its place until the last of its reads has ended.
      const executed = (async () => execute(args))().finally(leave);
      const result = await Promise.race([executed, stopped]);
      run.assertGoing();
      return result;
    } catch (error) {
      return { errors: [mask(error)] };
    } finally {
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

/** With `extensions.cost` if the client wants it: what the request was expected to cost at most, and what it took. */
export function withCost(
  result: ExecutionResult,
  run: RequestRun,
  limits: LimitsConfig,
): ExecutionResult {
  if (!run.isCostWanted || run.cost === null) return result;
  const { points, values, database } = run.cost;
  const cost = {
    points,
    values,
    database,
    limit: limits.cost,
    databaseMs: Math.round(run.databaseMs),
  };
  return { ...result, extensions: { ...result.extensions, cost } };
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
