import type { PageRequest } from '../../../store/read/query/keysetPage.js';
import { inputError } from '../../errors.js';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../limits/cost/pageSize.js';
import { type CursorCodec, decodeCursor } from './cursor.js';
import type { PageArgs } from './inputs.js';

/**
 * Returns the page that the arguments select. It checks values and not the text of the query, so
 * that a size in a variable counts like any other.
 *
 * @throws GraphQLError `BAD_PAGE` or `BAD_CURSOR`
 */
export function pageRequest<Key>(
  { first, last, after, before }: PageArgs,
  codec: CursorCodec<Key>,
): PageRequest<Key> {
  if (first != null && last != null) {
    throw inputError(
      'BAD_PAGE',
      `both first: ${first} and last: ${last} are given`,
      'Give "first" to page forwards, or "last" to page backwards.',
    );
  }
  const limit = first ?? last ?? DEFAULT_PAGE_SIZE;
  if (limit < 0 || limit > MAX_PAGE_SIZE) {
    throw inputError(
      'BAD_PAGE',
      `a page cannot have ${limit} rows`,
      `Ask for 0 to ${MAX_PAGE_SIZE} rows and continue from pageInfo.endCursor.`,
    );
  }
  return {
    limit,
    isBackward: last != null,
    after: after == null ? null : decodeCursor(codec, after),
    before: before == null ? null : decodeCursor(codec, before),
  };
}
