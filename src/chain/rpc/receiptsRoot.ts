import { createMPT } from '@ethereumjs/mpt';
import { encodeRlp, getBytes, type RlpStructuredDataish, toBeArray } from 'ethers';

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
    await trie.put(getBytes(encodeRlp(toBeArray(index))), getBytes(encode(receipt)));
  }
  const root = `0x${Buffer.from(trie.root()).toString('hex')}`;
  if (root === receiptsRoot.toLowerCase()) return 'equal';
  return receipts.every(isOfEthereum) ? 'different' : 'unknown';
}

function encode(receipt: RootedReceipt): string {
  const { root, status = '0x0', cumulativeGasUsed, logsBloom, logs } = receipt;
  const fields: RlpStructuredDataish[] = [
    root ?? toBeArray(status),
    toBeArray(cumulativeGasUsed),
    logsBloom,
    logs.map(({ address, topics, data }) => [address, [...topics], data]),
  ];
  const type = typeOf(receipt);
  const { depositNonce, depositReceiptVersion } = receipt;
  // Since Canyon; before it, the root was that of receipts without them.
  if (type === DEPOSIT_TYPE && depositNonce !== undefined && depositReceiptVersion !== undefined) {
    fields.push(toBeArray(depositNonce), toBeArray(depositReceiptVersion));
  }
  const payload = encodeRlp(fields);
  return type === 0 ? payload : `0x${type.toString(16).padStart(2, '0')}${payload.slice(2)}`;
}

function isOfEthereum(receipt: RootedReceipt): boolean {
  const isPlain = Object.keys(receipt).every((field) => ETHEREUM_FIELDS.has(field));
  // Transactions without gas are a chain's own bookkeeping, and may be outside of the root.
  return isPlain && typeOf(receipt) <= ETHEREUM_TYPES && BigInt(receipt.gasUsed) > 0n;
}

function typeOf({ type }: RootedReceipt): number {
  return Number(type ?? '0x0');
}
