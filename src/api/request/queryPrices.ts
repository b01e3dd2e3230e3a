import type { ExecutionArgs, GraphQLError, GraphQLSchema } from 'graphql';
import type { LimitsConfig } from '../../config/serving.js';
import { QueryCosts } from '../limits/cost/cost.js';
import { variablesError } from '../limits/cost/variables.js';
import { GivenConditions } from '../limits/documents/givenConditions.js';
import { tooCostly } from '../limits/refusals.js';
import type { ApiContext } from './context.js';

/** The first request of a server waits so long to know how large the books are, and at most half of its time. */
const SIZES_MS_AT_MOST = 2_000;

/** Computes what operations cost, and refuses those that cost too much, before anything is read. */
export class QueryPrices {
  private readonly costs: QueryCosts;
  private readonly conditions: GivenConditions;
  private readonly waitForSizesMs: number;

  constructor(
    schema: GraphQLSchema,
    private readonly limits: LimitsConfig,
  ) {
    this.costs = new QueryCosts(schema);
    this.conditions = new GivenConditions(schema);
    this.waitForSizesMs = Math.min(SIZES_MS_AT_MOST, limits.requestSeconds * 500);
  }

  /**
   * Why an operation is not answered; `null`: it is. Its run then knows its cost.
   *
   * @param isAnsweredOnce it is not a subscription
   */
  async refusalOf(
    { document, operationName, variableValues, contextValue }: ExecutionArgs,
    isAnsweredOnce: boolean,
  ): Promise<GraphQLError | null> {
    const { limits } = this;
    const error = variablesError(variableValues);
    if (error !== null) return error;
    const lacking = this.conditions.errorIn(document, operationName, variableValues ?? {});
    if (lacking !== null) return lacking;
    const { run, sizes } = contextValue as ApiContext;
    const known = sizes.current(this.waitForSizesMs);
    if (known instanceof Promise) {
      // Waiting for the database is not reading a query, and it takes of the time of the request.
      run.read();
      if (isAnsweredOnce) run.begin();
    }
    const now = known instanceof Promise ? await known : known;
    const cost = this.costs.of(document, operationName, variableValues ?? {}, now);
    // Another server that is asked too is charged once.
    if (run.cost === null) run.whole.points += cost.points;
    run.cost = cost;
    return run.whole.points > limits.cost ? tooCostly(cost, run.whole.points, limits.cost) : null;
  }
}
