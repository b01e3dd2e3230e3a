import { once } from 'node:events';
import { createServer, type Server, Socket } from 'node:net';

/** A server on a free port of this machine. */
export async function listenAnywhere(): Promise<{ server: Server; port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return { server, port: address.port };
}

/**
 * Connects to a port of this machine for a client. Each of both sockets ends with the other, and is in
 * `open` until then; what they send each other is for the caller to pass on.
 */
export function joinUpstream(client: Socket, port: number, open: Set<Socket>): Socket {
  const upstream = new Socket();
  upstream.connect(port, '127.0.0.1');
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    open.add(socket);
    socket.setNoDelay(true);
    // An error is followed by the close.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      other.destroy();
    });
    socket.on('end', () => other.end());
  }
  return upstream;
}
