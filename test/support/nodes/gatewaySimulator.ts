import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { readQuery } from '../sqd/query.js';
import { type Omissions, SqdRows } from '../sqd/rows.js';
import { readBody } from './portalSimulator.js';
import { serveSimulator } from './simulatorServer.js';

/** What goes wrong with one request to the router or to a worker. */
export type GatewayFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** The answer of a worker is cut in the middle. */
  | { readonly kind: 'cut' };

export interface GatewaySimulatorOptions {
  readonly rpcUrl: string;
  /** The router refuses requests without it with 401. */
  readonly key?: string;
  readonly lag?: number;
  /** Blocks that a worker has: its answer ends there. */
  readonly chunk?: number;
  /** What goes wrong with the next request, where nothing was injected. */
  readonly draw?: () => GatewayFault | undefined;
}

export interface GatewaySimulator {
  readonly url: string;
  /** Bodies of questions to workers so far. */
  readonly bodies: readonly string[];
  omit: Omissions;
  inject(...faults: GatewayFault[]): void;
  close(): Promise<void>;
}

/** A v2 gateway of SQD: a router, and workers behind it that want what the router gave for them. */
export async function startGatewaySimulator(
  options: GatewaySimulatorOptions,
): Promise<GatewaySimulator> {
  const { key, lag = 0, chunk = 10_000 } = options;
  const rows = new SqdRows(options.rpcUrl);
  const bodies: string[] = [];
  const faults: GatewayFault[] = [];
  const ticket = 'x-sqd-ticket';

  const query = async (body: Buffer, final: number, cut: boolean, outgoing: ServerResponse) => {
    bodies.push(body.toString('utf8'));
    const read = readQuery(body, 'gateway');
    if (typeof read === 'string') return void outgoing.writeHead(400).end(read);
    const { fromBlock: from, toBlock = final } = read;
    const to = Math.min(toBlock, final, from - (from % chunk) + chunk - 1);
    const found = await rows.records(read, from, to);
    const isFirstOnly = found[0] !== undefined && Object.keys(found[0]).length === 1 && from < to;
    // A worker ends its answer with the last block, but does not start it with the first one.
    const text = JSON.stringify(isFirstOnly ? found.slice(1) : found);
    const sent = gzipSync(cut ? text.slice(0, -3) : text);
    outgoing.setHeader('content-type', 'application/json').setHeader('content-encoding', 'gzip');
    outgoing.end(sent);
  };
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await readBody(incoming);
    const path = incoming.url ?? '';
    const final = (await rows.head()) - lag;
    const drawn = faults.length === 0 ? options.draw?.() : undefined;
    if (drawn !== undefined) faults.push(drawn);
    const isCut = faults[0]?.kind === 'cut' && path.startsWith('/worker/');
    const fault = isCut || faults[0]?.kind === 'status' ? faults.shift() : undefined;
    if (fault?.kind === 'status') {
      const { status, retryAfterSeconds } = fault;
      const headers: Record<string, string> =
        retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      return void outgoing.writeHead(status, headers).end('{"message": "not now"}');
    }
    if (path.startsWith('/worker/')) {
      if (incoming.headers.authorization !== undefined) throw new Error('a worker got the key');
      if (incoming.headers[ticket] !== '7') return void outgoing.writeHead(403).end('no ticket');
      return query(body, final, isCut, outgoing);
    }
    if (key !== undefined && incoming.headers.authorization !== `Bearer ${key}`) {
      return void outgoing.writeHead(401).end('{"message": "API key required"}');
    }
    const wanted = /^\/network\/devnet\/(height|(\d+)\/worker)$/.exec(path);
    if (wanted === null) return void outgoing.writeHead(404).end('not found');
    if (wanted[1] === 'height') return void outgoing.end(String(final));
    if (Number(wanted[2]) > final) return void outgoing.writeHead(503).end('no worker');
    outgoing.setHeader(ticket, '7').end(`http://${incoming.headers.host}/worker/1`);
  };
  const server = await serveSimulator(answer);
  return {
    url: `${server.url}/network/devnet`,
    bodies,
    get omit() {
      return rows.omit;
    },
    set omit(omissions) {
      rows.omit = omissions;
    },
    inject: (...injected) => void faults.push(...injected),
    close: server.close,
  };
}
