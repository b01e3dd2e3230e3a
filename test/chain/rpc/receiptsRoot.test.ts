import { createMPT } from '@ethereumjs/mpt';
import { encodeRlp, getBytes, toBeArray } from 'ethers';
import { expect, test } from 'vitest';
import { compareWithRoot } from '../../../src/chain/rpc/blocks/receiptsRoot.js';

const log = (index: number, bytes: number) => ({
  address: `0x${'11'.repeat(20)}`,
  topics: [`0x${index.toString(16).padStart(64, '0')}`],
  data: `0x${'ab'.repeat(bytes)}`,
});

const receipt = (logs: readonly ReturnType<typeof log>[], type = '0x2') => ({
  type,
  status: '0x1',
  cumulativeGasUsed: '0x5208',
  gasUsed: '0x5208',
  logsBloom: `0x${'00'.repeat(256)}`,
  logs,
});

/** The root by ethers alone, whose encoding of long lists is slow. */
async function rootOf(receipts: readonly ReturnType<typeof receipt>[]): Promise<string> {
  const trie = await createMPT();
  for (const [index, { type, logsBloom, logs }] of receipts.entries()) {
    const listed = logs.map(({ address, topics, data }) => [address, topics, data]);
    const payload = getBytes(encodeRlp(['0x01', '0x5208', logsBloom, listed]));
    const typed = type === '0x0' ? payload : Uint8Array.of(Number(type), ...payload);
    await trie.put(getBytes(encodeRlp(toBeArray(index))), typed);
  }
  return `0x${Buffer.from(trie.root()).toString('hex')}`;
}

test.each([
  ['none', 0, 0],
  ['one', 1, 0],
  ['fewer bytes than 256', 3, 0],
  ['more bytes than 256', 4, 7],
  ['more bytes than 65,535', 300, 200],
])(
  'the root of receipts is that of the Yellow Paper where they have logs: %s',
  async (_, count, bytes) => {
    const logs = Array.from({ length: count }, (__, index) => log(index, bytes));
    const receipts = [receipt(logs), receipt(logs.slice(1), '0x0')];
    const root = await rootOf(receipts);
    expect(await compareWithRoot(receipts, root)).toBe('equal');
    const other = [receipt(logs), receipt([...logs, log(7, 1)], '0x0')];
    expect(await compareWithRoot(other, root)).toBe('different');
  },
);
