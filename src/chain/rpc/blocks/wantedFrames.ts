import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { RawCall, RawTrace } from './frameShapes.js';

const addressesOf = new WeakMap<DataRequest, ReadonlySet<string> | null>();

/**
 * The block without the frames of transactions that no request is about: the library makes
 * objects of all frames, and links between them, before it filters them.
 */
export function withWantedFrames(block: Block, request: DataRequest): Block {
  const addresses = wantedAddresses(request);
  if (addresses === null) return block;
  const { traceReplays, debugFrames } = block;
  return {
    ...block,
    ...(traceReplays === undefined
      ? {}
      : { traceReplays: traceReplays.filter(({ trace }) => names(trace, addresses)) }),
    ...(debugFrames === undefined
      ? {}
      : {
          debugFrames: debugFrames.map((frame) =>
            frame != null && callNames(frame.result as RawCall, addresses) ? frame : null,
          ),
        }),
  };
}

/** `null`: frames of any address may be wanted. */
function wantedAddresses(request: DataRequest): ReadonlySet<string> | null {
  const known = addressesOf.get(request);
  if (known !== undefined) return known;
  const addresses = newAddresses(request);
  addressesOf.set(request, addresses);
  return addresses;
}

function newAddresses({ logs = [], transactions = [], traces = [] }: DataRequest) {
  if (transactions.length > 0 || logs.some(({ transactionTraces }) => transactionTraces))
    return null;
  const addresses = new Set<string>();
  for (const { callTo, callFrom, suicideRefundAddress } of traces) {
    const named = [callTo, callFrom, suicideRefundAddress].find((list) => list !== undefined);
    if (named === undefined) return null;
    // A request that names more of them wants frames that have all: any of the lists will do.
    for (const address of named) addresses.add(address.toLowerCase());
  }
  return addresses;
}

function names(trace: unknown, addresses: ReadonlySet<string>): boolean {
  // They were read by `BlockTraces`, or by `addFramesOf`.
  return ((trace ?? []) as RawTrace[]).some(({ action }) => {
    const { from, to, refundAddress } = action as Record<string, unknown>;
    return [to, from, refundAddress].some((party) => isNamed(party, addresses));
  });
}

function callNames({ from, to, calls = [] }: RawCall, addresses: ReadonlySet<string>): boolean {
  if (isNamed(to, addresses) || isNamed(from, addresses)) return true;
  return calls.some((call) => callNames(call, addresses));
}

function isNamed(party: unknown, addresses: ReadonlySet<string>): boolean {
  return typeof party === 'string' && addresses.has(party.toLowerCase());
}
