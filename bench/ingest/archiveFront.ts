import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Chain } from '../../devnet/anvil.js';
import type { BuiltChain } from './buildChain.js';
import type { JsonRpcRequest } from './jsonRpc.js';
import { OldState } from './oldState.js';

/** Methods that read the state of a block, which the node itself has for the newest only. */
const STATE_METHODS = /"eth_(getBalance|getCode|call)"/;

/**
 * Stands before the node and makes an archive node of it, as far as an indexer of the token
 * needs one: the few questions about old state are answered from what was noted while the
 * chain was built. All else is passed through without being parsed.
 */
export class ArchiveFront {
  /** When somebody asked for data of blocks first, in ms of `performance.now()`. */
  firstLogsRequestAt: number | null = null;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #oldState: OldState;
  readonly #server: Server;

  private constructor(
    private readonly node: Chain,
    chain: BuiltChain,
  ) {
    this.#oldState = new OldState(node, chain);
    this.#server = createServer((incoming, response) => {
      this.#answer(incoming, response).catch((error) => {
        response.destroy(error instanceof Error ? error : new Error(String(error)));
      });
    });
    this.#server.keepAliveTimeout = 60_000;
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
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await once(this.#server, 'close');
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const text = body.toString();
    if (this.firstLogsRequestAt === null && text.includes('"eth_getLogs"')) {
      this.firstLogsRequestAt = performance.now();
    }
    if (STATE_METHODS.test(text)) {
      const asked = JSON.parse(text) as JsonRpcRequest | JsonRpcRequest[];
      const answer = Array.isArray(asked)
        ? await Promise.all(asked.map((one) => this.#oldState.answer(one)))
        : await this.#oldState.answer(asked);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
      return;
    }
    await this.#passThrough(body, response);
  }

  async #passThrough(body: Buffer, response: ServerResponse): Promise<void> {
    const upstream = request(this.node.url, {
      method: 'POST',
      agent: this.#agent,
      headers: { 'content-type': 'application/json', 'content-length': body.length },
    });
    upstream.end(body);
    const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    await once(answer, 'end');
  }
}
