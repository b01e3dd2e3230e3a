import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** A client that says bytes, not HTTP, and never closes its half of the connection. */
export class RawClient {
  received = '';
  /** When the other side says no more. */
  readonly ended: Promise<void>;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      socket.once('end', resolve);
      socket.once('close', resolve);
    });
  }

  static async connect({ port }: { readonly port: number }): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  say(text: string): void {
    this.socket.write(text);
  }

  /** Waits until the other side has said something that fits. */
  async heard(text: RegExp): Promise<string> {
    while (!text.test(this.received)) {
      const isOver = await Promise.race([
        once(this.socket, 'data').then(() => false),
        this.ended.then(() => true),
      ]);
      if (isOver && !text.test(this.received)) throw new Error(`it ended: ${this.received}`);
    }
    return this.received;
  }

  /** Waits until the other side takes no more either: what is sent to it is refused. */
  async gone(): Promise<void> {
    await this.ended;
    while (!this.socket.destroyed) {
      this.say('x');
      await setImmediate();
    }
  }
}
