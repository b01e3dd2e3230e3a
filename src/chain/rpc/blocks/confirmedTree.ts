import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import { z } from 'zod';
import type { PooledClient } from '../connection/pooledClient.js';
import { isUnknownMethod } from '../endpoints/refusal.js';
import {
  countCalls,
  faultOfCall,
  isPrecompile,
  type RawCall,
  type RawTrace,
} from './frameShapes.js';

/** Readings of the same frames that are believed where there is no other method. */
const READINGS = 3;
const REMEMBERED_AT_MOST = 10_000;

const traces = z.array(z.looseObject({ traceAddress: z.array(z.number()) }));
const call = z.looseObject({ type: z.string() });

/**
 * Decides about transactions whose frames of `trace_block` count more children than there are:
 * some nodes miscount (calls of precompiles, for example), others have lost the tail. Another
 * method tells: `debug_traceTransaction`, else `trace_transaction`. Where a node has neither, it is
 * believed when it has said the same three times.
 */
export class ConfirmedTrees {
  /** How often a transaction was read with so many frames. */
  private readonly readings = new Map<string, number>();

  constructor(private readonly client: PooledClient) {}

  /** Of the transactions those whose frames are not all there. */
  async unconfirmed(block: Block, hashes: readonly string[]): Promise<string[]> {
    if (hashes.length === 0 || this.client.miscounts('trace_block')) return [];
    const frames = new Map(
      (block.traceReplays ?? []).map(({ transactionHash, trace }) => [
        transactionHash,
        trace ?? [],
      ]),
    );
    const left: string[] = [];
    for (const hash of hashes) {
      const own = (frames.get(hash) ?? []) as unknown as RawTrace[];
      const verdict = await this.compare(hash, own);
      if (verdict === 'different') left.push(hash);
      else if (verdict === 'equal') this.client.miscounted('trace_block');
      else if (!this.isSettled(hash, own.length)) left.push(hash);
    }
    return left;
  }

  private async compare(
    hash: string,
    frames: readonly RawTrace[],
  ): Promise<'equal' | 'different' | 'unknown'> {
    const counted = frames.filter(({ action }) => !isPrecompile(action)).length;
    const tree = call.safeParse(
      await this.ask('debug_traceTransaction', [hash, { tracer: 'callTracer' }]),
    );
    if (tree.success && faultOfCall(tree.data) === null) {
      return countCalls(tree.data as RawCall) === counted ? 'equal' : 'different';
    }
    const list = traces.safeParse(await this.ask('trace_transaction', [hash]));
    if (!list.success) return 'unknown';
    return list.data.length === frames.length ? 'equal' : 'different';
  }

  /** `null` where the node does not have the method. */
  private ask(method: string, params: unknown[]): Promise<unknown> {
    return this.client.call(method, params, {
      validateError: (error) => {
        if (isUnknownMethod(error)) return null;
        return undefined;
      },
    });
  }

  private isSettled(hash: string, frames: number): boolean {
    const key = `${hash} ${frames}`;
    const readings = (this.readings.get(key) ?? 0) + 1;
    if (this.readings.size >= REMEMBERED_AT_MOST) this.readings.clear();
    this.readings.set(key, readings);
    return readings >= READINGS;
  }
}
