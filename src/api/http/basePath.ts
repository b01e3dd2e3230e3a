/**
 * The path below which a proxy serves everything, in requests of proxies that leave it in the URL.
 *
 * @param basePath as `/ledger`; empty: none
 * @returns the URL as if it were served at the root
 */
export function withoutBase(url: string, basePath: string): string {
  if (basePath === '' || !url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest === '') return '/';
  if (rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}
