import { useLocation } from 'preact-iso';

/** What is in the URL besides the path: the moment and every filter. */
export type Parameters = Readonly<Record<string, string>>;

/** The URL of a place with some of its parameters changed; `null` or empty: without it. All others stay. */
function withParameters(
  path: string,
  query: Parameters,
  changes: Readonly<Record<string, string | null>>,
): string {
  const changed = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') changed.delete(name);
    else changed.set(name, value);
  }
  // Commas part addresses, and are readable as they are.
  const text = String(changed).replaceAll('%2C', ',');
  return text === '' ? path : `${path}?${text}`;
}

/** The same with one of them changed. */
export function withParameter(
  path: string,
  query: Parameters,
  name: string,
  value: string | null,
): string {
  return withParameters(path, query, { [name]: value });
}

/**
 * What a view is filtered by, kept in the URL: links, reloads and prints show the same.
 *
 * @param isStep the browser goes back to the value before; default: to the view before, not through all filters
 */
export function useParameter(
  name: string,
  isStep = false,
): readonly [string | null, (value: string | null) => void] {
  const { path, query, route } = useLocation();
  const change = (value: string | null) => route(withParameter(path, query, name, value), !isStep);
  return [query[name] ?? null, change];
}

/** All parameters of a view, and how to change several at once. */
export function useParameters() {
  const { path, query, route } = useLocation();
  const change = (changes: Readonly<Record<string, string | null>>) =>
    route(withParameters(path, query, changes));
  return { parameters: query as Parameters, change };
}
