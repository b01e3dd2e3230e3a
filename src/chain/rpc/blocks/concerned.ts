import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';

/**
 * Whether a node's data of a transaction may concern the request, because one of the addresses is
 * in it. Always true if the request is for frames of any address.
 */
export type Concern = (text: string) => boolean;

const concerns = new WeakMap<DataRequest, Concern>();

/** What a data request concerns. */
export function concernOf(request: DataRequest): Concern {
  const known = concerns.get(request);
  if (known !== undefined) return known;
  const concern = newConcern(request);
  concerns.set(request, concern);
  return concern;
}

function newConcern({ traces = [], logs = [], ...others }: DataRequest): Concern {
  const addresses = new Set<string>();
  let isAny = (others.transactions ?? []).length > 0;
  for (const { callTo, callFrom, createFrom, suicideRefundAddress, type } of traces) {
    const named = [callTo, callFrom, createFrom, suicideRefundAddress].flatMap(
      (list) => list ?? [],
    );
    // A request for creations finds a contract by an address of the same request.
    const isOfCreations = type?.length === 1 && type[0] === 'create';
    if (named.length === 0 && !isOfCreations) isAny = true;
    for (const address of named) addresses.add(address.slice(2).toLowerCase());
  }
  for (const { address } of logs) {
    for (const one of address ?? []) addresses.add(one.slice(2).toLowerCase());
  }
  if (isAny) return () => true;
  const wanted = [...addresses];
  return (text) => {
    const lower = text.toLowerCase();
    return wanted.some((address) => lower.includes(address));
  };
}
