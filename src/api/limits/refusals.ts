import type { GraphQLError } from 'graphql';
import type { LimitsConfig } from '../../config/serving.js';
import { ImoError } from '../../errors.js';
import { inputError } from '../errors.js';
import type { QueryCost } from './cost/cost.js';
import type { QuerySize } from './cost/measure.js';

/** What is too large about a query; empty: nothing is. */
export function sizeErrors(size: QuerySize, limits: LimitsConfig): GraphQLError[] {
  if (size.depth > limits.depth) {
    return [
      inputError(
        'QUERY_TOO_DEEP',
        `the fields of the query are nested ${size.depth} deep, at most ${limits.depth} are allowed`,
        'Ask for the inner lists in requests of their own.',
      ),
    ];
  }
  for (const kind of ['fields', 'aliases', 'directives'] as const) {
    if (size[kind] > limits[kind]) {
      return [
        inputError(
          'QUERY_TOO_LARGE',
          `the query has more ${kind} than ${limits[kind]}, with fragments expanded`,
          'Ask for less in one request.',
        ),
      ];
    }
  }
  return [];
}

/** @param together of all operations of the request */
export function tooCostly(
  { points, values, database }: QueryCost,
  together: number,
  most: number,
): GraphQLError {
  const batch = together === points ? '' : `, ${together} with what came before it in the request`;
  return inputError(
    'QUERY_TOO_LARGE',
    `the query may cost ${points} points: ${values} values and ${database} for the database${batch}; limits.cost allows ${most}`,
    'Ask for smaller pages ("first"), a shorter series, or for the inner lists in requests of their own.',
  );
}

export function requestTimedOut(seconds: number): ImoError {
  return new ImoError(
    'REQUEST_TIMEOUT',
    `the request took longer than limits.requestSeconds allows, which is ${seconds} seconds`,
    'Ask for less in one request, or ask again when the server is less busy.',
  );
}

export function databaseSpent(seconds: number): ImoError {
  return new ImoError(
    'DATABASE_BUDGET_SPENT',
    `the request used more database time than limits.databaseSeconds allows, which is ${seconds} seconds`,
    'Ask for less in one request: fewer totals, one token, a range of blocks, or no totalCount.',
  );
}

export function answerTooLarge(bytes: number, most: number): ImoError {
  return new ImoError(
    'ANSWER_TOO_LARGE',
    `the answer has ${bytes} bytes, but limits.answerBytes allows ${most}`,
    'Ask for smaller pages, fewer fields or shorter contents (limitBytes).',
  );
}
