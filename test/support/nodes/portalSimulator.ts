import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGzip, gzipSync, constants as zlib } from 'node:zlib';
import { readQuery, type SqdQuery } from '../sqd/query.js';
import { type Caller, type Omissions, type Row, SqdRows } from '../sqd/rows.js';
import { serveSimulator } from './simulatorServer.js';

/** What goes wrong with one request for a stream, or with those for a while. */
export type PortalFault =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** The answer ends after so many records, without saying so. */
  | { readonly kind: 'ends'; readonly records: number }
  /** The connection breaks after so many records, in the middle of the next one. */
  | { readonly kind: 'breaks'; readonly records: number }
  /** The answer ends after so many records, in the middle of the next one. */
  | { readonly kind: 'cuts'; readonly records: number }
  /** Nothing comes any more after so many records. */
  | { readonly kind: 'silence'; readonly records: number }
  /** Records are changed before they are sent; after so many, the answer ends. */
  | {
      readonly kind: 'changes';
      readonly change: (record: Row) => Row;
      readonly records?: number;
    }
  /** The text is sent as it is. */
  | { readonly kind: 'text'; readonly text: string };

export interface PortalSimulatorOptions {
  /** The URL of a node, or what answers in its place. */
  readonly rpcUrl: string | Caller;
  /** Requests without it are refused with 401. */
  readonly key?: string;
  /** Blocks that the Portal is behind the node. */
  readonly lag?: number;
  /** The first block that it has. */
  readonly startBlock?: number;
  /** Blocks of a chunk: each one ends with a record of its last block. */
  readonly chunk?: number;
  /** Chunks of one answer; the client asks again for the rest. */
  readonly chunksAtOnce?: number;
  /** What goes wrong with the next request for a stream, where nothing was injected. */
  readonly draw?: () => PortalFault | undefined;
}

export interface PortalSimulator {
  /** Of its dataset. */
  readonly url: string;
  /** Requests for streams so far, by status. */
  readonly statuses: readonly number[];
  /** Bodies of requests for streams so far. */
  readonly bodies: readonly string[];
  lag: number;
  /** Above this block it follows a fork that no node has; `null`: it does not. */
  forkAbove: number | null;
  /** What the data lacks. */
  omit: Omissions;
  /** The next requests for streams fail so, one after the other. */
  inject(...faults: PortalFault[]): void;
  /** From now on, another node's chain is served. */
  routeTo(rpcUrl: string): void;
  close(): Promise<void>;
}

class Simulator {
  readonly statuses: number[] = [];
  readonly bodies: string[] = [];
  readonly faults: PortalFault[] = [];
  rows: SqdRows;
  lag: number;

  constructor(readonly options: PortalSimulatorOptions) {
    this.rows = new SqdRows(options.rpcUrl);
    this.lag = options.lag ?? 0;
  }

