import type { PolicyParts } from './parts.js';
import type { ShareRules } from './policy.js';
import type { StorageLayout } from './storage.js';

/**
 * All that the program knows of one family of contracts. A new policy is one file with an object of this
 * type and its line in `known/list.ts`: detection, the config, the API, the audit and docs/policies.md
 * follow from them.
 */
export interface PolicyRules {
  readonly name: string;
  /** What it is, in a few words: for the API. */
  readonly text: string;
  /** How a contract is recognised, for docs/policies.md. */
  readonly recognised: string;
  /**
   * `getters`: only this family is published with these getters. `behaviour`: others have the
   * same ones, so it takes more than getters to recognise it.
   */
  readonly recognisedBy: 'getters' | 'behaviour';
  readonly parts: PolicyParts;
  /** Rules that no parts say; `null`: there are none. */
  readonly own: OwnRules | null;
  /** Where its contracts keep their private pools; `null`: that is not known. */
  readonly storage: StorageLayout | null;
}

/** A number that a family has in addition to the terms of all. It is fixed: a contract that changes it is held. */
export interface OwnNumber {
  /**
   * The getter that says it, as a Solidity signature without arguments. A policy that does not name it
   * does not fit a contract that has it.
   */
  readonly getter: string;
  /** Above it, the contract is not of this family. */
  readonly highest: bigint;
}

/** Rules of one family alone. */
export interface OwnRules {
  readonly numbers: Readonly<Record<string, OwnNumber>>;
  /** What differs from the rules that the parts give. */
  shares(numbers: Readonly<Record<string, bigint>>, byParts: ShareRules): Partial<ShareRules>;
}

/** Own rules that have the number of each getter by its name. */
export function ownRules<const Name extends string>(
  numbers: Readonly<Record<Name, OwnNumber>>,
  shares: (numbers: Readonly<Record<Name, bigint>>, byParts: ShareRules) => Partial<ShareRules>,
): OwnRules {
  return { numbers, shares };
}
