import { type ExecutionArgs, GraphQLError, type GraphQLSchema, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { checksummed } from '../address.js';
import { holdMark, holdsOn } from '../books/holdMark.js';
import { pausesOf } from '../books/pauseMark.js';
import type { RequestBooks } from '../books/requestBooks.js';
import type { LimitsConfig } from '../config/serving.js';
import type { DisagreementRecord } from '../store/read/audits.js';
import type { ApiContext } from './context.js';
import { QueryCosts } from './limits/cost.js';
import { measureQuery } from './limits/measure.js';
import { PreparedQueries } from './limits/preparedQueries.js';
import { sizeErrors, tooCostly } from './limits/refusals.js';
import { variablesError } from './limits/variables.js';
import { assertNotReorganised } from './reorgGuard.js';

/**
 * Refuses queries that are too long, too deep, too wide or ask for too much, before anything is
 * read; keeps those that come again parsed, validated and compiled.
 */
export function limitQueries(schema: GraphQLSchema, limits: LimitsConfig): Plugin<ApiContext> {
  const prepared = new PreparedQueries(limits.tokens);
  const costs = new QueryCosts(schema);
  const refusalOf = ({ document, operationName, variableValues }: ExecutionArgs) => {
    const error = variablesError(variableValues);
    if (error !== null) return error;
    const cost = costs.of(document, operationName, variableValues ?? {});
    return cost > limits.cost ? tooCostly(cost, limits.cost) : null;
  };
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string | Source) => prepared.parse(source));
    },
    onValidate({ setValidationFn, validateFn }) {
      setValidationFn((of, document, ...rest) =>
        prepared.validate(document, () => {
          // First: the rules of GraphQL take long for a query of absurd size.
          const errors = sizeErrors(measureQuery(document), limits);
          return errors.length > 0 ? errors : validateFn(of, document, ...rest);
        }),
      );
    },
    onExecute({ args, setExecuteFn, setResultAndStopExecution }) {
      const refusal = refusalOf(args);
      if (refusal === null) setExecuteFn(prepared.executorOf(args));
      else setResultAndStopExecution({ errors: [refusal] });
    },
    // The cost is that of each event.
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args);
      if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

/** Variables in a URL or a form that are no JSON are the client's mistake, not ours. */
export function refuseBadRequests(): Plugin {
  return {
    onRequestParse({ requestParser, setRequestParser }) {
      if (requestParser === undefined) return;
      setRequestParser(async (request) => {
        try {
          return await requestParser(request);
        } catch (error) {
          if (error instanceof GraphQLError) throw error;
          throw new GraphQLError('the request cannot be read', {
            extensions: {
              code: 'BAD_REQUEST',
              hint: 'Send query, variables and extensions; the last two as JSON.',
              http: { status: 400 },
            },
          });
        }
      });
    },
  };
}

/**
 * Marks an answer that depends on books that are in disagreement with the contract, or have ended:
 * `extensions.disagreements` lists what differs, `extensions.held` the contracts. Figures of a new token
 * that were not compared with its contract yet are marked by `extensions.unaudited`, tokens whose claims are
 * paused at the block of the answer by `extensions.paused`.
 */
export function markAnswers(mask: (error: unknown) => GraphQLError): Plugin<ApiContext> {
  return {
    onExecute({ args }) {
      const context: ApiContext = args.contextValue;
      return {
        async onExecuteDone({ result, setResult }) {
          if (!('data' in result)) return;
          try {
            const marks = await bookMarks(context);
            if (marks === null) return;
            setResult({ ...result, extensions: { ...result.extensions, ...marks } });
          } catch (error) {
            // Without its mark an answer may be taken for right.
            setResult({ errors: [mask(error)] });
          }
        },
      };
    },
  };
}

/** What is wrong or unfinished in the books that an answer was read from; `null`: nothing is. */
export async function bookMarks({ audits, books }: ApiContext) {
  const used = books.tokensUsed;
  const { disagreements, contractDisagreements, holds, unaudited } = await audits.read();
  const ofTokens = [...used].flatMap((number) => disagreements.get(number) ?? []);
  const differing = [...ofTokens, ...contractDisagreements].map(markOf);
  const held = holdsOn(holds, used).map(holdMark);
  const pending = unaudited
    .filter(({ tokenNumber }) => used.has(tokenNumber))
    .map(({ chainId, token }) => ({ chainId, token: checksummed(token) }));
  const paused = await pausesIn(books);
  if (differing.length + held.length + pending.length + paused.length === 0) return null;
  return {
    ...(differing.length === 0 ? {} : { disagreements: differing }),
    ...(held.length === 0 ? {} : { held }),
    ...(pending.length === 0 ? {} : { unaudited: pending }),
    ...(paused.length === 0 ? {} : { paused }),
  };
}

/** The tokens of an answer whose claims are paused at a block that it is as of. */
export async function pausesIn(books: RequestBooks) {
  if (books.tokensUsed.size === 0) return [];
  const used = (await books.tokens()).filter(({ number }) => books.tokensUsed.has(number));
  return pausesOf(used, books.moments.values());
}

/** Replaces an answer by an error if a reorg came while it was being read. */
export function refuseMixedAnswers(mask: (error: unknown) => GraphQLError): Plugin<ApiContext> {
  return {
    onExecute({ args }) {
      const { joined, books, proof }: ApiContext = args.contextValue;
      return {
        async onExecuteDone({ setResult }) {
          if (proof.isComplete) return;
          try {
            await assertNotReorganised(joined, books);
          } catch (error) {
            setResult({ errors: [mask(error)] });
          }
        },
      };
    },
  };
}

function markOf({ tokenNumber: _, ours, contract, ...mark }: DisagreementRecord) {
  return { ...mark, ours: String(ours), contract: contract === null ? null : String(contract) };
}
