import { type ExecutionArgs, GraphQLError, type GraphQLSchema, type Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { checksummed } from '../address.js';
import { holdMark, holdsOn } from '../books/holdMark.js';
import type { LimitsConfig } from '../config/serving.js';
import type { DisagreementRecord } from '../store/read/audits/audits.js';
import { QueryCosts } from './limits/cost/cost.js';
import { measureQuery } from './limits/cost/measure.js';
import { variablesError } from './limits/cost/variables.js';
import { GivenConditions } from './limits/documents/givenConditions.js';
import type { PreparedQueries } from './limits/documents/preparedQueries.js';
import { sizeErrors, tooCostly } from './limits/refusals.js';
import { archivesIn } from './marks/archives.js';
import { detachedIn } from './marks/detached.js';
import { heldTokensIn } from './marks/heldTokens.js';
import { pausesIn } from './marks/pauses.js';
import { provisionalIn } from './marks/provisional.js';
import { unreadIn } from './marks/unread.js';
import type { ApiContext, Exchanged } from './request/context.js';
import { FinalAnswers } from './request/finalAnswers.js';
import { minBlocksOf } from './request/minBlocks.js';
import type { ReadServers } from './request/readServers.js';
import { assertNotReorganised } from './request/reorgGuard.js';
import { showCost, wantsCost, withinLimits, withKnownBooks } from './request/withinLimits.js';

/** The first request of a server waits so long to know how large the books are, and at most half of its time. */
const SIZES_MS_AT_MOST = 2_000;

/**
 * Refuses queries that are too long, too deep, too wide or ask for too much, before anything is
 * read; keeps those that come again parsed, validated and compiled.
 */
export function limitQueries(
  schema: GraphQLSchema,
  limits: LimitsConfig,
  mask: (error: unknown) => GraphQLError,
  prepared: PreparedQueries,
): Plugin<ApiContext> {
  const costs = new QueryCosts(schema);
  const conditions = new GivenConditions(schema);
  const waitForSizesMs = Math.min(SIZES_MS_AT_MOST, limits.requestSeconds * 500);
  const refusalOf = async (
    { document, operationName, variableValues, contextValue }: ExecutionArgs,
    isAnsweredOnce: boolean,
  ): Promise<GraphQLError | null> => {
    const error = variablesError(variableValues);
    if (error !== null) return error;
    const lacking = conditions.errorIn(document, operationName, variableValues ?? {});
    if (lacking !== null) return lacking;
    const { run, sizes } = contextValue as ApiContext;
    const known = sizes.current(waitForSizesMs);
    if (known instanceof Promise) {
      // Waiting for the database is not reading a query, and it takes of the time of the request.
      run.read();
      if (isAnsweredOnce) run.begin();
    }
    const now = known instanceof Promise ? await known : known;
    const cost = costs.of(document, operationName, variableValues ?? {}, now);
    // Another server that is asked too is charged once.
    if (run.cost === null) run.whole.points += cost.points;
    run.cost = cost;
    return run.whole.points > limits.cost ? tooCostly(cost, run.whole.points, limits.cost) : null;
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
          if (errors.length > 0) return errors;
          return validateFn(of, document, ...rest).map((error: GraphQLError) =>
            mask(invalid(error)),
          );
        }),
      );
    },
    async onExecute({ args, setExecuteFn, setResultAndStopExecution }) {
      const refusal = await refusalOf(args, true);
      (args.contextValue as ApiContext).run.read();
      if (refusal === null) {
        setExecuteFn(withinLimits(withKnownBooks(prepared.executorOf(args)), mask));
      }
      if (refusal !== null) setResultAndStopExecution({ errors: [refusal] });
      const { run }: ApiContext = args.contextValue;
      return run.isCostWanted ? showCost(run, limits) : undefined;
    },
    // The cost is that of each event.
    async onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = await refusalOf(args, false);
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

/**
 * Marks an answer that depends on books that are in disagreement with the contract, or have ended:
 * `extensions.disagreements` lists what differs, `extensions.held` the contracts that are held, and
 * `extensions.archived` those that the config no longer names. Figures of a new token
 * that were not compared with its contract yet are marked by `extensions.unaudited`, tokens whose claims are
 * paused at the block of the answer by `extensions.paused`, and tokens with money that no frame shows, in blocks
 * that are not final, by `extensions.provisional`. `extensions.unread` lists tokens whose holders an answer is
 * narrowed by kind or counted by kind, while the code of some has not been read.
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
            // Without its mark an answer may seem right.
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
  const { disagreements, contractDisagreements, holds, archives, unaudited } = await audits.read(
    await heldTokensIn(books),
  );
  const ofTokens = [...used].flatMap((number) => disagreements.get(number) ?? []);
  const differing = [...ofTokens, ...contractDisagreements].map(markOf);
  const held = holdsOn(holds, used).map(holdMark);
  const archived = await archivesIn(books, archives);
  const pending = unaudited
    .filter(({ tokenNumber }) => used.has(tokenNumber))
    .map(({ chainId, token }) => ({ chainId, token: checksummed(token) }));
  const paused = await pausesIn(books);
  const provisional = await provisionalIn(books);
  const unread = await unreadIn(books);
  const apart = await detachedIn(books);
  const marks = [apart, differing, held, archived, pending, paused, provisional, unread];
  if (marks.every(({ length }) => length === 0)) return null;
  return {
    ...(apart.length === 0 ? {} : { detached: apart }),
    ...(differing.length === 0 ? {} : { disagreements: differing }),
    ...(held.length === 0 ? {} : { held }),
    ...(archived.length === 0 ? {} : { archived }),
    ...(pending.length === 0 ? {} : { unaudited: pending }),
    ...(paused.length === 0 ? {} : { paused }),
    ...(provisional.length === 0 ? {} : { provisional }),
    ...(unread.length === 0 ? {} : { unread }),
  };
}

/** Notes which answers caches may keep. It sees the marks of an answer if it comes after `markAnswers`. */
export function noteFinalAnswers(schema: GraphQLSchema): Plugin<ApiContext> {
  const final = new FinalAnswers(schema);
  return {
    onExecute({ args }) {
      const context: ApiContext = args.contextValue;
      return {
        async onExecuteDone({ result }) {
          const { books, run } = context;
          run.isFinal = 'data' in result && (await final.isFinal(args.document, result, books));
        },
      };
    },
  };
}

/** Replaces an answer by an error if a reorg or another server came while it was being read. */
export function refuseMixedAnswers(
  servers: ReadServers,
  mask: (error: unknown) => GraphQLError,
): Plugin<ApiContext> {
  return {
    onExecute({ args }) {
      const context: ApiContext = args.contextValue;
      return {
        async onExecuteDone({ setResult }) {
          const { joined, books, proof, run } = context;
          try {
            await servers.assertWhole(run, books);
            if (!proof.isComplete) await assertNotReorganised(joined, books);
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
