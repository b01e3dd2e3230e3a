import { LogBloom } from '../../src/chain/rpc/blocks/bloom.js';
import { wordOf } from '../../src/chain/rpc/connection/words.js';

const TRANSACTIONS = 200;
const LOGS_EACH = 2;
/** 1,480 in all. */
const FRAMES = Array.from({ length: TRANSACTIONS }, (_, index) => (index % 5 < 2 ? 8 : 7));

type Fields = Record<string, unknown>;

const word = (value: number) => `0x${value.toString(16).padStart(64, '0')}`;
const account = (value: number) => `0x${(0xabcd000 + value).toString(16).padStart(40, '0')}`;
const quantity = (value: number) => `0x${value.toString(16)}`;
const hashes = Array.from({ length: TRANSACTIONS }, (_, index) => word(0xdeca000 + index));

const plainLogs = hashes.flatMap((transactionHash, transaction) =>
  Array.from({ length: LOGS_EACH }, (_, index) => ({
    address: account(transaction % 50),
    topics: [word(1 + (transaction % 9)), word(transaction), word(transaction + index)],
    data: word(7),
    logIndex: quantity(transaction * LOGS_EACH + index),
    transactionIndex: quantity(transaction),
    transactionHash,
  })),
);

const plainTraces = hashes.flatMap((transactionHash, transaction) =>
  Array.from({ length: FRAMES[transaction] ?? 0 }, (_, index) => ({
    transactionHash,
    transactionPosition: transaction,
    traceAddress: index === 0 ? [] : [index - 1],
    subtraces: index === 0 ? (FRAMES[transaction] ?? 1) - 1 : 0,
    type: 'call',
    action: {
      callType: 'call',
      from: account(transaction),
      to: account(transaction + index + 1),
      value: '0x1',
      gas: '0xffff',
      input: `0xa9059cbb${word(transaction).slice(2)}${word(index).slice(2).repeat(8)}`,
    },
    result: { gasUsed: '0x5208', output: word(1) },
  })),
);

function bloom(): string {
  const filter = new LogBloom();
  for (const { address, topics } of plainLogs) {
    for (const text of [address, ...topics]) {
      const known = wordOf(text);
      if (known !== null) filter.add(known);
    }
  }
  // Its bits are those that the filter of a block with these logs has.
  return filterText(filter);
}

function filterText(filter: LogBloom): string {
  const bytes = (filter as unknown as { filter: Buffer }).filter;
  return `0x${bytes.toString('hex')}`;
}

const at = (height: number, blockHash: string): Fields => ({
  blockHash,
  blockNumber: quantity(height),
});

/** A block like those of mainnet, of transactions that concern nobody here. */
export const DENSE = {
  header: { transactions: hashes, logsBloom: bloom() } as Fields,
  logs: (height: number, hash: string): Fields[] =>
    plainLogs.map((log) => ({ ...log, ...at(height, hash) })),
  receipts: (height: number, hash: string): Fields[] =>
    hashes.map((transactionHash, index) => ({
      ...at(height, hash),
      transactionHash,
      transactionIndex: quantity(index),
      type: '0x2',
      status: '0x1',
      cumulativeGasUsed: quantity(21_000 * (index + 1)),
      gasUsed: '0x5208',
      logsBloom: `0x${'0'.repeat(512)}`,
      logs: plainLogs.slice(index * LOGS_EACH, (index + 1) * LOGS_EACH).map((log) => ({
        ...log,
        ...at(height, hash),
      })),
    })),
  traces: (height: number, hash: string): Fields[] =>
    plainTraces.map((trace) => ({ ...trace, blockHash: hash, blockNumber: height })),
  calls: (): Fields[] =>
    hashes.map((txHash, transaction) => {
      const [root, ...inner] = plainTraces.filter((trace) => trace.transactionHash === txHash);
      const call = (trace: typeof root) => ({ type: 'CALL', ...trace?.action });
      return { txHash, result: { ...call(root), calls: inner.map(call) }, transaction };
    }),
};
