import { toBeArray } from 'ethers';
import { z } from 'zod';
import { loadKeccak256 } from '../../../proofs/keccak.js';
import { bytesOf, rlp, rlpList } from '../../rpc/blocks/rlp.js';

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
  const list = [
    fields.parentHash,
    fields.sha3Uncles,
    fields.miner,
    fields.stateRoot,
    fields.transactionsRoot,
    fields.receiptsRoot,
    fields.logsBloom,
  ].map(bytesOf);
  const { difficulty, number, gasLimit, gasUsed, timestamp } = fields;
  list.push(...[difficulty, number, gasLimit, gasUsed, timestamp].map((value) => toBeArray(value)));
  list.push(...[fields.extraData, fields.mixHash, fields.nonce].map(bytesOf));
  // Each fork adds to the end.
  const { baseFeePerGas, withdrawalsRoot, blobGasUsed, excessBlobGas } = fields;
  const added = [
    mapped(baseFeePerGas, toBeArray),
    mapped(withdrawalsRoot, bytesOf),
    mapped(blobGasUsed, toBeArray),
    mapped(excessBlobGas, toBeArray),
    mapped(fields.parentBeaconBlockRoot, bytesOf),
    mapped(fields.requestsHash, bytesOf),
  ];
  for (const value of added) {
    if (value === null) break;
    list.push(value);
  }
  return `0x${Buffer.from(keccak256(rlpList(list.map(rlp)))).toString('hex')}`;
}

function mapped(
  value: string | null | undefined,
  toBytes: (value: string) => Uint8Array,
): Uint8Array | null {
  return value === undefined || value === null ? null : toBytes(value);
}
