import { keccak_256 } from '@noble/hashes/sha3';
import { entitlementLeaf, NODE_BYTES, rootOfProof } from '../../../../src/proofs/leaf.js';

/** What a proof shows, checked here: the server is not asked. */
export type Verdict =
  /** The holder has exactly this share in the tree with the committed root. */
  | { readonly kind: 'proved'; readonly holder: string; readonly share: bigint }
  /** The text is not a proof: `field` is missing, or is not what it should be. */
  | { readonly kind: 'unreadable'; readonly field: string }
  /** It leads to another root than the one that is committed. */
  | { readonly kind: 'wrong'; readonly root: string };

/**
 * Checks a proof of a share, as `entitlementProof` answers it, against a committed root. Leaf and root of the proof
 * itself are computed again, and believed in nothing.
 *
 * @param committed root of the snapshot, from its own list
 */
export function verifyProof(text: string, committed: string): Verdict {
  const given = objectOf(text);
  if (given === null) return { kind: 'unreadable', field: 'JSON' };
  const holder = bytesOf(given.holder, NODE_BYTES - 12);
  if (holder === null) return { kind: 'unreadable', field: 'holder' };
  const share = shareOf(given.shareWei);
  if (share === null) return { kind: 'unreadable', field: 'shareWei' };
  const siblings = siblingsOf(given.proof);
  if (siblings === null) return { kind: 'unreadable', field: 'proof' };
  const root = hexOf(rootOfProof(keccak_256, entitlementLeaf(keccak_256, holder, share), siblings));
  if (root !== committed.toLowerCase()) return { kind: 'wrong', root };
  return { kind: 'proved', holder: String(given.holder), share };
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function shareOf(value: unknown): bigint | null {
  if (typeof value !== 'string' || !/^\d{1,78}$/.test(value)) return null;
  const share = BigInt(value);
  return share < 2n ** 256n ? share : null;
}

/** A tree of a million million leaves has 40 levels. */
const LEVELS_AT_MOST = 64;

function siblingsOf(value: unknown): Uint8Array[] | null {
  if (!Array.isArray(value) || value.length > LEVELS_AT_MOST) return null;
  const siblings = value.map((one) => bytesOf(one, NODE_BYTES));
  return siblings.every((one) => one !== null) ? siblings : null;
}

function bytesOf(value: unknown, length: number): Uint8Array | null {
  if (typeof value !== 'string' || !/^0x[\da-f]*$/i.test(value)) return null;
  if (value.length !== 2 + 2 * length) return null;
  return Uint8Array.from({ length }, (_, at) =>
    Number.parseInt(value.slice(2 + 2 * at, 4 + 2 * at), 16),
  );
}

function hexOf(bytes: Uint8Array): string {
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
