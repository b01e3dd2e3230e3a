/** How long a node may trace a transaction. Geth's own limit is 5 s, which a full block exceeds. */
export const TRACE_TIMEOUT_SECONDS = 20;
