import type { GraphQLError } from 'graphql';
import type { LimitsConfig } from '../../config/serving.js';
import { inputError } from '../errors.js';
import type { QuerySize } from './measure.js';

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
          `the query has more ${kind} than ${limits[kind]}, fragments written out`,
          'Ask for less in one request.',
        ),
      ];
    }
  }
  return [];
}

export function tooCostly(cost: number, most: number): GraphQLError {
  return inputError(
    'QUERY_TOO_LARGE',
    `the query asks for up to ${cost} fields, at most ${most} are allowed`,
    'Ask for smaller pages ("first"), or for the inner lists in requests of their own.',
  );
}
