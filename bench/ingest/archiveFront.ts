import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Chain } from '../../devnet/anvil.js';
import type { BuiltChain } from './buildChain.js';
import { jsonAnswer, RequestCutter, type WholeRequest } from './httpRequests.js';
import type { JsonRpcRequest } from './jsonRpc.js';
import { OldState } from './oldState.js';

/** Methods that read the state of a block, which the node itself has for the newest only. */
const STATE_METHODS = /"eth_(getBalance|getCode|call)"/;

/**
 * Stands before the node and makes an archive node of it, as far as an indexer of the token
 * needs one: the few questions about old state are answered from what was noted while the
 * chain was built. All else passes through, answers as raw bytes.
 */
export class ArchiveFront {
  /** When somebody asked for logs first, in ms of `performance.now()`. */
  firstLogsRequestAt: number | null = null;
  /** Where the bodies of requests go; `null`: nobody wants them. */
  recorded: string[] | null = null;
  readonly #nodeUrl: URL;
  readonly #oldState: OldState;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(node: Chain, chain: BuiltChain) {
    this.#nodeUrl = new URL(node.url);
    this.#oldState = new OldState(node, chain);
    this.#server = createServer((client) => this.#serve(client));
  }

  static async start(node: Chain, chain: BuiltChain): Promise<ArchiveFront> {
    const front = new ArchiveFront(node, chain);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, 'close');
  }

  /** A connection to the node for each one to us: one request at a time runs on both. */
  #serve(client: Socket): void {
    const node = connect(Number(this.#nodeUrl.port), this.#nodeUrl.hostname);
    for (const socket of [client, node]) {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      // An error is followed by the end of the connection, which the other side notices.
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        node.destroy();
      });
    }
    node.pipe(client);
    const cutter = new RequestCutter();
    client.on('data', (chunk) => {
      for (const request of cutter.push(chunk)) this.#handle(request, client, node);
    });
  }

  #handle({ bytes, body }: WholeRequest, client: Socket, node: Socket): void {
    this.recorded?.push(body);
    if (this.firstLogsRequestAt === null && body.includes('"eth_getLogs"')) {
      this.firstLogsRequestAt = performance.now();
    }
    if (!STATE_METHODS.test(body)) {
      node.write(bytes);
      return;
    }
    this.#answer(JSON.parse(body)).then(
      (answer) => client.write(jsonAnswer(answer)),
      (error) => client.destroy(error),
    );
  }

  /** One call or a batch, as it came. */
  #answer(asked: JsonRpcRequest | JsonRpcRequest[]): Promise<unknown> {
    return Array.isArray(asked)
      ? Promise.all(asked.map((one) => this.#oldState.answer(one)))
      : this.#oldState.answer(asked);
  }
}
