import { setTimeout as delay } from 'node:timers/promises';
import type { RequestBooks } from '../../books/requestBooks.js';
import { ImoError } from '../../errors.js';
import type { ChainHead } from '../../store/read/chains/chainHeads.js';
import type { RequestRun } from '../limits/turns/requestRun.js';
import type { ApiServices } from './context.js';
import { chainsBehind, type MinBlocks, minBlockNotReached } from './minBlocks.js';
import type { ReadServer } from './readServer.js';

export interface ReadServersOptions {
  /** A replica that may be further behind the main server is not asked. */
  readonly lagAtMostMs: number;
  /** How long a request waits for the block that its client wants. */
  readonly waitAtMostMs: number;
}

/** Where one attempt of a request reads. */
interface Place {
  readonly server: ReadServer;
  readonly epoch: number;
  readonly wanted: MinBlocks;
}

const LOOK_AGAIN_MS = 50;
const PROBE_EVERY_MS = 500;

/**
 * The servers of the database: that of DATABASE_URL, and its streaming replicas. A request reads from one
 * of them: from a replica that is near the main server and has the blocks that the client wants, else
 * from the main server.
 */
export class ReadServers {
  private readonly places = new WeakMap<RequestRun, Place>();
  private readonly timer: NodeJS.Timeout | null;
  private turn = 0;

  constructor(
    private readonly main: ReadServer,
    private readonly replicas: readonly ReadServer[],
    private readonly options: ReadServersOptions,
  ) {
    if (replicas.length === 0) {
      this.timer = null;
      return;
    }
    void this.probeAll();
    this.timer = setInterval(() => void this.probeAll(), PROBE_EVERY_MS).unref();
  }

  /** What an attempt of a request reads with. */
  servicesOf(run: RequestRun | undefined): ApiServices {
    return (
      (run === undefined ? undefined : this.places.get(run))?.server.services ?? this.main.services
    );
  }

  /**
   * Chooses the server of the next attempt of a request.
   *
   * @param isElsewhere the last attempt failed on its server
   * @throws ImoError `MIN_BLOCK_NOT_REACHED`
   */
  async place(run: RequestRun, wanted: MinBlocks, isElsewhere = false): Promise<void> {
    const before = this.places.get(run)?.server;
    if (isElsewhere) before?.failed();
    const server = await this.find(wanted);
    this.places.set(run, { server, epoch: server.identity.epoch, wanted });
  }

  /** Blocks that a client wants of a request that comes without a choice, over a WebSocket. */
  want(run: RequestRun, wanted: MinBlocks): void {
    if (wanted.size === 0 || this.places.has(run)) return;
    const { main: server } = this;
    this.places.set(run, { server, epoch: server.identity.epoch, wanted });
  }

  /** Whether another attempt may have another answer. */
  hasOthers(run: RequestRun): boolean {
    return this.places.get(run)?.server !== this.main;
  }

  /**
   * Proves that one server gave the whole answer, and that it has the blocks that the client wants.
   *
   * @throws ImoError `DATABASE_MOVED` or `MIN_BLOCK_NOT_REACHED`
   */
  async assertWhole(run: RequestRun, books: RequestBooks): Promise<void> {
    const place = this.places.get(run);
    if (place === undefined) return;
    const { server, epoch, wanted } = place;
    if (server.mayMoveUnseen) await server.lookAgain();
    if (server.identity.epoch !== epoch) {
      throw new ImoError(
        'DATABASE_MOVED',
        'another database server took over while this was read',
        'Ask again.',
      );
    }
    if (wanted.size === 0) return;
    const heads = await books.heads();
    if (chainsBehind(heads, wanted).length > 0) throw minBlockNotReached(heads, wanted);
  }

  /**
   * Waits until the main server has the blocks that a client wants: files are read from there.
   *
   * @throws ImoError `MIN_BLOCK_NOT_REACHED`
   */
  async untilMainHas(wanted: MinBlocks): Promise<void> {
    await this.find(wanted, () => []);
  }

  /** For the page of metrics. */
  get lags(): readonly { readonly name: string; readonly bytes: number | null }[] {
    const { position } = this.main;
    return this.replicas.map(({ name, position: at }) => ({
      name,
      bytes: position === null || at === null ? null : Math.max(0, Number(position - at)),
    }));
  }

  close(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  private async find(
    wanted: MinBlocks,
    nearReplicas = () => this.nearReplicas(),
  ): Promise<ReadServer> {
    if (wanted.size === 0) return nearReplicas()[0] ?? this.mainNow();
    const until = performance.now() + this.options.waitAtMostMs;
    for (let round = 0; ; round++) {
      const servers = [...nearReplicas(), this.main];
      // What was known before the request is tried first.
      if (round > 0) await Promise.all(servers.map((server) => server.probe()));
      const found = servers.find(({ heads }) => chainsBehind(heads, wanted).length === 0);
      if (found !== undefined) return found === this.main ? this.mainNow() : found;
      if (round > 0 && performance.now() > until) throw minBlockNotReached(this.best(), wanted);
      if (round > 0) await delay(LOOK_AGAIN_MS);
    }
  }

  /**
   * The main server. One that has not seen the last fail-over was lost, and started again as it was: its books end there.
   *
   * @throws ImoError `DATABASE_MOVED`
   */
  private async mainNow(): Promise<ReadServer> {
    const { main } = this;
    const isLeftBehind = () =>
      this.replicas.some(({ term }) => term.number > main.term.number) && main.position !== null;
    if (isLeftBehind()) await main.probe();
    if (!isLeftBehind()) return main;
    throw new ImoError(
      'DATABASE_MOVED',
      'the server of DATABASE_URL was left behind by a fail-over: a replica has a later history',
      'Ask again. Let DATABASE_URL lead to the server that was promoted, and stop the one that was lost.',
    );
  }

  /**
   * In turn, so that each has its share. None while the main server does not answer for longer than a replica may be
   * behind: how far it is now, nobody knows.
   */
  private nearReplicas(): ReadServer[] {
    const needed = this.main.positionWithin(this.options.lagAtMostMs);
    if (needed === null) return [];
    const near = this.replicas.filter((replica) => replica.isNear(needed, this.main.term));
    if (near.length < 2) return near;
    const first = this.turn++ % near.length;
    return [...near.slice(first), ...near.slice(0, first)];
  }

  private best(): ReadonlyMap<number, ChainHead> {
    const best = new Map<number, ChainHead>();
    for (const head of [this.main, ...this.replicas].flatMap(({ heads }) => [...heads.values()])) {
      if (head.block > (best.get(head.chainId)?.block ?? -1)) best.set(head.chainId, head);
    }
    return best;
  }

  private async probeAll(): Promise<void> {
    await Promise.all([this.main, ...this.replicas].map((server) => server.probe()));
  }
}
