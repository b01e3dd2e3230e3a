import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { joinUpstream, listenAnywhere } from './joinedSockets.js';

/** A TCP connection between clients and a server that can be cut, and led to another server. */
export class TcpProxy {
  private readonly open = new Set<Socket>();
  private bytesLeft = Number.POSITIVE_INFINITY;
  private isRefusing = false;
  private lost = 0;
  /** How many clients have connected. */
  connections = 0;
  private whenSent: () => void = () => undefined;

  private constructor(
    private readonly server: Server,
    private target: number,
    readonly port: number,
  ) {}

  /** @param target a port of this machine */
  static async start(target: number): Promise<TcpProxy> {
    const { server, port } = await listenAnywhere();
    const proxy = new TcpProxy(server, target, port);
    server.on('connection', (client) => {
      proxy.connections += 1;
      proxy.connect(client);
    });
    return proxy;
  }

  /** The same database through this proxy. */
  through(url: string): string {
    const changed = new URL(url);
    changed.port = String(this.port);
    return changed.href;
  }

  /** Leads new connections to another server, and cuts the old ones. */
  leadTo(target: number): void {
    this.target = target;
    this.cut();
  }

  /** Breaks all connections. */
  cut(): void {
    for (const socket of this.open) socket.resetAndDestroy();
    this.open.clear();
  }

  /** Breaks all connections, and lets no new one through until `accept`. */
  refuse(): void {
    this.isRefusing = true;
    this.cut();
  }

  accept(): void {
    this.isRefusing = false;
  }

  /** Breaks so many of the connections that clients open from now on. */
  lose(connections: number): void {
    this.lost = connections;
  }

  /**
   * Breaks all connections once clients have sent so many bytes from now on, in the middle of
   * whatever that is. Resolves then.
   */
  async cutAfterBytes(bytes: number): Promise<void> {
    await this.sent(bytes, () => this.cut());
  }

  /** Resolves once clients have sent so many bytes from now on; the rest of them waits for `then`. */
  sent(bytes: number, then: () => void = () => undefined): Promise<void> {
    this.bytesLeft = bytes;
    return new Promise((resolve) => {
      this.whenSent = () => {
        then();
        resolve();
      };
    });
  }

  async stop(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private connect(client: Socket): void {
    if (this.isRefusing || this.lost > 0) {
      this.lost -= 1;
      client.resetAndDestroy();
      return;
    }
    const upstream = joinUpstream(client, this.target, this.open);
    upstream.on('data', (chunk) => client.write(chunk));
    client.on('data', (chunk) => this.forward(chunk, upstream));
  }

  private forward(chunk: Buffer, upstream: Socket): void {
    const part = chunk.subarray(0, this.bytesLeft);
    this.bytesLeft -= part.length;
    upstream.write(part);
    if (this.bytesLeft > 0) return;
    this.bytesLeft = Number.POSITIVE_INFINITY;
    this.whenSent();
    if (!upstream.destroyed) upstream.write(chunk.subarray(part.length));
  }
}
