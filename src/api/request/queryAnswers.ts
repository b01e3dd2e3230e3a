import type { ExecutionArgs, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { LimitsConfig } from '../../config/serving.js';
import type { PreparedQueries } from '../limits/documents/preparedQueries.js';
import { bookMarks } from './bookMarks.js';
import type { ApiContext } from './context.js';
import { FinalAnswers } from './finalAnswers.js';
import { QueryPrices } from './queryPrices.js';
import type { ReadServers } from './readServers.js';
import { assertNotReorganised } from './reorgGuard.js';
import { withCost, withinLimits, withKnownBooks } from './withinLimits.js';

export interface QueryAnswersOptions {
  readonly schema: GraphQLSchema;
  readonly limits: LimitsConfig;
  readonly prepared: PreparedQueries;
  readonly servers: ReadServers;
  readonly mask: (error: unknown) => GraphQLError;
}

/** Answers valid queries: within the limits, as of one state of the books, and with its marks. */
export class QueryAnswers {
  readonly prices: QueryPrices;
  private readonly final: FinalAnswers;

  constructor(private readonly options: QueryAnswersOptions) {
    this.prices = new QueryPrices(options.schema, options.limits);
    this.final = new FinalAnswers(options.schema);
  }

  /** @param args with an `ApiContext` */
  async answer(args: ExecutionArgs): Promise<ExecutionResult> {
    const { limits, mask, prepared } = this.options;
    const context = args.contextValue as ApiContext;
    const { run, books } = context;
    const refusal = await this.prices.refusalOf(args, true);
    run.read();
    if (refusal !== null) return withCost({ errors: [refusal] }, run, limits);
    const execute = withinLimits(withKnownBooks(prepared.executorOf(args)), mask);
    const executed = withCost(await execute(args), run, limits);
    const result = await this.unlessMixed(await this.marked(executed, context), context);
    run.isFinal = 'data' in result && (await this.final.isFinal(args.document, result, books));
    return result;
  }

  /** Marks an answer that depends on books that are wrong or unfinished. */
  private async marked(result: ExecutionResult, context: ApiContext): Promise<ExecutionResult> {
    if (!('data' in result)) return result;
    try {
      const marks = await bookMarks(context);
      if (marks === null) return result;
      return { ...result, extensions: { ...result.extensions, ...marks } };
    } catch (error) {
      // Without its mark an answer may seem right.
      return { errors: [this.options.mask(error)] };
    }
  }

  /** An error in place of an answer if a reorg or another server came while it was being read. */
  private async unlessMixed(
    result: ExecutionResult,
    { joined, books, proof, run }: ApiContext,
  ): Promise<ExecutionResult> {
    const { servers, mask } = this.options;
    try {
      await servers.assertWhole(run, books);
      if (!proof.isComplete) await assertNotReorganised(joined, books);
      return result;
    } catch (error) {
      return { errors: [mask(error)] };
    }
  }
}
