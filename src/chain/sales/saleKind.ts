import type { CustomSale } from '../../config/sales/customSale.js';
import type { Participation, SaleState, SaleTerms } from '../../ledger/sales/sale.js';
import type { SaleAdapter, SaleContract } from './adapter.js';

/**
 * All that the program knows of one kind of sale. A new kind is one file with an object of this type,
 * its name in `src/ledger/sales/saleKinds.ts` and its line in `registry.ts`: the API, the audit, the
 * exports and docs/sales.md follow from them.
 */
export interface SaleRules {
  /** What it works like, as a sentence: the text of its value in the API. */
  readonly text: string;
  /** What its entries are read from, for docs/sales.md. */
  readonly readFrom: string;
  /** Who says the raise asset, the token and the terms, for docs/sales.md. */
  readonly termsFrom: string;
  /** `null`: the config says the raise asset, and there is no rule that shares tokens out. */
  readonly terms: TermsByGetters | null;
  /** What its contracts can be asked about the books; `null`: nobody knows. */
  readonly views: SaleViews | null;
  /** @param described the config of a custom sale; other kinds need none. */
  adapter(sale: SaleContract, described: CustomSale): SaleAdapter;
}

/** A getter without arguments that answers one word. */
export interface SaleGetter {
  readonly signature: string;
  readonly selector: string;
}

/** Terms that do not change, and the window for deposits in unix seconds. */
export interface FixedTerms {
  readonly terms: SaleTerms;
  /** `null` where there is no window that we know. */
  readonly startsAt: bigint | null;
  readonly endsAt: bigint | null;
}

/** The terms of a sale without a rule that shares tokens out. */
export const NO_FIXED_TERMS: FixedTerms = { terms: null, startsAt: null, endsAt: null };

/** Terms that the contract says. It is of another kind if it lacks one of the getters. */
export interface TermsByGetters {
  readonly getters: Readonly<Record<string, SaleGetter>> & Readonly<Record<Exchanged, SaleGetter>>;
  termsOf(answers: Readonly<Record<string, bigint>>): FixedTerms;
}

type Exchanged = 'token' | 'raiseAsset';

/** Terms by getters, with a rule that has the answer of each by its name. */
export function termsByGetters<const Name extends string>(
  getters: Readonly<Record<Exchanged | Name, SaleGetter>>,
  termsOf: (answers: Readonly<Record<Name, bigint>>) => FixedTerms = () => NO_FIXED_TERMS,
): TermsByGetters {
  return { getters, termsOf };
}

/** The figures of a sale at the end of a block, by the books. */
export interface SaleFigures {
  readonly terms: SaleTerms;
  readonly state: SaleState;
  /** Accounts that had an entry by then. */
  readonly participants: number;
}

/** A view of a sale, and what the books say in its place. */
export interface SaleView {
  /** Without arguments, as a Solidity signature. */
  readonly signature: string;
  ours(sale: SaleFigures): bigint;
}

/** A view of what one account did, with its address as the only argument. */
export interface ParticipantView {
  readonly signature: string;
  ours(of: Participation, sale: SaleFigures): bigint;
}

/** What the contracts of one kind of sale can be asked. */
export interface SaleViews {
  readonly sale: readonly SaleView[];
  readonly participant: readonly ParticipantView[];
}
