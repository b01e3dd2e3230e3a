import { z } from 'zod';

/** A frame of `trace_block`, as far as it is read. */
export interface RawTrace {
  readonly blockHash?: string;
  readonly transactionHash?: string | null;
  readonly traceAddress: readonly number[];
  readonly subtraces?: unknown;
  readonly type: string;
  readonly action: object;
}

const HEX = /^0x[0-9a-fA-F]*$/;
const isHex = (value: unknown) => typeof value === 'string' && HEX.test(value);
const isQuantity = (value: unknown) => isHex(value) && value !== '0x';
/** Long, and decoded where it is used only. */
const isData = (value: unknown) => typeof value === 'string' && value.startsWith('0x');
const isAbsent = (value: unknown) => value === undefined || value === null;

/** The fields that the books are made from, by the kind of a frame of `trace_block`. */
const TRACE_FIELDS: Readonly<
  Record<string, Readonly<Record<string, (value: unknown) => boolean>>>
> = {
  call: {
    callType: (value) => typeof value === 'string',
    from: isHex,
    to: isHex,
    value: (value) => isAbsent(value) || isQuantity(value),
    input: isData,
  },
  create: { from: isHex, value: isQuantity },
  suicide: {
    address: isHex,
    refundAddress: (value) => isAbsent(value) || isHex(value),
    balance: isQuantity,
  },
  reward: {},
};

/** Why a frame of `trace_block` cannot be read; `null` if it can. */
export function faultOfTrace(frame: unknown): string | null {
  if (typeof frame !== 'object' || frame === null) return 'something that is not a frame';
  const { traceAddress, type, action } = frame as Partial<RawTrace>;
  if (!Array.isArray(traceAddress) || !traceAddress.every(Number.isSafeInteger)) {
    return fault('traceAddress', traceAddress);
  }
  const fields = typeof type === 'string' ? TRACE_FIELDS[type] : undefined;
  if (fields === undefined) return fault('type', type);
  if (typeof action !== 'object' || action === null) return fault('action', action);
  for (const [field, isGood] of Object.entries(fields)) {
    const value: unknown = (action as Record<string, unknown>)[field];
    if (!isGood(value)) return fault(`action.${field}`, value);
  }
  return null;
}

/** A frame of `callTracer`. */
export interface RawCall {
  type: string;
  from?: unknown;
  to?: unknown;
  value?: unknown;
  input?: unknown;
  calls?: RawCall[];
}

const CALLS = new Set(['CALL', 'CALLCODE', 'STATICCALL', 'DELEGATECALL', 'INVALID']);
const CREATIONS = new Set(['CREATE', 'CREATE2']);

/**
 * Why a frame of `callTracer`, or one inside it, cannot be read; `null` if all can. It converts
 * frames to the form that the processor reads. A self-destruct without a recipient or an amount
 * (Reth) is left out; only balances show what it paid.
 */
export function faultOfCall(frame: unknown): string | null {
  if (typeof frame !== 'object' || frame === null) return 'something that is not a frame';
  const call = frame as Partial<RawCall>;
  if (typeof call.type !== 'string') return fault('type', call.type);
  const type = call.type.toUpperCase();
  if (call.calls === null) delete call.calls;
  if (call.calls !== undefined && !Array.isArray(call.calls)) return fault('calls', call.calls);
  if (CREATIONS.has(type)) call.value ??= '0x0';
  call.input ??= '0x';
  const own = faultOfFields(call, type);
  if (own !== null) return own;
  if (call.calls === undefined) return null;
  call.calls = call.calls.filter((inner) => !isSilentSelfdestruct(inner));
  for (const inner of call.calls) {
    const found = faultOfCall(inner);
    if (found !== null) return found;
  }
  return null;
}

/** @param type in upper case */
function faultOfFields(call: Partial<RawCall>, type: string): string | null {
  const isKnown = CALLS.has(type) || CREATIONS.has(type) || type === 'SELFDESTRUCT';
  if (!isKnown && type !== 'STOP') return fault('type', call.type);
  if (isKnown && !isHex(call.from)) return fault('from', call.from);
  if (!isAbsent(call.to) && !isHex(call.to)) return fault('to', call.to);
  if (!isAbsent(call.value) && !isQuantity(call.value)) return fault('value', call.value);
  return isData(call.input) ? null : fault('input', call.input);
}

function isSilentSelfdestruct(call: unknown): boolean {
  if (typeof call !== 'object' || call === null) return false;
  const { type, from, to, value } = call as Partial<RawCall>;
  return type?.toUpperCase() === 'SELFDESTRUCT' && [from, to, value].some(isAbsent);
}

/** Whether an answer of `callTracer`, for a transaction or a block, has a log in it. */
export function hasTreeLog(answer: unknown): boolean {
  if (Array.isArray(answer)) return answer.some(hasTreeLog);
  if (typeof answer !== 'object' || answer === null) return false;
  const { logs, calls, result } = answer as { logs?: unknown; calls?: unknown; result?: unknown };
  return (Array.isArray(logs) && logs.length > 0) || hasTreeLog(calls) || hasTreeLog(result);
}

/** How many frames a tree of `callTracer` has, precompiles left out. */
export function countCalls(frame: RawCall): number {
  const inner = frame.calls ?? [];
  return inner.reduce((sum, call) => sum + countCalls(call), isPrecompile(frame) ? 0 : 1);
}

const addressed = z.object({ to: z.string() });
const LAST_PRECOMPILE = 0x1ff;

/** Some nodes leave out calls of precompiles in one method and have them in the other. */
export function isPrecompile(frame: { readonly to?: unknown } | object): boolean {
  const parsed = addressed.safeParse(frame);
  return parsed.success && isHex(parsed.data.to) && BigInt(parsed.data.to) <= LAST_PRECOMPILE;
}

function fault(field: string, value: unknown): string {
  return `a frame whose ${field} is ${JSON.stringify(value)?.slice(0, 80) ?? 'missing'}`;
}
