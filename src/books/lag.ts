/**
 * How many blocks are missing up to the head of a node; `null`: one of the two is not known. A node
 * behind a load balancer can be behind the books: then none is missing.
 */
export function lagOf(headBlock: number | null, indexedBlock: number | null): number | null {
  return headBlock === null || indexedBlock === null ? null : Math.max(0, headBlock - indexedBlock);
}
