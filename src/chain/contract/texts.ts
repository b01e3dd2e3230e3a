import { getBytes, toUtf8String } from 'ethers';
import type { Address } from '../../address.js';
import type { ChainNode } from '../node.js';

const MAX_TEXT_LENGTH = 128;

/** A name or symbol as a view answers it: `string`, or `bytes32` as some old tokens have it; cleaned for storing. */
export function textOf(answer: string): string | null {
  const bytes = getBytes(answer);
  const content = bytes.length === 32 ? bytes : stringContent(bytes);
  if (content === null) return null;
  const clean = toUtf8String(content.subarray(0, 4 * MAX_TEXT_LENGTH), () => 0)
    // Without control characters of ASCII: they are what is left of it.
    .replace(/[^ -~\u0080-\uffff]/g, '');
  // Whole characters: half of one would be no text.
  const text = [...clean].slice(0, MAX_TEXT_LENGTH).join('').trim();
  return text === '' ? null : text;
}

/** The bytes of an ABI-encoded `string`, or `null` if it is not one. */
function stringContent(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length < 64) return null;
  const word = (at: number) =>
    BigInt(`0x${Buffer.from(bytes.subarray(at, at + 32)).toString('hex')}`);
  const offset = word(0);
  if (offset !== 32n) return null;
  const length = word(32);
  if (length > BigInt(bytes.length - 64)) return null;
  return bytes.subarray(64, 64 + Number(length));
}

/** A name or symbol of a contract, cleaned for storing. */
export async function readText(
  node: ChainNode,
  address: Address,
  selector: string,
  block: number,
): Promise<string | null> {
  const answer = await node.view(address, selector, block);
  return answer === null ? null : textOf(answer);
}
