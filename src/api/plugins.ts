import { GraphQLError, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { LimitsConfig } from '../config/serving.js';
import { measureQuery } from './limits/cost/measure.js';
import type { PreparedQueries } from './limits/documents/preparedQueries.js';
import { sizeErrors } from './limits/refusals.js';
import type { ApiContext, Exchanged } from './request/context.js';
import { minBlocksOf } from './request/minBlocks.js';
import type { QueryAnswers } from './request/queryAnswers.js';
import type { ReadServers } from './request/readServers.js';
import { wantsCost } from './request/withinLimits.js';

/**
 * Refuses queries that are too long, too deep, too wide or ask for too much, before anything is
 * read; keeps those that come again parsed, validated and compiled.
 */
export function limitQueries(
  answers: QueryAnswers,
  limits: LimitsConfig,
  mask: (error: unknown) => GraphQLError,
  prepared: PreparedQueries,
): Plugin<ApiContext> {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | Source) => prepared.parse(source));
    },
    onValidate({ setValidationFn, validateFn }) {
      setValidationFn((of, document, ...rest) =>
        prepared.validate(document, () => {
          // First: the rules of GraphQL take long for a query of absurd size.
          const errors = sizeErrors(measureQuery(document), limits);
          if (errors.length > 0) return errors;
          return validateFn(of, document, ...rest).map((error: GraphQLError) =>
            mask(invalid(error)),
          );
        }),
      );
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn((args) => answers.answer(args));
    },
    // The cost is that of each event.
    async onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = await answers.prices.refusalOf(args, false);
      (args.contextValue as ApiContext).run.read();
      if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

/** An error of the rules of GraphQL. */
function invalid(error: GraphQLError): GraphQLError {
  const { nodes, source, positions, extensions } = error;
  return new GraphQLError(error.message, {
    nodes,
    source,
    positions,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', ...extensions },
  });
}

/** Takes what a client wants to know of its own request (`extensions: {cost: true}`). */
export function noteWishes(servers: ReadServers): Plugin {
  return {
    onParams({ params, context }) {
      const { run } = context as Exchanged;
      if (run === undefined) return;
      run.isCostWanted = wantsCost(params);
      servers.want(run, minBlocksOf(null, params));
    },
  };
}

/** Of a parameter that a URL has twice, only one would count. */
function assertGivenOnce(parameters: URLSearchParams): void {
  const repeated = [...parameters.keys()].find((name) => parameters.getAll(name).length > 1);
  if (repeated === undefined) return;
  throw new GraphQLError(`the parameter "${repeated.slice(0, 100)}" is given twice`, {
    extensions: {
      code: 'BAD_REQUEST',
      hint: 'Send query, operationName, variables and extensions once each.',
      http: { status: 400 },
    },
  });
}

/** Variables in a URL or a form that are not JSON are the client's mistake, not ours. */
export function refuseBadRequests(): Plugin {
  return {
    onRequestParse({ requestParser, setRequestParser }) {
      if (requestParser === undefined) return;
      setRequestParser(async (request) => {
        assertGivenOnce(new URL(request.url).searchParams);
        try {
          return await requestParser(request);
        } catch (error) {
          if (error instanceof GraphQLError) throw error;
          throw new GraphQLError('the request cannot be read', {
            extensions: {
              code: 'BAD_REQUEST',
              hint: 'Send the parameters query, variables and extensions, the last two as JSON.',
              http: { status: 400 },
            },
          });
        }
      });
    },
  };
}
