import type { Address } from '../../address.js';
import type { ChainNode } from '../node.js';

/**
 * What an account has for code. `delegation`: an account of a person that lends it the code of a contract
 * (EIP-7702); its key still signs for it.
 */
export type AccountCode = 'none' | 'delegation' | 'contract';

/** Accounts that one call reads: 10 kB of call data, 1.3 million gas. */
export const ACCOUNTS_AT_ONCE = 500;

const ANSWERS: readonly AccountCode[] = ['none', 'contract', 'delegation'];

/** Marks the code of an account that delegates to the address behind it. */
const DELEGATION = '0xef0100';

/** An address at which nothing is deployed, and at which the call pretends that the reader is. */
const READER: Address = '0x0000000000000000000000000000007641c0de00';

/**
 * For each 20 bytes of call data, returns a byte: 0 for an account without code, 1 for one with code, 2 for
 * code of 23 bytes that begins with 0xef0100. In words: a loop over EXTCODESIZE, and EXTCODECOPY of three
 * bytes where the size is 23.
 */
const READER_CODE =
  '0x60005b8060140280361160115750' + // the loop: until all call data are read
  '6000f3' + // returns one byte for each account
  '5b3560601c803b80151590601714602c57' + // whether the account has code, and 23 bytes of it
  '5b8253506001016002565b' + // stores the byte, and goes to the next account
  '6003600061800084' + // copies the first three bytes of the code
  '3c6180005160e81c62ef01001401602256'; // adds 1 where they mark a delegation

/**
 * Reads the code of accounts at the end of a block, in their order: in one call where an endpoint
 * lets a call pretend that a contract is deployed (state override), else account by account.
 *
 * @param accounts at most `ACCOUNTS_AT_ONCE`
 * @throws ImoError `RPC_…` where no endpoint has the state of the block
 */
export async function readAccountCodes(
  node: ChainNode,
  accounts: readonly Address[],
  block: { readonly hash: string },
): Promise<AccountCode[]> {
  return (await readAtOnce(node, accounts, block)) ?? readOneByOne(node, accounts, block);
}

/** `null` where no endpoint serves such a call, or the answer does not fit the question. */
async function readAtOnce(
  node: ChainNode,
  accounts: readonly Address[],
  block: { readonly hash: string },
): Promise<AccountCode[] | null> {
  // The reader has code itself: an answer that does not say so is not its own.
  const asked = [...accounts, READER];
  const data = `0x${asked.map((account) => account.slice(2)).join('')}`;
  const state = { [READER]: { code: READER_CODE } };
  const answer = await node.viewWithState(READER, data, block, state);
  if (answer === null) return null;
  const bytes = Buffer.from(answer.slice(2), 'hex');
  if (bytes.length !== asked.length || bytes.at(-1) !== 1) return null;
  const codes = [...bytes.subarray(0, -1)].flatMap((byte) => ANSWERS[byte] ?? []);
  return codes.length === accounts.length ? codes : null;
}

function readOneByOne(
  node: ChainNode,
  accounts: readonly Address[],
  block: { readonly hash: string },
): Promise<AccountCode[]> {
  return Promise.all(accounts.map(async (account) => codeOf(await node.code(account, block))));
}

function codeOf(code: string): AccountCode {
  if (code === '0x') return 'none';
  return code.length === 48 && code.startsWith(DELEGATION) ? 'delegation' : 'contract';
}
