import { ImoError } from '../../errors.js';
import { type OpenExport, openExport } from './openExport.js';
import type { ExportRequest } from './request.js';

export interface ExportRunnerOptions {
  /** With several hosts if the database may move. */
  readonly databaseUrl: string;
  /** Each takes a connection and a part of a processor. Default: 4. */
  readonly atOnce?: number;
  /** Of one client. Default: half of them. */
  readonly ofOneClient?: number;
  /** How long one may take, apart from the time limit of queries. Default: 30 minutes. */
  readonly withinMs?: number;
}

const DEFAULT_AT_ONCE = 4;
const DEFAULT_WITHIN_MS = 30 * 60_000;

/** Lets so many exports run at once, and ends all of them with the server. */
export class ExportRunner {
  private readonly running = new Set<() => Promise<void>>();
  private opening = 0;
  private readonly ofClient = new Map<string, number>();

  constructor(private readonly options: ExportRunnerOptions) {}

  /**
   * Opens an export; its place is free again when it is closed.
   *
   * @param client has a share of the places
   * @throws ImoError `EXPORT_BUSY`, or what `openExport` throws
   */
  async open(request: ExportRequest, client = ''): Promise<OpenExport> {
    const { databaseUrl, withinMs = DEFAULT_WITHIN_MS } = this.options;
    this.assertFree(client);
    this.opening += 1;
    const leave = this.enter(client);
    try {
      const exported = await openExport(request, { databaseUrl, withinMs });
      let closed: Promise<void> | null = null;
      const close = () => {
        closed ??= exported.close().finally(() => {
          this.running.delete(close);
          leave();
        });
        return closed;
      };
      this.running.add(close);
      return { ...exported, close };
    } catch (error) {
      leave();
      throw error;
    } finally {
      this.opening -= 1;
    }
  }

  /**
   * Runs other work of the same price as an export, in one of the places.
   *
   * @throws ImoError `EXPORT_BUSY`, or what `work` throws
   */
  async run<Result>(work: (signal: AbortSignal) => Promise<Result>, client = ''): Promise<Result> {
    this.assertFree(client);
    const leave = this.enter(client);
    const ended = new AbortController();
    let settled: Promise<unknown> = Promise.resolve();
    const close = async () => {
      ended.abort();
      await settled;
    };
    this.running.add(close);
    try {
      const result = work(ended.signal);
      settled = result.catch(() => undefined);
      return await result;
    } finally {
      this.running.delete(close);
      leave();
    }
  }

  private assertFree(client: string): void {
    const { atOnce = DEFAULT_AT_ONCE } = this.options;
    const { ofOneClient = Math.max(1, Math.floor(atOnce / 2)) } = this.options;
    if (this.running.size + this.opening >= atOnce) throw busy(`${atOnce} exports are running`);
    if ((this.ofClient.get(client) ?? 0) >= ofOneClient) {
      throw busy(`${ofOneClient} exports of this client are running`);
    }
  }

  private enter(client: string): () => void {
    this.ofClient.set(client, (this.ofClient.get(client) ?? 0) + 1);
    return () => {
      const left = (this.ofClient.get(client) ?? 1) - 1;
      if (left === 0) this.ofClient.delete(client);
      else this.ofClient.set(client, left);
    };
  }

  /** Cancels what still runs. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((close) => close()));
  }
}

function busy(running: string): ImoError {
  return new ImoError('EXPORT_BUSY', `${running}, which is the maximum`, 'Ask again in a minute.');
}
