import type pg from 'pg';

/** Another process of PostgreSQL has another one. */
export const IDENTITY = `concat_ws(' ', pg_postmaster_start_time(), inet_server_addr(), inet_server_port())`;

/**
 * Which server is behind a URL. A fail-over, a proxy or a list of hosts can lead to another one at any
 * time, with fewer blocks. Its rows and those of the server before do not make one answer.
 */
export class ServerIdentity {
  private known: string | null = null;
  /** Grows whenever another server answers. */
  private changes = 0;
  private readonly of = new WeakMap<object, number>();

  get epoch(): number {
    return this.changes;
  }

  /** Notes who answered. */
  note(identity: string): void {
    if (this.known !== null && this.known !== identity) this.changes += 1;
    this.known = identity;
  }

  /** Nobody reads from the server that answered last any more. */
  moved(): void {
    this.changes += 1;
    this.known = null;
  }

  /** A connection to the server that answered last. */
  adopt(client: pg.ClientBase): void {
    this.of.set(client, this.changes);
  }

  /** Whether a connection leads to the server that answered last. */
  isCurrent(client: object): boolean {
    return (this.of.get(client) ?? this.changes) === this.changes;
  }
}
