import { ImoError } from '../../errors.js';
import { askServer } from '../../store/database/connect.js';
import { readTerm } from '../../store/database/serverTerm.js';
import type { ServerIdentity } from './serverIdentity.js';

const LOOK_EVERY_MS = 5_000;

/**
 * To which of the hosts of a URL connections lead: to the first that answers, and never to one that was left behind.
 * A primary that was lost and started again as it was answers too, with books that nobody continues.
 */
export class HostChoice {
  private current = 0;
  /** The latest term that was seen on any host. */
  private latest = 0;
  private readonly timer: NodeJS.Timeout | null;

  /** @param isWatched whether hosts are asked how far they are; not behind a pooler */
  constructor(
    private readonly urls: readonly string[],
    private readonly server: ServerIdentity,
    isWatched: boolean,
  ) {
    const isChoice = isWatched && urls.length > 1;
    this.timer = isChoice ? setInterval(() => void this.look(), LOOK_EVERY_MS).unref() : null;
  }

  /** Place of the host for the next connection. */
  get place(): number {
    return this.current;
  }

  /** The next connection leads to the next host, unless another one has left this host already. */
  leave(place: number): void {
    if (place === this.current) this.current = (place + 1) % this.urls.length;
  }

  /**
   * Notes the term of the server that a new connection leads to.
   *
   * @throws ImoError `DATABASE_MOVED` if another host has seen a later fail-over
   */
  check(place: number, term: number): void {
    if (term >= this.latest) {
      this.latest = term;
      return;
    }
    this.leave(place);
    throw new ImoError(
      'DATABASE_MOVED',
      'a host of DATABASE_URL was left behind by a fail-over: another one has a later history',
      'Ask again. Stop the server that was lost, or let it follow the new primary.',
    );
  }

  /** Looks at all hosts, and leaves one that was left behind, with its open connections. */
  async look(): Promise<void> {
    if (this.timer === null) return;
    const terms = await Promise.all(
      this.urls.map((url) => askServer(url, { writes: false }, readTerm).catch(() => null)),
    );
    this.latest = Math.max(this.latest, ...terms.map((term) => term ?? 0));
    const own = terms[this.current];
    if (own == null || own >= this.latest) return;
    const later = terms.indexOf(this.latest);
    if (later === -1) return;
    this.current = later;
    this.server.moved();
  }

  close(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }
}
