import { rootOfList } from './orderedTrie.js';
import { bytesOf, evenDigits, quantityDigits, rlpDigits, rlpListDigits } from './rlp.js';

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
  if (rootOfList(receipts.map(encode)) === receiptsRoot.toLowerCase()) return 'equal';
  return receipts.every(isOfEthereum) ? 'different' : 'unknown';
}

function encode(receipt: RootedReceipt): Uint8Array {
  const { root, status = '0x0', cumulativeGasUsed, logsBloom, logs } = receipt;
  const fields = [
    rlpDigits(root === undefined ? quantityDigits(status) : root.slice(2)),
    rlpDigits(quantityDigits(cumulativeGasUsed)),
    rlpDigits(logsBloom.slice(2)),
    rlpListDigits(logs.map(rlpLog).join('')),
  ];
  const type = typeOf(receipt);
  const { depositNonce, depositReceiptVersion } = receipt;
  // Since Canyon; before it, the root was that of receipts without them.
  if (type === DEPOSIT_TYPE && depositNonce !== undefined && depositReceiptVersion !== undefined) {
    fields.push(rlpDigits(quantityDigits(depositNonce)));
    fields.push(rlpDigits(quantityDigits(depositReceiptVersion)));
  }
  const payload = rlpListDigits(fields.join(''));
  return bytesOf(`0x${type === 0 ? '' : evenDigits(type.toString(16))}${payload}`);
}

function rlpLog({ address, topics, data }: RootedReceipt['logs'][number]): string {
  const topicList = topics.map((topic) => rlpDigits(topic.slice(2))).join('');
  return rlpListDigits(
    rlpDigits(address.slice(2)) + rlpListDigits(topicList) + rlpDigits(data.slice(2)),
  );
}

function isOfEthereum(receipt: RootedReceipt): boolean {
  const isPlain = Object.keys(receipt).every((field) => ETHEREUM_FIELDS.has(field));
  // Transactions without gas are a chain's own bookkeeping, and may be outside of the root.
  return isPlain && typeOf(receipt) <= ETHEREUM_TYPES && BigInt(receipt.gasUsed) > 0n;
}

function typeOf({ type }: RootedReceipt): number {
  return Number(type ?? '0x0');
}
