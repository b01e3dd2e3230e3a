import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Gauge } from 'prom-client';
import { ImoError } from '../../errors.js';
import { newRegistry } from '../../processMetrics.js';
import type { IndexProgress } from '../../processor/indexerOptions.js';

/** Serves how the indexer does, for Prometheus, until `close()`. */
export interface IndexMetrics {
  readonly port: number;
  update(chainName: string, progress: IndexProgress): void;
  close(): Promise<void>;
}

const FIGURES: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (progress: IndexProgress) => number;
}[] = [
  { name: 'head_block', help: 'Newest block of the node', value: (of) => of.headBlock },
  { name: 'booked_block', help: 'Newest block that is booked', value: (of) => of.bookedBlock },
  { name: 'indexed_block', help: 'Newest committed block', value: (of) => of.indexedBlock },
  {
    name: 'lag_blocks',
    help: 'Blocks of the node that are not committed',
    value: (of) => Math.max(of.headBlock - of.indexedBlock, 0),
  },
  {
    name: 'operations',
    help: 'Operations booked since the start of the process',
    value: (of) => of.operations,
  },
  {
    name: 'commits',
    help: 'Commits since the start of the process',
    value: (of) => of.commits,
  },
];

/**
 * @param host default: this machine only
 * @throws ImoError `PORT_IN_USE`
 */
export async function serveIndexMetrics(port: number, host = '127.0.0.1'): Promise<IndexMetrics> {
  const registry = newRegistry();
  const gauges = FIGURES.map(({ name, help, value }) => ({
    value,
    gauge: new Gauge({
      name: `imo_ledger_index_${name}`,
      help,
      labelNames: ['chain'],
      registers: [registry],
    }),
  }));
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EADDRINUSE') return reject(cause);
      reject(
        new ImoError(
          'PORT_IN_USE',
          `port ${port} is in use by another program`,
          'Stop that program, or choose another port with --metrics-port.',
          { cause },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    update(chainName, progress) {
      for (const { gauge, value } of gauges) gauge.set({ chain: chainName }, value(progress));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
