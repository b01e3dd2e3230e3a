import type { ApiContext } from './context.js';

/**
 * Reads once for all rows of a request that ask for the same: a page of holders asks for the
 * same list of its token on every row.
 *
 * @param question everything that the answer depends on.
 */
export function readShared<Answer>(
  { shared }: ApiContext,
  question: readonly unknown[],
  read: () => Promise<Answer>,
): Promise<Answer> {
  const key = JSON.stringify(question, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  const known = shared.get(key);
  // Equal questions begin with the name of the field, so they have answers of the same type.
  if (known !== undefined) return known as Promise<Answer>;
  const answer = read();
  shared.set(key, answer);
  return answer;
}
