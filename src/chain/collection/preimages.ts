import { keccak256 } from 'ethers';
import * as erc7007 from '../../abi/erc7007.js';
import * as firstDraft from '../../abi/erc7007FirstDraft.js';
import * as secondDraft from '../../abi/erc7007SecondDraft.js';
import type { Address } from '../../address.js';
import { type Frame, selectorOf, type TransactionRecord } from '../reading/tree/frames.js';

/**
 * How many bytes are hashed at most while looking for the contents of one transaction in
 * call data of unknown functions. Call data of honest transactions needs a few times its
 * own length; a content that is not found is kept as unknown, with its hash.
 */
const MAX_SEARCHED_BYTES = 64 * 1024 * 1024;

const EMPTY_HASH = keccak256('0x');

/** Prompt and content in the arguments of the functions that ERC-7007 names. */
const KNOWN_FUNCTIONS = [
  erc7007.functions.addAigcData,
  erc7007.functions.update,
  firstDraft.functions.mint,
  secondDraft.functions.mint,
] as const;

/**
 * The prompts and contents in calls of ERC-7007's functions to a collection, by whatever
 * contract: hex by keccak-256. They may belong to a log of a later transaction.
 */
export function knownArguments(
  record: TransactionRecord,
  collection: Address,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const frame of record.frames) {
    if (frame.reverted || frame.kind !== 'call') continue;
    if (frame.to !== collection && frame.from !== collection) continue;
    for (const bytes of argumentsOf(frame.input)) found.set(keccak256(bytes), bytes);
  }
  return found;
}

function argumentsOf(input: string): string[] {
  const selector = selectorOf(input);
  const known = KNOWN_FUNCTIONS.find((candidate) => candidate.selector === selector);
  if (known === undefined) return [];
  try {
    const { prompt, aigcData } = known.decode(input);
    return [prompt, aigcData];
  } catch {
    // A contract with a function of its own may share the selector.
    return [];
  }
}

/**
 * Looks for the preimages of hashes in the call data of a transaction, whatever functions
 * were called: an ABI encoding puts the length of bytes or text into the word before them,
 * so each word that can be a length names a candidate, and only a matching keccak-256 counts.
 *
 * @returns hex by keccak-256; hashes without a preimage are left out.
 */
export function searchPreimages(
  record: TransactionRecord,
  wanted: ReadonlySet<string>,
): Map<string, string> {
  const found = new Map<string, string>();
  if (wanted.has(EMPTY_HASH)) found.set(EMPTY_HASH, '0x');
  let budget = MAX_SEARCHED_BYTES;
  for (const input of inputsOf(record)) {
    const bytes = Buffer.from(input.slice(2), 'hex');
    // Arguments begin behind the selector.
    for (let word = 4; word + 32 <= bytes.length; word += 32) {
      if (found.size === wanted.size || budget <= 0) return found;
      const candidate = bytesAt(bytes, word);
      if (candidate === null) continue;
      budget -= candidate.length;
      const hash = keccak256(candidate);
      if (wanted.has(hash)) found.set(hash, `0x${candidate.toString('hex')}`);
    }
  }
  return found;
}

/** The bytes whose length the word at `start` would be, if it can be one. */
function bytesAt(input: Buffer, start: number): Buffer | null {
  const content = start + 32;
  for (let high = start; high < start + 28; high++) if (input[high] !== 0) return null;
  const length = input.readUInt32BE(start + 28);
  if (length === 0 || length > input.length - content) return null;
  return input.subarray(content, content + length);
}

/** All call data of the transaction, outer calls included; the shortest first, as it is searched fastest. */
function inputsOf(record: TransactionRecord): Set<string> {
  const frames = new Set<Frame>();
  for (const frame of record.frames) {
    for (let at: Frame | null = frame; at !== null; at = at.parent) frames.add(at);
  }
  return new Set([...frames].map(({ input }) => input).sort((a, b) => a.length - b.length));
}
