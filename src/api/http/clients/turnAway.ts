import type { Duplex } from 'node:stream';

/** So long the other side may take to read why, before the connection is gone. */
const LINGER_MS = 1_000;

/**
 * Answers a connection that goes no further with a status, and ends it: also if the other side
 * keeps its half of it open, or does not read.
 *
 * @param status as `400 Bad Request`
 */
export function turnAway(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  if (socket.writable) {
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
  const impatience = setTimeout(() => socket.destroy(), LINGER_MS);
  impatience.unref();
  socket.once('close', () => clearTimeout(impatience));
  // What it still sends is not read: else its end would not be noticed.
  socket.resume();
}
