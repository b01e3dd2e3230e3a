import type {
  DataRequest,
  TraceRequest,
} from '@subsquid/evm-processor/lib/interfaces/data-request.js';

/** What a filter looks at in a frame; addresses in lower case. */
export interface FilteredFrame {
  readonly type: 'call' | 'create' | 'suicide' | 'reward';
  readonly from: string | undefined;
  /** Callee, or whom a self-destruct pays. */
  readonly to: string | undefined;
}

/** Whether a frame was asked for. */
export type FrameFilter = (frame: FilteredFrame) => boolean;

/**
 * The filter of a data request; `null` if it asks for more than frames of some kinds, callers or callees
 * with the frames around them: the library filters those.
 */
export function frameFilter({
  logs = [],
  transactions = [],
  traces = [],
  stateDiffs = [],
}: DataRequest): FrameFilter | null {
  if (transactions.length > 0 || stateDiffs.length > 0) return null;
  if (logs.some(({ transactionTraces }) => transactionTraces)) return null;
  const types = new Set<string>();
  const [callees, callers, heirs] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const request of traces) {
    const { type, callTo, callFrom, suicideRefundAddress } = request;
    if (!isPlain(request)) return null;
    for (const name of type ?? []) types.add(name);
    for (const address of callTo ?? []) callees.add(address.toLowerCase());
    for (const address of callFrom ?? []) callers.add(address.toLowerCase());
    for (const address of suicideRefundAddress ?? []) heirs.add(address.toLowerCase());
  }
  return ({ type, from = '', to = '' }) => {
    if (types.has(type)) return true;
    if (type === 'call') return callees.has(to) || callers.has(from);
    return type === 'suicide' && heirs.has(to);
  };
}

/** One condition, and the frames around what meets it. */
function isPlain({ type, callTo, callFrom, suicideRefundAddress, ...rest }: TraceRequest): boolean {
  const { parents, transaction, ...more } = rest;
  const conditions = [type, callTo, callFrom, suicideRefundAddress];
  if (conditions.filter((condition) => condition !== undefined).length !== 1) return false;
  // Conditions on other fields, and other relations.
  const isMore = Object.values(more).some((value) => value !== undefined && value !== false);
  return parents === true && transaction === true && !isMore;
}
