import { createMPT } from '@ethereumjs/mpt';
import { getBytes, toBeArray } from 'ethers';

/** What of a receipt its block commits to, and what tells whether that is all. */
export interface RootedReceipt {
  readonly type?: string | undefined;
  readonly status?: string | undefined;
  /** In place of the status, before Byzantium. */
  readonly root?: string | undefined;
  readonly cumulativeGasUsed: string;
  readonly gasUsed: string;
  readonly logsBloom: string;
  readonly depositNonce?: string | undefined;
  readonly depositReceiptVersion?: string | undefined;
  readonly logs: readonly {
    readonly address: string;
    readonly topics: readonly string[];
    readonly data: string;
  }[];
}

/** What the fields of an Ethereum receipt are called; others belong to another kind of chain. */
const ETHEREUM_FIELDS = new Set([
  'blobGasPrice',
  'blobGasUsed',
  'blockHash',
  'blockNumber',
  'blockTimestamp',
  'contractAddress',
  'cumulativeGasUsed',
  'effectiveGasPrice',
  'from',
  'gasUsed',
  'logs',
  'logsBloom',
  'root',
  'status',
  'timestamp',
  'to',
  'transactionHash',
  'transactionIndex',
  'type',
]);
/** Legacy, and EIP-2930, EIP-1559, EIP-4844, EIP-7702. */
const ETHEREUM_TYPES = 4;
/** Deposits of the OP Stack. */
const DEPOSIT_TYPE = 0x7e;

/**
 * Holds the receipts of a block against the root in its header (Yellow Paper, 4.3.2; EIP-2718).
 * Where they do not agree, and any of them is not as Ethereum has them, it is not known whether
 * the chain only encodes them in its own way.
 */
export async function compareWithRoot(
  receipts: readonly RootedReceipt[],
  receiptsRoot: string,
): Promise<'equal' | 'different' | 'unknown'> {
  const trie = await createMPT();
  for (const [index, receipt] of receipts.entries()) {
    await trie.put(rlp(toBeArray(index)), encode(receipt));
  }
  const root = `0x${Buffer.from(trie.root()).toString('hex')}`;
  if (root === receiptsRoot.toLowerCase()) return 'equal';
  return receipts.every(isOfEthereum) ? 'different' : 'unknown';
}

function encode(receipt: RootedReceipt): Uint8Array {
  const { root, status = '0x0', cumulativeGasUsed, logsBloom, logs } = receipt;
  const encoded = [
    rlp(root === undefined ? toBeArray(status) : bytesOf(root)),
    rlp(toBeArray(cumulativeGasUsed)),
    rlp(bytesOf(logsBloom)),
    rlpList(logs.map(rlpLog)),
  ];
  const type = typeOf(receipt);
  const { depositNonce, depositReceiptVersion } = receipt;
  // Since Canyon; before it, the root was that of receipts without them.
  if (type === DEPOSIT_TYPE && depositNonce !== undefined && depositReceiptVersion !== undefined) {
    encoded.push(rlp(toBeArray(depositNonce)), rlp(toBeArray(depositReceiptVersion)));
  }
  const payload = rlpList(encoded);
  return type === 0 ? payload : Buffer.concat([Uint8Array.of(type), payload]);
}

function rlpLog({ address, topics, data }: RootedReceipt['logs'][number]): Uint8Array {
  const topicList = rlpList(topics.map((topic) => rlp(bytesOf(topic))));
  return rlpList([rlp(bytesOf(address)), topicList, rlp(bytesOf(data))]);
}

/**
 * A byte string (Yellow Paper, appendix B). What ethers does reads each byte by itself, and takes time by
 * the square of the length of a list: a block may have 100,000 logs.
 */
function rlp(bytes: Uint8Array): Uint8Array {
  const [first = 0] = bytes;
  return bytes.length === 1 && first < 0x80 ? bytes : prefixed(0x80, [bytes]);
}

/** A list of encoded items. */
function rlpList(items: readonly Uint8Array[]): Uint8Array {
  return prefixed(0xc0, items);
}

function prefixed(kind: number, parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  if (size < 56) return Buffer.concat([Uint8Array.of(kind + size), ...parts]);
  const length = toBeArray(size);
  return Buffer.concat([Uint8Array.of(kind + 55 + length.length), length, ...parts]);
}

/** @throws TypeError if the text is not hex */
function bytesOf(hex: string): Uint8Array {
  const bytes = Buffer.from(hex.slice(2), 'hex');
  // Node stops at the first character that is not hex.
  return 2 * bytes.length + 2 === hex.length ? bytes : getBytes(hex);
}

function isOfEthereum(receipt: RootedReceipt): boolean {
  const isPlain = Object.keys(receipt).every((field) => ETHEREUM_FIELDS.has(field));
  // Transactions without gas are a chain's own bookkeeping, and may be outside of the root.
  return isPlain && typeOf(receipt) <= ETHEREUM_TYPES && BigInt(receipt.gasUsed) > 0n;
}

function typeOf({ type }: RootedReceipt): number {
  return Number(type ?? '0x0');
}
