import { limitedAs } from '../../http/clients/clientAddress.js';

/** What of a socket says how many operations run on it. */
interface Socket {
  readonly subscriptions: Readonly<Record<string, unknown>>;
}

/** How many operations run on all sockets of a client. */
export class SocketOperations {
  private readonly sockets = new Map<string, Set<Socket>>();

  open(client: string, socket: Socket): void {
    const name = limitedAs(client);
    const ofClient = this.sockets.get(name) ?? new Set();
    this.sockets.set(name, ofClient.add(socket));
  }

  close(client: string, socket: Socket): void {
    const name = limitedAs(client);
    const ofClient = this.sockets.get(name);
    ofClient?.delete(socket);
    if (ofClient?.size === 0) this.sockets.delete(name);
  }

  of(client: string): number {
    const ofClient = [...(this.sockets.get(limitedAs(client)) ?? [])];
    return ofClient.reduce((sum, socket) => sum + running(socket), 0);
  }
}

/** Operations that run on a socket. */
export function running({ subscriptions }: Socket): number {
  return Object.keys(subscriptions).length;
}
