import { keccak256 } from 'ethers';
import * as erc7007 from '../../abi/erc7007.js';
import type { Address } from '../../address.js';
import { matchesId } from '../../ledger/collection.js';
import type { ChainNode } from '../node.js';
import type { CollectionOperation, DataWritten } from './operation.js';

/** What the views of a collection return for a prompt and a content, at the end of a block. */
export interface ContractAnswer {
  /** `prompt(id)` is this prompt; `null`: the view is missing, or was not asked. */
  readonly matchesView: boolean | null;
  /** What `verify` says; `null`: it reverts or is missing, or was not asked. */
  readonly isVerified: boolean | null;
}

export type ContractAnswers = ReadonlyMap<DataWritten, ContractAnswer>;

export const NOTHING_ASKED: ContractAnswer = { matchesView: null, isVerified: null };

/**
 * Prompt, content and proof that `verify` is asked about at most, in bytes together: nodes limit
 * what a call may bring. What is longer is not asked about.
 */
export const MAX_VERIFIED_BYTES = 131_072;

/**
 * Asks a collection about everything that a block wrote into it: `prompt(id)`, unless the prompt
 * is the preimage of the id, and `verify(prompt, aigcData, proof)` where the transaction shows
 * the bytes.
 *
 * @param blockHash asks for the state at the end of this block
 * @throws ImoError of `ChainNode`: a node without that state never counts as a revert
 */
export async function askContract(
  node: ChainNode,
  collection: Address,
  operations: readonly CollectionOperation[],
  blockHash: string,
): Promise<ContractAnswers> {
  const writes = operations.filter((operation) => operation.kind === 'data');
  if (writes.length === 0) return new Map();
  const bytes = bytesByHash(operations);
  const calls: { readonly write: DataWritten; readonly view: 'prompt' | 'verify'; data: string }[] =
    [];
  for (const write of writes) {
    const { tokenId, prompt } = write;
    if (!matchesId({ tokenId, promptHash: prompt.hash })) {
      calls.push({ write, view: 'prompt', data: erc7007.functions.prompt.encode({ tokenId }) });
    }
    const data = verifyCall(write, bytes);
    if (data !== null) calls.push({ write, view: 'verify', data });
  }
  const answers = await node.views(
    calls.map(({ data }) => ({ to: collection, data })),
    { hash: blockHash },
  );
  const found = new Map<DataWritten, ContractAnswer>();
  calls.forEach(({ write, view }, index) => {
    const answer = answers[index] ?? null;
    const known = found.get(write) ?? NOTHING_ASKED;
    found.set(
      write,
      view === 'prompt'
        ? { ...known, matchesView: isPrompt(answer, write.prompt.hash) }
        : { ...known, isVerified: truthOf(answer) },
    );
  });
  return found;
}

/** Every prompt and content that the transactions of the operations show. */
function bytesByHash(operations: readonly CollectionOperation[]): ReadonlyMap<string, string> {
  return new Map(
    operations.flatMap((operation) =>
      operation.kind === 'content' ? [[operation.hash, operation.bytes] as const] : [],
    ),
  );
}

function verifyCall(
  { prompt, aigcData, proof }: DataWritten,
  bytes: ReadonlyMap<string, string>,
): string | null {
  const shown = { prompt: bytes.get(prompt.hash), aigcData: bytes.get(aigcData.hash) };
  if (proof === null || shown.prompt === undefined || shown.aigcData === undefined) return null;
  return encodeVerify(shown.prompt, shown.aigcData, proof);
}

/** Call data of `verify`; `null` where it would be longer than nodes take. */
export function encodeVerify(prompt: string, aigcData: string, proof: string): string | null {
  const hexDigits = prompt.length + aigcData.length + proof.length;
  if (hexDigits > 2 * MAX_VERIFIED_BYTES) return null;
  return erc7007.functions.verify.encode({ prompt, aigcData, proof });
}

function isPrompt(answer: string | null, hash: string): boolean | null {
  const said = hashOfPrompt(answer);
  return said === null ? null : said === hash;
}

/** keccak-256 of the bytes or text that `prompt(id)` answers; `null`: it is not an answer. */
export function hashOfPrompt(answer: string | null): string | null {
  if (answer === null) return null;
  try {
    const said = erc7007.functions.prompt.decodeResult(answer);
    // The getter of a mapping answers nothing for what it does not hold.
    return said === '0x' ? null : keccak256(said);
  } catch {
    // A function of this name may answer with something else.
    return null;
  }
}

/** A word that is 0 or 1; `null` for anything else. */
export function truthOf(answer: string | null): boolean | null {
  if (answer === null || answer.length !== 66) return null;
  const word = BigInt(answer);
  return word > 1n ? null : word === 1n;
}
