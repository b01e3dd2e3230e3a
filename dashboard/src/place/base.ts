/** The path below which everything is served, from the server: empty, or as `/ledger`. */
export const BASE = setting('base');

/** Whether the server has GraphiQL: one that answers listed queries only has not. */
export const HAS_GRAPHIQL = setting('graphiql') !== '';

/** Where the API is. */
export const API_URL = new URL(`${BASE}/graphql`, location.origin).href;

function setting(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="imo-ledger-${name}"]`)?.content ?? '';
}
