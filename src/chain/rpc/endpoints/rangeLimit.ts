import type { RpcAnswer, WireCall } from '../connection/answers.js';
import { mayBeTooMuch } from './refusal.js';

/** Blocks, both ends included. */
export interface BlockRange {
  readonly from: number;
  readonly to: number;
}

/** Methods whose first parameter is a filter with a range of blocks. */
const RANGED = new Set(['eth_getLogs', 'trace_filter']);
const HEX = /^0x[0-9a-fA-F]+$/;
/** Good answers in a row before a limit is tried that is twice as wide. */
const GOOD_BEFORE_WIDER = 20;
/** Parts of a range that go over the wire together. */
const PARTS_AT_ONCE = 10;
/** Far from the ids that clients count up. */
let nextId = 2 ** 40;

/** The range that a call asks for; `null` if it asks for none, or for one block. */
export function askedRange({ method, params = [] }: WireCall): BlockRange | null {
  if (!RANGED.has(method)) return null;
  const [filter] = params;
  if (typeof filter !== 'object' || filter === null) return null;
  if (!('fromBlock' in filter && 'toBlock' in filter)) return null;
  const { fromBlock, toBlock } = filter;
  if (typeof fromBlock !== 'string' || typeof toBlock !== 'string') return null;
  if (!HEX.test(fromBlock) || !HEX.test(toBlock)) return null;
  const range = { from: Number(fromBlock), to: Number(toBlock) };
  return range.to > range.from ? range : null;
}

/** How many blocks of a range an endpoint answers at once, as far as it is known. */
export class RangeLimit {
  /** Blocks at once. */
  blocks = Number.POSITIVE_INFINITY;
  private goodInRow = 0;
  /** The endpoint named a number of blocks: it does not depend on what is in them. */
  private isNamed = false;

  /** The endpoint answered a part that was as wide as the limit. */
  worked(): void {
    if (this.isNamed || this.blocks === Number.POSITIVE_INFINITY) return;
    this.goodInRow++;
    if (this.goodInRow < GOOD_BEFORE_WIDER) return;
    this.goodInRow = 0;
    this.blocks *= 2;
  }

  /** The endpoint refused a range because of its size. Returns the blocks to ask for next. */
  refused({ from, to }: BlockRange, text: string): number {
    const blocks = to - from + 1;
    const named = namedLimit(text, { from, to });
    this.isNamed = named !== null;
    this.goodInRow = 0;
    this.blocks = named ?? Math.max(1, Math.floor(blocks / 2));
    return this.blocks;
  }
}

/**
 * Asks an endpoint for a range in parts that it answers: of the width that it is known to answer,
 * and halved wherever it refuses, or as wide as its refusal says.
 *
 * @returns the lists of all parts in one, or the first refusal that no smaller part helps.
 */
export async function askInParts(
  call: WireCall,
  range: BlockRange,
  limit: RangeLimit,
  send: (calls: readonly WireCall[]) => Promise<RpcAnswer[]>,
): Promise<RpcAnswer> {
  const found: unknown[] = [];
  let from = range.from;
  while (from <= range.to) {
    const parts = partsFrom(from, range.to, limit.blocks).slice(0, PARTS_AT_ONCE);
    const answers = await send(parts.map((part) => callFor(call, part)));
    const taken = takeParts(parts, answers, limit, found);
    if (typeof taken !== 'number') return taken;
    from += taken;
  }
  return { result: found };
}

/**
 * Adds the answers of parts, up to one that is refused, to what was found.
 *
 * @returns how many blocks they have, or the answer that ends it all
 */
function takeParts(
  parts: readonly BlockRange[],
  answers: readonly RpcAnswer[],
  limit: RangeLimit,
  found: unknown[],
): number | RpcAnswer {
  let blocks = 0;
  for (const [index, part] of parts.entries()) {
    const { error, result } = answers[index] ?? {};
    if (error != null) {
      if (isFinal(error, part)) return { error };
      limit.refused(part, error.message);
      break;
    }
    // The caller judges an answer that is not a list.
    if (!Array.isArray(result)) return { result };
    const width = part.to - part.from + 1;
    if (width >= limit.blocks) limit.worked();
    for (const entry of result) found.push(entry);
    blocks += width;
  }
  return blocks;
}

/** Whether a refusal stays for smaller parts. */
function isFinal(error: NonNullable<RpcAnswer['error']>, { from, to }: BlockRange): boolean {
  return to === from || !mayBeTooMuch(error);
}

function partsFrom(from: number, to: number, width: number): BlockRange[] {
  if (width >= to - from + 1) return [{ from, to }];
  const parts: BlockRange[] = [];
  for (let start = from; start <= to && parts.length < PARTS_AT_ONCE; start += width) {
    parts.push({ from: start, to: Math.min(start + width - 1, to) });
  }
  return parts;
}

function callFor(call: WireCall, { from, to }: BlockRange): WireCall {
  const [filter, ...others] = call.params ?? [];
  const ranged = { ...(filter as object), fromBlock: hex(from), toBlock: hex(to) };
  return { ...call, id: nextId++, params: [ranged, ...others] };
}

function hex(block: number): string {
  return `0x${block.toString(16)}`;
}

/**
 * The width that a refusal names: a range that starts where ours does, or a number of blocks.
 * A number that is not smaller than what was refused helps nobody.
 */
export function namedLimit(text: string, { from, to }: BlockRange): number | null {
  const pair = /(0x[0-9a-f]+|\d+)\s*(?:,|-|–|to|\.\.)\s*(0x[0-9a-f]+|\d+)/gi;
  for (const [, first = '', second = ''] of text.matchAll(pair)) {
    const [start, end] = [Number(first), Number(second)];
    if (start === from && end >= start && end < to) return end - start + 1;
  }
  const near =
    /(\d[\d,_]*)\s*(k\b)?[\s-]*(?:block|range)|(?:range|blocks?)\b[^\d]{0,30}?(\d[\d,_]*)\s*(k\b)?/gi;
  for (const [, before, beforeK, after, afterK] of text.matchAll(near)) {
    const digits = (before ?? after ?? '').replace(/[,_]/g, '');
    const blocks = Number(digits) * ((beforeK ?? afterK) === undefined ? 1 : 1000);
    if (Number.isSafeInteger(blocks) && blocks >= 1 && blocks < to - from + 1) return blocks;
  }
  return null;
}
