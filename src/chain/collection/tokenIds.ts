/** Smaller token ids are counted, not hashed. */
const SMALLEST_HASHED_ID = 1n << 128n;

/**
 * The keccak-256 that a token id may be: by ERC-7007 it is that of the prompt.
 *
 * @returns `null` for an id that is too small for a hash.
 */
export function hashOfId(tokenId: bigint): string | null {
  return tokenId < SMALLEST_HASHED_ID ? null : `0x${tokenId.toString(16).padStart(64, '0')}`;
}
