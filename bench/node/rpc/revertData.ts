import { AbiCoder } from 'ethers';
import { word } from '../hex.js';
import type { Revert } from '../token/rules.js';

const ERROR = '0x08c379a0';
const PANIC = '0x4e487b71';

/** What a call returns that reverts: `Error(string)`, `Panic(uint256)` or nothing. */
export function revertData({ reason }: Revert): string {
  if (reason === '') return '0x';
  if (typeof reason === 'number') return PANIC + word(reason).slice(2);
  return ERROR + AbiCoder.defaultAbiCoder().encode(['string'], [reason]).slice(2);
}
