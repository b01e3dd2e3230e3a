import { encodeRlp, type RlpStructuredDataish, toBeArray } from 'ethers';
import { z } from 'zod';
import { loadKeccak256 } from '../../proofs/keccak.js';

const keccak256 = await loadKeccak256();

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const header = z.looseObject({
  hash: hex,
  parentHash: hex,
  sha3Uncles: hex,
  miner: hex,
  stateRoot: hex,
  transactionsRoot: hex,
  receiptsRoot: hex,
  logsBloom: hex,
  difficulty: hex,
  number: hex,
  gasLimit: hex,
  gasUsed: hex,
  timestamp: hex,
  extraData: hex,
  mixHash: hex,
  nonce: hex,
  baseFeePerGas: hex.nullish(),
  withdrawalsRoot: hex.nullish(),
  blobGasUsed: hex.nullish(),
  excessBlobGas: hex.nullish(),
  parentBeaconBlockRoot: hex.nullish(),
  requestsHash: hex.nullish(),
});

/** What the fields of an Ethereum block are called; others belong to another kind of chain. */
const ETHEREUM_FIELDS = new Set([
  ...Object.keys(header.shape),
  'size',
  'totalDifficulty',
  'transactions',
  'uncles',
  'withdrawals',
]);

/**
 * Holds the hash of a block against the fields of its header (Yellow Paper, 4.3; EIP-1559, 4895,
 * 4844, 4788, 7685). `unknown`: the chain has fields of its own, or one is missing.
 */
export function compareHeader(block: object): 'equal' | 'different' | 'unknown' {
  const parsed = header.safeParse(block);
  if (!parsed.success) return 'unknown';
  const { hash } = parsed.data;
  if (hashOf(parsed.data) === hash.toLowerCase()) return 'equal';
  return Object.keys(block).every((field) => ETHEREUM_FIELDS.has(field)) ? 'different' : 'unknown';
}

function hashOf(fields: z.infer<typeof header>): string {
  const list: RlpStructuredDataish[] = [
    fields.parentHash,
    fields.sha3Uncles,
    fields.miner,
    fields.stateRoot,
    fields.transactionsRoot,
    fields.receiptsRoot,
    fields.logsBloom,
    toBeArray(fields.difficulty),
    toBeArray(fields.number),
    toBeArray(fields.gasLimit),
    toBeArray(fields.gasUsed),
    toBeArray(fields.timestamp),
    fields.extraData,
    fields.mixHash,
    fields.nonce,
  ];
  // Each fork adds to the end.
  const { baseFeePerGas, withdrawalsRoot, blobGasUsed, excessBlobGas } = fields;
  const added = [
    quantity(baseFeePerGas),
    withdrawalsRoot,
    quantity(blobGasUsed),
    quantity(excessBlobGas),
    fields.parentBeaconBlockRoot,
    fields.requestsHash,
  ];
  for (const value of added) {
    if (value === undefined || value === null) break;
    list.push(value);
  }
  const bytes = keccak256(Buffer.from(encodeRlp(list).slice(2), 'hex'));
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

function quantity(value: string | null | undefined): Uint8Array | null {
  return value === undefined || value === null ? null : toBeArray(value);
}
