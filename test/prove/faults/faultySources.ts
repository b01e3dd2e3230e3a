import type { SeededRandom } from '../../../devnet/random.js';
import {
  type GatewayFault,
  type GatewaySimulator,
  startGatewaySimulator,
} from '../../support/nodes/gatewaySimulator.js';
import {
  type PortalFault,
  type PortalSimulator,
  startPortalSimulator,
} from '../../support/nodes/portalSimulator.js';
import { DealtSources, type FaultSource } from './sourceDeal.js';

const KEY = 'key_of_the_faults';
/** Several chunks and several answers, of which each may be cut off. */
export const CHUNK = 120;
const CHUNKS_AT_ONCE = 2;
/** Of 100 requests for a stream, how many go wrong. */
const WRONG_PERCENT = 35;
/** These end a finder for a minute, or as long as its process lives. */
const REFUSALS = [401, 403] as const;
const BUSY = [429, 503, 529] as const;
const CUTS = ['ends', 'breaks', 'cuts'] as const;
/** Blocks that a Portal lags further behind, and how deep its other fork begins. */
const LAG_AT_MOST = 200;
const FORK_DEPTH = 150;

/** What happens to final blocks before they are read: by services that fail, and on the disk. */
export class FaultySources {
  readonly counts = new Map<string, number>();
  private readonly dealt: DealtSources;

  private constructor(
    private readonly random: SeededRandom,
    private readonly portal: PortalSimulator,
    private readonly gateway: GatewaySimulator,
    private readonly finality: number,
    /** Of the cache. */
    readonly folder: string,
    source: FaultSource,
  ) {
    this.dealt = new DealtSources(source, random);
  }

  static async start(
    rpcUrl: string,
    random: SeededRandom,
    { source, finality, folder }: { source: FaultSource; finality: number; folder: string },
  ): Promise<FaultySources> {
    const common = { rpcUrl, key: KEY, lag: finality, chunk: CHUNK };
    const portal = await startPortalSimulator({
      ...common,
      chunksAtOnce: CHUNKS_AT_ONCE,
      draw: () => sources.drawPortal(),
    });
    const gateway = await startGatewaySimulator({ ...common, draw: () => sources.drawGateway() });
    const sources = new FaultySources(random, portal, gateway, finality, folder, source);
    return sources;
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** How the chain is to be read from here on, as keys of the chain in the config. */
  next(): { readonly name: string; readonly config: Readonly<Record<string, unknown>> } {
    const name = this.dealt.next();
    const { finders, hasCache } = this.dealt.meaningOf(name);
    const config = {
      source: { finders, blocksAtLeast: 1, blocksAtOnce: this.random.integer(1, CHUNK) },
      portal: { url: this.portal.url, key: KEY },
      gateway: { url: this.gateway.url, key: KEY },
      cache: hasCache ? { path: this.folder } : false,
    };
    return { name, config };
  }

  /** A Portal that falls behind or catches up, and one that follows another fork for a while. */
  async drift(head: number): Promise<void> {
    const { portal, random } = this;
    const lag = random.chance(30) ? random.integer(1, LAG_AT_MOST) : 0;
    portal.lag = this.finality + Math.min(lag, Math.max(0, head - this.finality));
    if (lag > 0) this.note('lag');
    const isForked = random.chance(15);
    portal.forkAbove = isForked ? Math.max(0, head - random.integer(1, FORK_DEPTH)) : null;
    if (isForked) this.note('other fork');
  }

  note(fault: string): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }

  async stop(): Promise<void> {
    await this.portal.close();
    await this.gateway.close();
  }

  private drawPortal(): PortalFault | undefined {
    const { random } = this;
    if (!random.chance(WRONG_PERCENT)) return undefined;
    if (random.chance(50)) {
      const kind = random.pick(CUTS);
      this.note(`stream ${kind}`);
      return { kind, records: random.integer(0, 3) };
    }
    if (random.chance(10)) {
      this.note('text');
      return { kind: 'text', text: '{"header":{"number":' };
    }
    return this.drawStatus();
  }

  private drawGateway(): GatewayFault | undefined {
    const { random } = this;
    if (!random.chance(WRONG_PERCENT)) return undefined;
    if (!random.chance(50)) return this.drawStatus();
    this.note('answer cut');
    return { kind: 'cut' };
  }

  private drawStatus() {
    const { random } = this;
    const status = random.pick(random.chance(20) ? REFUSALS : BUSY);
    this.note(`status ${status}`);
    return { kind: 'status', status, retryAfterSeconds: 0 } as const;
  }
}
