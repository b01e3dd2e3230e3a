import { createHash } from 'node:crypto';
import type { Hex } from '../read/query/decode.js';
import type { BlockPart, HashedBlock } from './blockParts.js';

/**
 * The hash of a chain before its first block with operations. It names the version of the rules.
 */
export function genesisHash(chainId: number): Hex {
  return sha256(`imo-ledger 2\nchain ${chainId}\n`);
}

/**
 * Returns the ledger hash after a block: SHA-256 over the previous hash, the block, and one line
 * for each of its parts, with the lines sorted byte by byte. `null` if nothing is booked in the
 * block: the hash does not change. Layout: docs/proofs.md.
 */
export function hashAfter(
  before: Hex,
  { number, hash, timestampMs, parts }: HashedBlock,
): Hex | null {
  if (parts.length === 0) return null;
  const lines = parts.map(lineOf).sort();
  return sha256(`${[before, `block ${number} ${hash} ${timestampMs}`, ...lines].join('\n')}\n`);
}

function lineOf({ table, contract, asset, rows, digest }: BlockPart): string {
  return `${table} ${contract} ${asset ?? 'native'} ${rows} ${digest}`;
}

function sha256(text: string): Hex {
  return `0x${createHash('sha256').update(text).digest('hex')}`;
}
