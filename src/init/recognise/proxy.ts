import { id } from 'ethers';
import { type Address, checksummed } from '../../address.js';
import { delegates } from '../../chain/contract/codePath.js';
import type { Subject } from '../node/subject.js';

const slotOf = (name: string) => BigInt(id(name)) - 1n;
/** EIP-1967: the code, and the beacon that names it. */
const IMPLEMENTATION = slotOf('eip1967.proxy.implementation');
const BEACON = slotOf('eip1967.proxy.beacon');
/** ERC-1167: a clone with the address of its code inside of its own. */
const CLONE = /^0x363d3d373d3d3d363d(73)?([0-9a-f]{40})5af43d82803e903d91602b57fd5bf3$/;

/** Says, in words, whether another contract's code runs at an address. */
export async function proxyText({ node, head }: Subject, address: Address): Promise<string> {
  const code = await node.code(address, head);
  const clone = CLONE.exec(code)?.[2];
  if (clone !== undefined) return `a clone (ERC-1167) of ${checksummed(`0x${clone}`)}`;
  const [implementation = 0n, beacon = 0n] = await node.storageWords(
    [IMPLEMENTATION, BEACON].map((slot) => ({ address, slot })),
    head,
  );
  if (implementation !== 0n)
    return `behind a proxy (EIP-1967); its code is at ${at(implementation)}`;
  if (beacon !== 0n) return `behind a proxy (EIP-1967); the beacon ${at(beacon)} names its code`;
  return delegates(code)
    ? 'no known proxy, but its code can run the code of other contracts'
    : 'not behind a proxy';
}

function at(word: bigint): string {
  return checksummed(`0x${word.toString(16).padStart(40, '0').slice(-40)}`);
}
