/**
 * The least that anybody can do: asks for ranges, and reads the blocks that were hit. As many ranges and requests
 * are under way as imo-ledger has, and each has as many calls, so that a far node does not let it wait for itself.
 */
const [url = '', token = '', from = '0', to = '0'] = process.argv.slice(2);
const WIDTH = 50_000;
const RANGES_AT_ONCE = 4;
const REQUESTS_AT_ONCE = 20;
/** Of three calls each: a request has at most 100. */
const HITS_AT_ONCE = 33;
let nextId = 1;

const hex = (value: number) => `0x${value.toString(16)}`;

const waiting: (() => void)[] = [];
let underWay = 0;

async function batch(calls: readonly { method: string; params: unknown[] }[]): Promise<unknown[]> {
  if (calls.length === 0) return [];
  if (underWay >= REQUESTS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  underWay++;
  try {
    return await send(calls);
  } finally {
    underWay--;
    waiting.shift()?.();
  }
}

async function send(calls: readonly { method: string; params: unknown[] }[]): Promise<unknown[]> {
  const body = calls.map((call) => ({ jsonrpc: '2.0', id: nextId++, ...call }));
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const replies = (await response.json()) as { result?: unknown; error?: { message: string } }[];
  return replies.map(({ result, error }) => {
    if (error !== undefined) throw new Error(error.message);
    return result;
  });
}

interface Entry {
  readonly blockNumber: string | number;
  readonly transactionHash: string;
}

async function window(first: number): Promise<number> {
  const range = { fromBlock: hex(first), toBlock: hex(Math.min(first + WIDTH - 1, Number(to))) };
  const [logs, frames] = (await batch([
    { method: 'eth_getLogs', params: [{ ...range, address: [token] }] },
    { method: 'trace_filter', params: [{ ...range, toAddress: [token] }] },
  ])) as [Entry[], Entry[]];
  const found = new Map<number, Set<string>>();
  for (const { blockNumber, transactionHash } of [...logs, ...frames]) {
    const height = Number(blockNumber);
    found.set(height, (found.get(height) ?? new Set()).add(transactionHash));
  }
  const hits = [...found];
  const parts: Promise<unknown[]>[] = [];
  for (let start = 0; start < hits.length; start += HITS_AT_ONCE) {
    const some = hits.slice(start, start + HITS_AT_ONCE);
    const calls = some.flatMap(([height, hashes]) => [
      { method: 'eth_getBlockByNumber', params: [hex(height), false] },
      { method: 'eth_getBlockReceipts', params: [hex(height)] },
      ...[...hashes].map((hash) => ({ method: 'trace_transaction', params: [hash] })),
    ]);
    parts.push(batch(calls));
  }
  await Promise.all(parts);
  return hits.length;
}

let hits = 0;
const starts: number[] = [];
for (let first = Number(from); first <= Number(to); first += WIDTH) starts.push(first);
const workers = Array.from({ length: RANGES_AT_ONCE }, async () => {
  for (let first = starts.shift(); first !== undefined; first = starts.shift()) {
    hits += await window(first);
  }
});
await Promise.all(workers);
process.stdout.write(`${hits} hits\n`);
