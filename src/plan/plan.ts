import type { EntryChange, ManifestChanges } from './changes.js';
import type { Manifest } from './manifest.js';

/** Kinds of books that a contract of the config has. */
export type BookKind = 'token' | 'sale' | 'collection' | 'oracle' | 'pool';

/** A contract by its kind of books and its address, in lower case. */
export interface ContractKey {
  readonly kind: BookKind;
  readonly address: string;
}

/** The version of the rows that the program writes, by kind of books. */
export type BookingVersions = Readonly<Record<BookKind, number>>;

/** A contract of the database whose books are live. */
export interface RegisteredContract extends ContractKey {
  readonly startBlock: number;
}

/** What the chain says about a contract with its new config. */
export type EntryFinding =
  | {
      readonly startBlock: number;
      /** Its rows are the same as with the config before. */
      readonly isSame: boolean;
      /** Of a pool: the address of what it holds. */
      readonly holds?: string;
    }
  | { readonly refusal: RefusalText };

export interface RefusalText {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Why the config cannot be applied. Nothing is changed then. */
export interface PlanRefusal extends RefusalText {
  /** Where in the config: a list and the key of an entry. */
  readonly entry: string;
}

/** What is known of the books and the chain when a plan is made. */
export interface PlanFacts {
  /** Height up to which the chain is indexed; `null`: not at all. */
  readonly indexedTo: number | null;
  readonly registered: readonly RegisteredContract[];
  /** The versions that the live books were written by. */
  readonly bookedBy: Partial<BookingVersions>;
  /** Those of this program. */
  readonly versions: BookingVersions;
  /** By `list key`, for every entry that `toExamine` names. */
  readonly findings: ReadonlyMap<string, EntryFinding>;
  /** By address of a changed source: the tokens with a receipt that it paid or passed on. */
  readonly passedOn: ReadonlyMap<string, readonly string[]>;
  /** Of entries that did not change themselves; left out: none is refused. */
  readonly alsoRefused?: readonly PlanRefusal[];
}

/** Why a contract is booked again. */
export type Reason =
  | { readonly because: 'config'; readonly fields: readonly string[] }
  | { readonly because: 'version'; readonly from: number | null; readonly to: number }
  /** Money of the token passed an address whose kind is another now. */
  | { readonly because: 'source'; readonly address: string }
  /** The set of collections is another: royalties and shared mints depend on it. */
  | { readonly because: 'collections' }
  /** A pool is another now: what is behind those that hold its shares depends on it. */
  | { readonly because: 'pools' }
  /** The set of tokens is another: what mints passed on to tokens depends on it. */
  | { readonly because: 'tokens' };

export interface AddedContract extends ContractKey {
  readonly startBlock: number;
  /** Blocks of it are indexed already without it: its history is read first. */
  readonly hasPast: boolean;
}

export interface RebookedContract extends ContractKey {
  readonly startBlock: number;
  readonly reasons: readonly Reason[];
}

/** What a change of the config means for the books of one chain. */
export interface Plan {
  readonly chainId: number;
  /** Nothing of the chain is indexed yet. */
  readonly isFirst: boolean;
  readonly indexedTo: number | null;
  /** What the books become. */
  readonly wanted: Manifest;
  readonly changes: ManifestChanges;
  readonly added: readonly AddedContract[];
  readonly rebooked: readonly RebookedContract[];
  readonly archived: readonly ContractKey[];
  /** Names that show at once. */
  readonly renamed: readonly EntryChange[];
  /** Feeds whose rounds are read again, added or removed. */
  readonly prices: readonly EntryChange[];
  /** Labels that came or went. */
  readonly labels: readonly EntryChange[];
  /** Entries that were changed without a change of rows. */
  readonly unaffected: readonly EntryChange[];
  readonly refused: readonly PlanRefusal[];
}

/** The contracts that join: their history is booked next to the live books. */
export function joiningContracts({ added, rebooked }: Plan): ContractKey[] {
  const contracts = [...added.filter(({ hasPast }) => hasPast), ...rebooked];
  return contracts.map(({ kind, address }) => ({ kind, address }));
}

/** Whether there is nothing to say or to do. */
export function isEmptyPlan({ changes, rebooked, refused }: Plan): boolean {
  const { name, entries } = changes;
  return name === null && entries.length === 0 && rebooked.length === 0 && refused.length === 0;
}
