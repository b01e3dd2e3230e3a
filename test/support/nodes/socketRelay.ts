import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** WebSockets to a node that a test can watch, cut and silence. */
export class SocketRelay {
  private readonly subscribing = new WeakSet<WebSocket>();
  /** Sockets that have subscribed. */
  private readonly subscribed = new Set<WebSocket>();
  /** How often the node has accepted one. */
  subscriptions = 0;
  /** Those that had subscribed when it was called; they hear of no more blocks. */
  private readonly silenced = new WeakSet<WebSocket>();

  private constructor(
    private readonly server: WebSocketServer,
    private readonly target: string,
  ) {
    server.on('connection', (client) => this.relay(client));
  }

  /** @param target the URL of the node */
  static async start(target: string): Promise<SocketRelay> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    return new SocketRelay(server, target.replace(/^http/, 'ws'));
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sockets that are open. */
  get open(): number {
    return this.server.clients.size;
  }

  silence(): void {
    for (const client of this.subscribed) this.silenced.add(client);
  }

  cut(): void {
    for (const client of this.server.clients) client.terminate();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private relay(client: WebSocket): void {
    const node = new WebSocket(this.target);
    const open = once(node, 'open');
    client.on('message', (data) => {
      const text = String(data);
      if (text.includes('"eth_subscribe"')) this.subscribing.add(client);
      void open.then(() => node.send(text));
    });
    node.on('message', (data) => {
      const text = String(data);
      if (text.includes('"eth_subscription"') && this.silenced.has(client)) return;
      client.send(text);
      if (!this.subscribing.delete(client)) return;
      this.subscriptions++;
      this.subscribed.add(client);
    });
    client.on('close', () => {
      this.subscribed.delete(client);
      node.terminate();
    });
    node.on('close', () => client.terminate());
    node.on('error', () => undefined);
  }
}
