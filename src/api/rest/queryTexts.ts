import { ImoError } from '../../errors.js';

/** Texts of a request by the name of their parameter. */
export type RawValues = ReadonlyMap<string, string>;

/**
 * The parameters of a query. Those that may be given several times have commas between their texts.
 *
 * @throws ImoError `BAD_QUERY` for a parameter that does not exist or is given twice
 */
export function queryTexts(
  search: URLSearchParams,
  known: readonly string[],
  repeatable: readonly string[] = [],
): RawValues {
  const texts = new Map<string, string>();
  for (const [name, text] of search) {
    const before = texts.get(name);
    if (before !== undefined && repeatable.includes(name)) {
      texts.set(name, `${before},${text}`);
      continue;
    }
    const fault = texts.has(name) ? 'is given twice' : 'does not exist';
    if (texts.has(name) || !known.includes(name)) {
      throw new ImoError(
        'BAD_QUERY',
        `the parameter "${name.slice(0, 100)}" ${fault}`,
        known.length === 0 ? 'This path has no parameters.' : `There are: ${known.join(', ')}.`,
      );
    }
    texts.set(name, text);
  }
  return texts;
}
