import type { GraphQLError } from 'graphql';
import { inputError } from '../../errors.js';

/** No argument is nested nearly as deep; reading variables recurses for each level. */
const DEEP_AT_MOST = 50;

/** What is wrong with variables whatever the query; `null`: nothing. */
export function variablesError(variables: unknown): GraphQLError | null {
  let level: unknown[] = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEP_AT_MOST) {
      return inputError(
        'QUERY_TOO_DEEP',
        `the variables are nested more than ${DEEP_AT_MOST} deep`,
        'Nest variables only as deep as the arguments of the query require.',
      );
    }
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return null;
}
