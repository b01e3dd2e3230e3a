import { ImoError } from '../errors.js';
import { type OpenExport, openExport } from './openExport.js';
import type { ExportRequest } from './request.js';

export interface ExportDeskOptions {
  /** With several hosts if the database may move. */
  readonly databaseUrl: string;
  /** Each takes a connection and a part of a processor. Default: 2. */
  readonly atOnce?: number;
  /** How long one may take, apart from the time limit of queries. Default: 30 minutes. */
  readonly withinMs?: number;
}

const DEFAULT_AT_ONCE = 2;
const DEFAULT_WITHIN_MS = 30 * 60_000;

/** Lets so many exports run at once, and ends all of them with the server. */
export class ExportDesk {
  private readonly running = new Set<() => Promise<void>>();
  private opening = 0;

  constructor(private readonly options: ExportDeskOptions) {}

  /**
   * Opens an export; its place is free again when it is closed.
   *
   * @throws ImoError `EXPORT_BUSY`, or what `openExport` throws
   */
  async open(request: ExportRequest): Promise<OpenExport> {
    const { databaseUrl, atOnce = DEFAULT_AT_ONCE, withinMs = DEFAULT_WITHIN_MS } = this.options;
    if (this.running.size + this.opening >= atOnce) throw busy(atOnce);
    this.opening += 1;
    try {
      const exported = await openExport(request, { databaseUrl, withinMs });
      let closed: Promise<void> | null = null;
      const close = () => {
        closed ??= exported.close().finally(() => this.running.delete(close));
        return closed;
      };
      this.running.add(close);
      return { ...exported, close };
    } finally {
      this.opening -= 1;
    }
  }

  /** Breaks off what still runs. */
  async close(): Promise<void> {
    await Promise.all([...this.running].map((close) => close()));
  }
}

function busy(atOnce: number): ImoError {
  return new ImoError(
    'EXPORT_BUSY',
    `${atOnce} exports are running, which is as many as may run at once`,
    'Ask again in a minute.',
  );
}
