import { id } from 'ethers';
import { functions } from '../abi/erc7641.js';
import type { Address } from '../address.js';
import { ImoError } from '../errors.js';
import type { ChainNode } from './node.js';

/** Which code runs when a token is called, by one of two ways to find out. */
export interface CodePath {
  /** `calls`: the contracts that a view calls; `slots`: the usual slots of a proxy, and its beacon. */
  readonly by: 'calls' | 'slots';
  readonly value: string;
}

const slotOf = (name: string) => BigInt(id(name));
/** EIP-1967: the code, and the beacon that names it. */
const IMPLEMENTATION = slotOf('eip1967.proxy.implementation') - 1n;
const BEACON = slotOf('eip1967.proxy.beacon') - 1n;
/** EIP-1822, and the first proxies of OpenZeppelin. */
const OLDER = [slotOf('PROXIABLE'), slotOf('org.zeppelinos.proxy.implementation')];
const SLOTS = [IMPLEMENTATION, BEACON, ...OLDER];
const BEACON_VIEW = id('implementation()').slice(0, 10);

const VIEW = functions.totalSupply.encode({});

const FIRST_PUSH = 0x60;
const LAST_PUSH = 0x7f;
const DELEGATING = new Set([0xf2, 0xf4]);

/** Whether a contract may run the code of another one in its own storage. */
export function delegates(code: string): boolean {
  const bytes = Buffer.from(code.slice(2), 'hex');
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at] ?? 0;
    if (DELEGATING.has(opcode)) return true;
    if (opcode >= FIRST_PUSH && opcode <= LAST_PUSH) at += opcode - FIRST_PUSH + 1;
  }
  return false;
}

/**
 * Reads which code tokens run at the end of a block, in their order. No event is needed to notice that
 * it changed: a beacon logs that at its own address, and older proxies do not log it at all.
 *
 * @returns `null` where the node does not say it
 */
export async function readCodePaths(
  node: ChainNode,
  tokens: readonly Address[],
  block: number,
): Promise<(CodePath | null)[]> {
  if (tokens.length === 0) return [];
  const calls = tokens.map((to) => ({ to, data: VIEW }));
  const called = await node.calledContracts(calls, block);
  const paths: (CodePath | null)[] = [];
  for (const [index, token] of tokens.entries()) {
    const contracts = called[index] ?? null;
    paths.push(
      contracts === null
        ? await slotPath(node, token, block)
        : { by: 'calls', value: contracts.join() },
    );
  }
  return paths;
}

async function slotPath(node: ChainNode, address: Address, block: number) {
  try {
    const words = await node.storageWords(
      SLOTS.map((slot) => ({ address, slot })),
      block,
    );
    const beacon = words[SLOTS.indexOf(BEACON)] ?? 0n;
    const named = beacon === 0n ? null : await node.view(addressOf(beacon), BEACON_VIEW, block);
    return { by: 'slots', value: [...words, named].join() } as const;
  } catch (error) {
    const isWithoutState =
      error instanceof ImoError && ['RPC_REFUSED', 'RPC_METHOD_MISSING'].includes(error.code);
    if (isWithoutState) return null;
    throw error;
  }
}

function addressOf(word: bigint): Address {
  return `0x${word.toString(16).padStart(40, '0').slice(-40)}`;
}

/** A path with a block at whose end the token had it. */
export interface SeenPath extends CodePath {
  readonly block: number;
}

/**
 * Finds by bisection in which blocks a token came to run other code, ascending. What was changed back in
 * between may be missed. Blocks of which the node does not say it count as unchanged.
 */
export async function codeChanges(
  node: ChainNode,
  token: Address,
  from: SeenPath,
  to: SeenPath,
): Promise<number[]> {
  if (from.value === to.value) return [];
  if (to.block - from.block <= 1) return [to.block];
  const block = Math.floor((from.block + to.block) / 2);
  const [path = null] = await readCodePaths(node, [token], block);
  const middle = { ...(path?.by === from.by ? path : from), block };
  return [
    ...(await codeChanges(node, token, from, middle)),
    ...(await codeChanges(node, token, middle, to)),
  ];
}
