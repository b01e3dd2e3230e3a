import { id } from 'ethers';
import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import type { ChainNode } from '../node.js';
import { unlessWithoutState } from '../withoutState.js';

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
  const withoutCalls = tokens.filter((_, index) => called[index] == null);
  const bySlots = await unlessWithoutState(() => slotPaths(node, withoutCalls, block));
  return called.map((contracts) =>
    contracts === null ? (bySlots?.shift() ?? null) : { by: 'calls', value: contracts.join() },
  );
}

/** Reads all slots in one batch, and the code that the beacons name in another. */
async function slotPaths(
  node: ChainNode,
  tokens: readonly Address[],
  block: number,
): Promise<CodePath[]> {
  if (tokens.length === 0) return [];
  const questions = tokens.flatMap((address) => SLOTS.map((slot) => ({ address, slot })));
  const words = await node.storageWords(questions, block);
  const ofToken = tokens.map((_, index) =>
    words.slice(index * SLOTS.length, (index + 1) * SLOTS.length),
  );
  const beacons = ofToken.map((of) => of[SLOTS.indexOf(BEACON)] ?? 0n);
  const calls = beacons.flatMap((beacon) =>
    beacon === 0n ? [] : [{ to: addressOf(beacon), data: BEACON_VIEW }],
  );
  const named = calls.length === 0 ? [] : await node.views(calls, block);
  return ofToken.map((of, index) => {
    const code = beacons[index] === 0n ? null : (named.shift() ?? null);
    return { by: 'slots', value: [...of, code].join() };
  });
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
