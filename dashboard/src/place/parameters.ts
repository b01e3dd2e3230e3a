import { useLocation } from 'preact-iso';

/** The URL of a place with one of its parameters changed; `null` or empty: without it. All others stay. */
export function withParameter(
  path: string,
  query: Readonly<Record<string, string>>,
  name: string,
  value: string | null,
): string {
  const changed = new URLSearchParams(query);
  if (value === null || value === '') changed.delete(name);
  else changed.set(name, value);
  // Commas part addresses, and are readable as they are.
  const text = String(changed).replaceAll('%2C', ',');
  return text === '' ? path : `${path}?${text}`;
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
