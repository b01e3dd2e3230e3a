import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { atEndOfFile } from '../endOfFile.js';
import { askNode } from './askNode.js';

const call = z.object({
  jsonrpc: z.string(),
  id: z.unknown(),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
});
type Call = z.infer<typeof call>;

/** Where the block is in the parameters of a method. */
const BLOCK_PARAMETER: Readonly<Record<string, number>> = {
  eth_getBlockByNumber: 0,
  trace_block: 0,
  eth_getCode: 1,
  eth_getBalance: 1,
  eth_call: 1,
  eth_getStorageAt: 2,
};
/** What an address has before the first block of the chain. */
const BEFORE_THE_CHAIN: Readonly<Record<string, unknown>> = {
  eth_getCode: '0x',
  eth_getBalance: '0x0',
  eth_getBlockByNumber: null,
};
/** These would have to be shifted deep inside of what they answer. */
const NOT_SERVED = new Set([
  'eth_simulateV1',
  'trace_filter',
  'eth_getProof',
  'eth_getBlockReceipts',
]);
const QUANTITY = /^0x[0-9a-f]+$/i;

/** A node of a chain with another id and `shift` more blocks, in front of a small one. */
export async function shiftedNode(
  rpcUrl: string,
  { chainId, shift }: { readonly chainId: number; readonly shift: number },
): Promise<string> {
  const forward = async (asked: Call): Promise<object> => {
    const { id, method } = asked;
    const result = (value: unknown) => ({ jsonrpc: '2.0', id, result: value });
    if (method === 'eth_chainId') return result(hex(chainId));
    if (NOT_SERVED.has(method)) {
      return { jsonrpc: '2.0', id, error: { code: -32601, message: `${method} is not available` } };
    }
    const params = structuredClone(asked.params);
    let isGenesis = false;
    const at = BLOCK_PARAMETER[method];
    if (at !== undefined && isNumber(params[at])) {
      const block = Number(params[at]) - shift;
      // The processor reads the genesis block of every chain.
      isGenesis = block === -shift && method === 'eth_getBlockByNumber';
      if (block < 0 && !isGenesis && method in BEFORE_THE_CHAIN)
        return result(BEFORE_THE_CHAIN[method]);
      params[at] = hex(Math.max(block, 0));
    }
    if (method === 'eth_getLogs') params[0] = shiftedRange(params[0], -shift);
    const answer = { jsonrpc: '2.0', id: asked.id, ...(await askNode(rpcUrl, { method, params })) };
    if (method === 'eth_blockNumber') return result(hex(Number(answer.result) + shift));
    if (answer.result === undefined) return answer;
    return result(isGenesis ? answer.result : shifted(answer.result, shift));
  };
  const server = createServer(async (incoming, outgoing) => {
    const body = await json(incoming);
    const answers = Array.isArray(body)
      ? await Promise.all(body.map((one) => forward(call.parse(one))))
      : await forward(call.parse(body));
    outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(answers));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEndOfFile(() => server.close().closeAllConnections());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return `http://127.0.0.1:${address.port}`;
}

/** Every block number of an answer, as hex or as a plain number. */
function shifted(value: unknown, shift: number): unknown {
  if (Array.isArray(value)) return value.map((entry) => shifted(entry, shift));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      if (key !== 'number' && key !== 'blockNumber') return [key, shifted(entry, shift)];
      if (typeof entry === 'number') return [key, entry + shift];
      return [key, isNumber(entry) ? hex(Number(entry) + shift) : entry];
    }),
  );
}

function shiftedRange(filter: unknown, by: number): unknown {
  if (typeof filter !== 'object' || filter === null) return filter;
  return Object.fromEntries(
    Object.entries(filter).map(([key, entry]) => {
      const isBlock = (key === 'fromBlock' || key === 'toBlock') && isNumber(entry);
      return [key, isBlock ? hex(Math.max(Number(entry) + by, 0)) : entry];
    }),
  );
}

function isNumber(value: unknown): value is string {
  return typeof value === 'string' && QUANTITY.test(value) && value.length < 20;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
