import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { listBound, listFields } from '../limits/cost/listBounds.js';
import { isSeries } from '../limits/cost/seriesSize.js';
import type { ApiContext } from './context.js';

/** Lists that cannot be longer than their bound, and are part of every page. */
const ALWAYS_SHORT = new Set(['asOf', 'added', 'withdrawn']);

/**
 * Lets no list without pages have more entries than the cost of its query was made with: such an answer is
 * `QUERY_TOO_LARGE`.
 */
export function boundLists(schema: GraphQLSchema): void {
  const subscription = schema.getSubscriptionType();
  for (const { type, field } of listFields(schema)) {
    if (type === subscription || ALWAYS_SHORT.has(field.name)) continue;
    if (listBound(type, field) === null && !isSeries(field)) continue;
    const list = `${type.name}.${field.name}`;
    const resolve: GraphQLFieldResolver<unknown, ApiContext> =
      field.resolve ?? defaultFieldResolver;
    const counted = (value: unknown, { budget }: ApiContext) => {
      if (Array.isArray(value)) budget.spendEntries(list, value.length);
      return value;
    };
    const bounded: GraphQLFieldResolver<unknown, ApiContext> = (source, args, context, info) => {
      const value: unknown = resolve(source, args, context, info);
      return value instanceof Promise
        ? value.then((list) => counted(list, context))
        : counted(value, context);
    };
    field.resolve = bounded as GraphQLFieldResolver<unknown, unknown>;
  }
}
