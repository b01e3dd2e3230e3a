import { rootOfList, toBytes } from '../../../src/chain/rpc/blocks/orderedTrie.js';
import { bytesOf, rlp, rlpList } from '../../../src/chain/rpc/blocks/rlp.js';
import { wordOf } from '../../../src/chain/rpc/connection/words.js';
import { type EmittedLog, type Frame, framesOf, logsOf } from './frame.js';

const BLOOM_BYTES = 256;
const FEE_MARKET_TYPE = 2;
const GAS_OF_TRANSACTION = 21_000;
const GAS_OF_LOG = 30_000;
const GAS_OF_FRAME = 40_000;

/** What the execution of a transaction left behind. */
export interface Receipt {
  readonly logs: readonly EmittedLog[];
  readonly gasUsed: number;
  readonly bloom: Buffer;
}

export function receiptOf(frame: Frame): Receipt {
  const logs = logsOf(frame);
  const bloom = Buffer.alloc(BLOOM_BYTES);
  for (const { address, topics } of logs) for (const text of [address, ...topics]) add(bloom, text);
  return { logs, gasUsed: gasOf(frame, logs.length), bloom };
}

function gasOf(frame: Frame, logs: number): number {
  return GAS_OF_TRANSACTION + GAS_OF_LOG * logs + GAS_OF_FRAME * (framesOf(frame).length - 1);
}

export function unionOf(blooms: readonly Buffer[]): Buffer {
  const union = Buffer.alloc(BLOOM_BYTES);
  for (const bloom of blooms) {
    for (let at = 0; at < BLOOM_BYTES; at++) union[at] = (union[at] ?? 0) | (bloom[at] ?? 0);
  }
  return union;
}

/** `receiptsRoot` of a block with these receipts. */
export function receiptsRootOf(receipts: readonly Receipt[]): string {
  let gas = 0;
  return rootOfList(
    receipts.map(({ logs, gasUsed, bloom }) => {
      gas += gasUsed;
      const fields = [Uint8Array.of(1), rlp(toBytes(gas)), rlp(bloom), rlpList(logs.map(encoded))];
      return Buffer.concat([Uint8Array.of(FEE_MARKET_TYPE), rlpList(fields)]);
    }),
  );
}

/** In one piece, because most of the work of a generation is here. */
function encoded({ address, topics, data }: EmittedLog): Uint8Array {
  const topicList = topics.map((topic) => `a0${topic.slice(2)}`).join('');
  const fields = `94${address.slice(2)}${listStart(topicList)}${topicList}`;
  // The logs of the modelled contracts hold one word.
  if (data.length !== 66) return rlpList([Buffer.from(fields, 'hex'), rlp(bytesOf(data))]);
  const payload = `${fields}a0${data.slice(2)}`;
  return Buffer.from(listStart(payload) + payload, 'hex');
}

/** The prefix of a list of less than 256 bytes. */
function listStart(payload: string): string {
  const size = payload.length / 2;
  if (size < 56) return (0xc0 + size).toString(16);
  return `f8${size.toString(16).padStart(2, '0')}`;
}

function add(bloom: Buffer, text: string): void {
  const word = wordOf(text);
  if (word === null) throw new TypeError(`${text} is not hex`);
  for (const [at, mask] of [
    [word.byte0, word.mask0],
    [word.byte1, word.mask1],
    [word.byte2, word.mask2],
  ] as const) {
    bloom[at] = (bloom[at] ?? 0) | mask;
  }
}
