import { z } from 'zod';
import type { Address } from '../../../src/address.js';
import { BATCH_CONTRACT_CODE } from '../../../src/audit/questions/batchContract.js';
import { EMPTY_ROOT } from '../../../src/chain/rpc/blocks/orderedTrie.js';
import { loadKeccak256 } from '../../../src/proofs/keccak.js';
import type { GeneratedChain } from '../chain/chain.js';
import { timeOf } from '../chain/chain.js';
import { type ModelContract, NotModelledError } from '../chain/contract.js';
import { quantity, word, ZERO_ADDRESS } from '../hex.js';
import { Revert } from '../token/rules.js';
import { aggregate } from './aggregate.js';
import { stateHeight } from './blocks.js';
import { INVALID_PARAMS, RpcFault, SERVER_ERROR } from './fault.js';
import { revertData } from './revertData.js';

const keccak256 = await loadKeccak256();
const NO_CODE_HASH = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470';
/** Accounts without code have all the money that they need. */
const ACCOUNT_WEI = 10n ** 24n;

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text.toLowerCase() as Address);
const amount = hex.transform((text) => BigInt(text));
const callFields = z.object({
  from: address.default(ZERO_ADDRESS),
  to: address,
  value: amount.default(0n),
  data: hex.optional(),
  input: hex.optional(),
});
const overrides = z.record(
  address,
  z.strictObject({ balance: amount.optional(), code: hex.optional() }),
);

/** The contract of an address at the end of a block. */
function contractAt(
  chain: GeneratedChain,
  asked: unknown,
  tag: unknown,
): { readonly contract: ModelContract | null; readonly height: number; readonly at: Address } {
  const height = stateHeight(chain, tag);
  const parsed = address.safeParse(asked);
  if (!parsed.success) throw new RpcFault(INVALID_PARAMS, `${String(asked)} is not an address`);
  const known = chain.contracts.get(parsed.data);
  const contract = known !== undefined && known.createdIn <= height ? known : null;
  return { contract, height, at: parsed.data };
}

export function codeAnswer(chain: GeneratedChain, [asked, tag]: readonly unknown[]): string {
  return contractAt(chain, asked, tag).contract?.code ?? '0x';
}

export function balanceAnswer(chain: GeneratedChain, [asked, tag]: readonly unknown[]): string {
  const { contract, height, at } = contractAt(chain, asked, tag);
  // A contract has nothing before its creation.
  const otherwise = chain.contracts.has(at) ? 0n : ACCOUNT_WEI;
  return quantity(contract?.balanceAt(height) ?? otherwise);
}

export function storageAnswer(
  chain: GeneratedChain,
  [asked, slot, tag]: readonly unknown[],
): string {
  const { contract, height } = contractAt(chain, asked, tag);
  const parsed = amount.safeParse(slot);
  if (!parsed.success) throw new RpcFault(INVALID_PARAMS, `${String(slot)} is not a slot`);
  if (contract === null) return word(0);
  return unlessNotModelled(() => word(contract.storageWordAt(height, parsed.data)));
}

/** Balance and storage hash are those of the model; the nodes of the tries are left out. */
export function proofAnswer(chain: GeneratedChain, [asked, slots, tag]: readonly unknown[]) {
  if (!Array.isArray(slots) || slots.length > 0) {
    throw new RpcFault(INVALID_PARAMS, 'proofs of storage slots are not served');
  }
  const { contract, height, at } = contractAt(chain, asked, tag);
  return {
    address: at,
    accountProof: [],
    balance: balanceAnswer(chain, [at, tag]),
    codeHash: contract === null ? NO_CODE_HASH : codeHashOf(contract),
    nonce: contract === null ? '0x0' : '0x1',
    storageHash: contract?.storageHashAt(height) ?? EMPTY_ROOT,
    storageProof: [],
  };
}

/** `eth_call`, with other balances, or with our batch contract in place of an account. */
export function callAnswer(chain: GeneratedChain, [call, tag, state]: readonly unknown[]): string {
  const fields = callFields.safeParse(call);
  if (!fields.success) throw new RpcFault(INVALID_PARAMS, 'invalid argument 0: not a call');
  const { from, to, value: valueWei, data, input = data ?? '0x' } = fields.data;
  const { contract, height } = contractAt(chain, to, tag);
  const changed = overrideOf(to, state);
  if (changed?.code !== undefined) {
    if (changed.code !== BATCH_CONTRACT_CODE) {
      throw new RpcFault(SERVER_ERROR, 'this code is not modelled');
    }
    return unlessNotModelled(() => aggregate(chain, height, input));
  }
  if (contract === null) return '0x';
  const trial = contract.trialAt(height);
  trial.balanceWei = changed?.balance ?? trial.balanceWei;
  const asked = { from, valueWei, data: input, time: timeOf(height) };
  return unlessNotModelled(() => trial.execute(asked).output);
}

/** What the state of a call has differently at an address. @throws RpcFault for what is not served */
function overrideOf(of: Address, state: unknown) {
  if (state === undefined) return undefined;
  const changed = overrides.safeParse(state);
  if (changed.success) return changed.data[of];
  throw new RpcFault(SERVER_ERROR, 'only balances and code can be overridden');
}

/** @throws RpcFault as a node answers a revert, or for what nobody has modelled */
function unlessNotModelled<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotModelledError) {
      throw new RpcFault(SERVER_ERROR, `not modelled: ${error.message}`);
    }
    if (error instanceof Revert) throw revertFault(error);
    throw error;
  }
}

function revertFault(revert: Revert): RpcFault {
  const { reason } = revert;
  const text = typeof reason === 'number' ? ': panic' : reason === '' ? '' : `: ${reason}`;
  return new RpcFault(3, `execution reverted${text}`, revertData(revert));
}

const codeHashes = new Map<string, string>();

function codeHashOf({ code }: ModelContract): string {
  const known = codeHashes.get(code);
  if (known !== undefined) return known;
  const bytes = Buffer.from(code.slice(2), 'hex');
  const hash = `0x${Buffer.from(keccak256(bytes)).toString('hex')}`;
  codeHashes.set(code, hash);
  return hash;
}
