import type { Server, Socket } from 'node:net';
import { joinUpstream, listenAnywhere } from '../nodes/joinedSockets.js';

/** A server behind a wire that passes on so many bytes to one side, and then no more. */
export class StuckWire {
  private constructor(
    private readonly server: Server,
    readonly url: string,
    readonly stuck: Promise<void>,
    private readonly open: Set<Socket>,
  ) {}

  static async start(url: string, side: 'client' | 'server', bytes: number): Promise<StuckWire> {
    const { server, port } = await listenAnywhere();
    const open = new Set<Socket>();
    let left = bytes;
    let isStuck: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => {
      isStuck = resolve;
    });
    server.on('connection', (client) => {
      const upstream = joinUpstream(client, Number(new URL(url).port), open);
      for (const [from, to, counts] of [
        [client, upstream, side === 'server'],
        [upstream, client, side === 'client'],
      ] as const) {
        from.on('data', (chunk) => {
          if (counts) left -= chunk.length;
          if (left < 0) isStuck();
          else to.write(chunk);
        });
      }
    });
    const changed = new URL(url);
    changed.port = String(port);
    return new StuckWire(server, changed.href, stuck, open);
  }

  stop(): void {
    for (const socket of this.open) socket.destroy();
    this.server.close();
  }
}
