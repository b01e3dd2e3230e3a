import type { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import type { BlockRange } from '../../chain/rpc/endpoints/rangeLimit.js';
import type { ChainCache } from '../../chain/source/cache/openCache.js';
import { type Ability, probe } from '../../chain/source/finders/probe.js';
import type { ChainConfig } from '../../config/types.js';

/** Fewer final blocks are read one by one: to ask what the endpoints can do takes as long. */
export const BLOCKS_AT_LEAST = 500;
const PROBE_TIMEOUT_MS = 15_000;

/** What was asked before the range was known exactly. */
interface Early {
  readonly address: string;
  readonly from: number;
  readonly asked: Promise<Ability[]>;
}

/** Asks the endpoints what they can do, or reads it from the cache. */
export class EndpointAbilities {
  private early: Early | null = null;

  constructor(
    private readonly client: PooledClient,
    private readonly cache: ChainCache | null,
  ) {}

  /**
   * Asks while the contracts of new books are looked up, if the config says where the first of them starts.
   *
   * @param final the newest block that will be read
   */
  foresee({ tokens, source }: ChainConfig, final: number): void {
    const [first] = tokens;
    const starts = tokens.flatMap(({ startBlock }) => startBlock ?? []);
    if (first === undefined || starts.length < tokens.length) return;
    const from = Math.min(...starts);
    if (final - from < (source?.blocksAtLeast ?? BLOCKS_AT_LEAST)) return;
    const asked = this.ask({ from, to: final }, first.address);
    // The code that needs it throws it.
    asked.catch(() => undefined);
    this.early = { address: first.address, from, asked };
  }

  /** What each endpoint serves of a range and a contract in it. Who asks again wants another answer. */
  of(range: BlockRange, address: string): Promise<Ability[]> {
    const { early } = this;
    this.early = null;
    const isAsked = early?.address === address && early.from <= range.from;
    return isAsked ? early.asked : this.ask(range, address);
  }

  private async ask(range: BlockRange, address: string): Promise<Ability[]> {
    const ask = () => probe(this.client, { range, address, timeoutMs: PROBE_TIMEOUT_MS });
    return this.cache?.abilities(ask) ?? ask();
  }
}
