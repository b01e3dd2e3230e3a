/** The path below which everything is served, from the server: empty, or as `/ledger`. */
export const BASE =
  document.querySelector<HTMLMetaElement>('meta[name="imo-ledger-base"]')?.content ?? '';

/** Where the API is. */
export const API_URL = new URL(`${BASE}/graphql`, location.origin).href;
