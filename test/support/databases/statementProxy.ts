import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { joinUpstream, listenAnywhere } from '../nodes/joinedSockets.js';

/** At which moment of a statement its connection is reset. */
export const BREAKS = ['unsent', 'unanswered', 'half answered', 'answered'] as const;
export type Break = (typeof BREAKS)[number];

/** Messages of clients that make the server do something: Query, Parse, Execute, CopyData, CopyDone. */
const STATEMENTS = new Set(['Q', 'P', 'E', 'd', 'c']);
const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5]);

/**
 * A PostgreSQL server behind a wire that resets one connection (TCP RST) at its n-th statement.
 * It knows just enough of the protocol to count: the start of a connection is a statement too.
 * Statements of all connections are counted together, in the order in which they arrive.
 */
export class StatementProxy {
  /** Since the last `breakAt`. */
  statements = 0;
  /** What was broken; `null`: nothing yet. */
  broken: string | null = null;
  private breakAtStatement = Number.POSITIVE_INFINITY;
  private how: Break = 'unsent';
  /** Called when the statement comes that is held back with all that follows. */
  private onHeld: (() => void) | null = null;
  private readonly open = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
    private readonly port: number,
  ) {}

  /** @param target the port of a server on this machine */
  static async start(target: number): Promise<StatementProxy> {
    const { server, port } = await listenAnywhere();
    const proxy = new StatementProxy(server, target, port);
    server.on('connection', (client) => proxy.connect(client));
    return proxy;
  }

  /** The same database through this proxy. */
  through(url: string): string {
    const changed = new URL(url);
    changed.port = String(this.port);
    return changed.href;
  }

  /** Counts from 0 again, and breaks the connection that sends the n-th statement from now on. */
  breakAt(statement: number, how: Break): void {
    this.statements = 0;
    this.broken = null;
    this.breakAtStatement = statement;
    this.how = how;
    this.onHeld = null;
  }

  /**
   * Counts from 0 again, and lets nothing through from the n-th statement on: for a client that is to end in the
   * middle. Resolves when that statement comes.
   */
  holdAt(statement: number): Promise<void> {
    this.breakAt(statement, 'unsent');
    return new Promise((resolve) => {
      this.onHeld = resolve;
    });
  }

  /** Only counts, from 0 again. */
  count(): void {
    this.breakAt(Number.POSITIVE_INFINITY, 'unsent');
  }

  async stop(): Promise<void> {
    for (const socket of this.open) socket.resetAndDestroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private connect(client: Socket): void {
    const upstream = joinUpstream(client, this.target, this.open);
    const reset = () => {
      upstream.resetAndDestroy();
      client.resetAndDestroy();
    };
    let due: Break | null = null;
    const messages = new FrontendMessages();
    client.on('data', (chunk) => {
      for (const message of messages.take(chunk)) {
        if (this.isHeld(message)) return this.onHeld?.();
        due = this.note(message) ?? due;
        if (due === 'unsent') return reset();
        upstream.write(message.bytes);
      }
    });
    upstream.on('data', (chunk) => {
      if (due === 'unanswered') return reset();
      if (due === 'half answered') {
        due = 'unanswered';
        client.write(chunk.subarray(0, chunk.length >> 1), reset);
        return;
      }
      const isAnswered = chunk.subarray(-6, -1).equals(READY_FOR_QUERY);
      client.write(chunk, due !== null && isAnswered ? () => setImmediate(reset) : undefined);
    });
  }

  /** Whether the message comes with the statement that is held back, or after it. */
  private isHeld({ type }: Message): boolean {
    if (this.onHeld === null) return false;
    if (type === 'start' || STATEMENTS.has(type)) this.statements += 1;
    return this.statements >= this.breakAtStatement;
  }

  /** @returns how to break the connection of this message, if it is its turn */
  private note({ type, bytes }: Message): Break | null {
    if (this.onHeld !== null) return null;
    if (type !== 'start' && !STATEMENTS.has(type)) return null;
    this.statements += 1;
    if (this.statements !== this.breakAtStatement) return null;
    this.broken = `${this.how} ${describe({ type, bytes })}`;
    return this.how;
  }
}

interface Message {
  /** One letter of the protocol, or `start`. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** What a client sends, cut into messages. */
class FrontendMessages {
  private rest = Buffer.alloc(0);
  private isStarted = false;

  take(chunk: Buffer): Message[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const messages: Message[] = [];
    for (;;) {
      const typeBytes = this.isStarted ? 1 : 0;
      if (this.rest.length < typeBytes + 4) return messages;
      const end = typeBytes + this.rest.readUInt32BE(typeBytes);
      if (this.rest.length < end) return messages;
      const type = this.isStarted ? String.fromCharCode(this.rest[0] ?? 0) : 'start';
      messages.push({ type, bytes: this.rest.subarray(0, end) });
      this.rest = this.rest.subarray(end);
      this.isStarted = true;
    }
  }
}

function describe({ type, bytes }: Message): string {
  const text = bytes.subarray(5, 105).toString('latin1');
  return `${type} ${text.replace(/[^\x20-\x7e]+/g, ' ').trim()}`;
}
