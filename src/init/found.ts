import type { Address } from '../address.js';

/** The lists of a chain in imo.yaml that name contracts. */
export const CONTRACT_LISTS = ['tokens', 'oracles', 'collections', 'sales', 'lookThrough'] as const;

export type ContractList = (typeof CONTRACT_LISTS)[number];

/** A contract for the manifest. */
export interface Found {
  readonly list: ContractList;
  readonly address: Address;
  /** What only seems so is written as a comment. */
  readonly isCertain: boolean;
  /** Keys of its entry after `address`, in their order. */
  readonly keys: Readonly<Record<string, FoundValue>>;
  /** Why it is there and what it is, a line each. */
  readonly comments: readonly string[];
}

export type FoundValue = string | number | readonly string[] | FoundObject;

/** A value with keys of its own, on several lines. */
export interface FoundObject {
  readonly [key: string]: Readonly<Record<string, string>>;
}