  async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readBody(incoming);
    const { key } = this.options;
    if (key !== undefined && incoming.headers.authorization !== `Bearer ${key}`) {
      return refuse(outgoing, 401, 'invalid_request_error', 'the API key is missing or not valid');
    }
    const path = incoming.url?.replace(/^\/datasets\/devnet/, '');
    const final = (await this.rows.head()) - this.lag;
    if (path === '/finalized-head' && incoming.method === 'GET') {
      const { number, hash } = await this.rows.header(final);
      outgoing.setHeader('content-type', 'application/json').end(JSON.stringify({ number, hash }));
    } else if (path === '/finalized-stream' && incoming.method === 'POST') {
      this.bodies.push(body.toString('utf8'));
      await this.stream(body, final, outgoing);
      this.statuses.push(outgoing.statusCode);
    } else {
      refuse(outgoing, 404, 'unknown_dataset', 'unknown dataset');
    }
  }

  private async stream(body: Buffer, final: number, outgoing: ServerResponse): Promise<void> {
    const fault = this.faults.shift() ?? this.options.draw?.();
    if (fault?.kind === 'status') {
      const { status, retryAfterSeconds } = fault;
      if (retryAfterSeconds !== undefined) {
        outgoing.setHeader('retry-after', String(retryAfterSeconds));
      }
      return refuse(outgoing, status, 'overloaded', 'the service is busy');
    }
    const query = readQuery(body, 'portal');
    if (typeof query === 'string') return refuse(outgoing, 400, 'malformed_request', query);
    outgoing.setHeader('x-sqd-finalized-head-number', final);
    const from = Math.max(query.fromBlock, this.options.startBlock ?? 0);
    if (from > final) return void outgoing.writeHead(204).end();
    const { parentBlockHash: parent } = query;
    if (parent !== undefined && (await this.rows.header(from)).parentHash !== parent) {
      const previousBlocks = [await this.rows.header(from - 1)];
      const { number, hash } = previousBlocks[0] ?? {};
      const error = { type: 'invalid_request_error', code: 'base_block_mismatch', message: 'fork' };
      outgoing.writeHead(409, { 'content-type': 'application/json' });
      return void outgoing.end(JSON.stringify({ error, previousBlocks: [{ number, hash }] }));
    }
    outgoing.writeHead(200, {
      'content-type': 'application/jsonl',
      'content-encoding': 'gzip',
    });
    if (fault?.kind === 'text') return void outgoing.end(gzipSync(fault.text));
    await this.send(query, from, Math.min(query.toBlock ?? final, final), fault, outgoing);
  }

  private async send(
    query: SqdQuery,
    from: number,
    to: number,
    fault: PortalFault | undefined,
    outgoing: ServerResponse,
  ): Promise<void> {
    const { chunk = 10_000, chunksAtOnce = Number.POSITIVE_INFINITY } = this.options;
    const gzip = createGzip({ flush: zlib.Z_SYNC_FLUSH });
    gzip.pipe(outgoing);
    const limit = fault !== undefined && 'records' in fault ? fault.records : undefined;
    let sent = 0;
    for (let start = from, chunks = 0; start <= to && chunks < chunksAtOnce; chunks++) {
      const end = Math.min(to, start - (start % chunk) + chunk - 1);
      const records = await this.rows.records(query, start, end);
      // Without a fault, the blocks of a chunk come together.
      if (fault === undefined) gzip.write(records.map(lineOf).join(''));
      for (const record of fault === undefined ? [] : records) {
        if (sent === limit) return cutOff(fault, record, gzip, outgoing);
        gzip.write(lineOf(fault?.kind === 'changes' ? fault.change(record) : record));
        sent++;
      }
      start = end + 1;
    }
    gzip.end();
  }
}

/** A Portal of SQD as its specification describes it, in front of a node. */
export async function startPortalSimulator(
  options: PortalSimulatorOptions,
): Promise<PortalSimulator> {
  const simulator = new Simulator(options);
  const server = await serveSimulator((incoming, outgoing) => simulator.answer(incoming, outgoing));
  return {
    url: `${server.url}/datasets/devnet`,
    statuses: simulator.statuses,
    bodies: simulator.bodies,
    get lag() {
      return simulator.lag;
    },
    set lag(blocks) {
      simulator.lag = blocks;
    },
    get forkAbove() {
      return simulator.rows.forkAbove;
    },
    set forkAbove(height) {
      simulator.rows.forkAbove = height;
    },
    get omit() {
      return simulator.rows.omit;
    },
    set omit(omissions) {
      simulator.rows.omit = omissions;
    },
    inject: (...faults) => void simulator.faults.push(...faults),
    routeTo(rpcUrl) {
      const { omit } = simulator.rows;
      simulator.rows = new SqdRows(rpcUrl);
      simulator.rows.omit = omit;
    },
    close: server.close,
  };
}

function lineOf(record: Row): string {
  return `${JSON.stringify(record)}\n`;
}

function cutOff(
  fault: PortalFault | undefined,
  record: Row,
  gzip: ReturnType<typeof createGzip>,
  outgoing: ServerResponse,
): void {
  if (fault?.kind === 'ends' || fault?.kind === 'changes') return void gzip.end();
  if (fault?.kind === 'silence') return void gzip.flush();
  const text = JSON.stringify(record);
  if (fault?.kind === 'cuts') return void gzip.end(text.slice(0, -1));
  gzip.write(text.slice(0, text.length / 2), () => {
    gzip.flush(() => setImmediate(() => outgoing.destroy()));
  });
}

function refuse(outgoing: ServerResponse, status: number, code: string, message: string): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ error: { type: 'invalid_request_error', code, message } }));
}

export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}
