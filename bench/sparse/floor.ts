/** The least that anybody can do: asks for ranges, and reads the blocks that were hit. */
const [url = '', token = '', from = '0', to = '0'] = process.argv.slice(2);
const WIDTH = 50_000;
const AT_ONCE = 4;
let nextId = 1;

const hex = (value: number) => `0x${value.toString(16)}`;

async function batch(calls: readonly { method: string; params: unknown[] }[]): Promise<unknown[]> {
  if (calls.length === 0) return [];
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
  for (let start = 0; start < hits.length; start += 20) {
    const some = hits.slice(start, start + 20);
    await batch(
      some.flatMap(([height, hashes]) => [
        { method: 'eth_getBlockByNumber', params: [hex(height), false] },
        { method: 'eth_getBlockReceipts', params: [hex(height)] },
        ...[...hashes].map((hash) => ({ method: 'trace_transaction', params: [hash] })),
      ]),
    );
  }
  return hits.length;
}

let hits = 0;
const starts: number[] = [];
for (let first = Number(from); first <= Number(to); first += WIDTH) starts.push(first);
const workers = Array.from({ length: AT_ONCE }, async () => {
  for (let first = starts.shift(); first !== undefined; first = starts.shift()) {
    hits += await window(first);
  }
});
await Promise.all(workers);
process.stdout.write(`${hits} hits\n`);
