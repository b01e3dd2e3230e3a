import type { Address } from '../../src/address.js';

/** A quantity as JSON-RPC writes it. */
export function quantity(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

/** 32 bytes. */
export function word(value: number | bigint): string {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

/** An address in 32 bytes, as topics and arguments hold it. */
export function addressWord(address: string): string {
  return `0x${address.slice(2).padStart(64, '0')}`;
}

/** An argument of a call. @returns `null` where the call data end before it */
export function argument(data: string, index: number): bigint | null {
  const hex = data.slice(10 + 64 * index, 74 + 64 * index);
  return hex.length === 64 ? BigInt(`0x${hex}`) : null;
}

export function addressOf(value: bigint): Address {
  return `0x${value.toString(16).padStart(40, '0').slice(-40)}`;
}

/** Selector and arguments of a call. */
export function callData(selector: string, ...words: readonly string[]): string {
  return selector + words.map((text) => text.slice(2)).join('');
}

export const ZERO_ADDRESS: Address = `0x${'0'.repeat(40)}`;
