import type { Address } from '../../../address.js';
import { NATIVE_DECIMALS, nativeSymbol } from '../../../books/nativeCoins.js';
import type { PersonRevenue, TokenMovementKind } from '../../../ledger/persons/netting.js';
import type { Shares } from '../../../ledger/pools/split.js';
import type { NoPrice } from '../../../ledger/price.js';
import type { CostBasis, Participation, SaleEntryKind } from '../../../ledger/sales/sale.js';
import type { RevenueStanding } from '../../../ledger/statement.js';
import type { ContractTerms } from '../../../ledger/terms.js';
import type { Hex } from '../../../store/read/query/decode.js';
import type { SaleRecord } from '../../../store/read/sales/sales.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';

/** Where on its chain something happened. */
export interface StatementPlace {
  readonly block: number;
  readonly timestamp: Date;
  /** `null` for money that no transaction brought. */
  readonly transactionHash: Hex | null;
  readonly transactionIndex: number | null;
  /** Place among the operations of the block, in execution order. */
  readonly position: number;
}

/** From the end of one block of a chain to the end of another one. */
export interface ChainPeriod {
  readonly chainId: number;
  /** The last block before the period; -1: it begins with the chain. */
  readonly openingBlock: number;
  readonly openingTime: Date | null;
  readonly closingBlock: number;
  readonly closingTime: Date | null;
  /**
   * The newest block of the period that is kept, with its hash: nothing was booked between it and the
   * closing. `null`: nothing is booked.
   */
  readonly booked: { readonly block: number; readonly hash: Hex } | null;
}

/** What a line was worth at its time, exact, and by which round (docs/prices.md). */
export interface Worth {
  readonly amount: string;
  /** Of one whole unit. */
  readonly price: string;
  /** The aggregator's number of the round. */
  readonly roundId: bigint;
}

/** Why the worth of a line is not known. */
export interface UnknownWorth {
  readonly reason: NoPrice;
  readonly chainId: number;
  /** What moved: `null` for the chain's own coin, or an ERC-20, as the token itself. */
  readonly asset: Address | null;
  readonly symbol: string | null;
  /** The feed whose newest round is not a price; `null`: no feed is at fault. */
  readonly feed: { readonly asset: string; readonly currency: string } | null;
}

/** Every line: its worth, or why that is not known. Both are `null` where it has none, or nobody asks. */
export interface Valued {
  readonly value: Worth | null;
  readonly noPrice: UnknownWorth | null;
}

/** Tokens that came or went. */
export interface TokenMovement extends Valued {
  readonly kind: TokenMovementKind;
  readonly place: StatementPlace;
  /** Which of the accounts; the sender where tokens moved between two of them. */
  readonly account: Address;
  /** Who sent or got them; the zero address for mints and burns. */
  readonly counterparty: Address;
  /** Its label, else that of its contract; `null`: it has none. */
  readonly counterpartyLabel: string | null;
  /** Signed, in token units. */
  readonly change: bigint;
}

/** What revenue is in: the chain's own coin or an ERC-20. */
export interface StatedAsset {
  /** `null`: the chain's own coin. */
  readonly address: Address | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
}

/** The chain's own coin. */
export function coinOf(chainId: number): StatedAsset {
  return { address: null, symbol: nativeSymbol(chainId), decimals: NATIVE_DECIMALS };
}

/** A holder's revenue of one token in one asset. */
export interface RevenueStatement {
  readonly asset: StatedAsset;
  readonly opening: RevenueStanding;
  readonly movements: readonly (PersonRevenue<Address, StatementPlace> & Valued)[];
  readonly closing: RevenueStanding;
}

/** A holder's tokens and revenue of one token. */
export interface TokenStatement {
  readonly token: TokenRecord;
  /** At the closing. */
  readonly terms: ContractTerms;
  readonly opening: bigint;
  readonly movements: readonly TokenMovement[];
  readonly closing: bigint;
  /** The chain's own coin first. */
  readonly revenue: readonly RevenueStatement[];
}

/** What a holder did in a sale. */
export interface StatedSaleMovement extends Valued {
  readonly kind: SaleEntryKind;
  readonly place: StatementPlace;
  /** Which of the accounts. */
  readonly account: Address;
  readonly raiseAmount: bigint;
  readonly tokenAmount: bigint;
}

/** A holder's part in one sale. */
export interface SaleStatement {
  readonly sale: SaleRecord;
  /** How amounts of the raise asset and of the token are shown. */
  readonly raise: StatedAsset;
  readonly token: StatedAsset;
  readonly opening: Participation;
  readonly movements: readonly StatedSaleMovement[];
  readonly closing: Participation;
  /** What was paid for what was got, by the end of the period. */
  readonly costBasis: CostBasis;
}

/** What the accounts are owed through a pool, or pools one behind the other, at the closing (docs/pools.md). */
export interface StatedThrough extends Shares {
  readonly token: TokenRecord;
  readonly asset: StatedAsset;
  /** The pool that holds the token first; the accounts are depositors of the last. */
  readonly path: readonly { readonly address: Address }[];
  readonly accruing: bigint;
  readonly claimable: bigint;
  readonly claimed: bigint;
  readonly expired: bigint;
  /** Snapshots at which the shares are not known: nothing of them is in the figures. */
  readonly unknownSnapshots: readonly number[];
}

/** Books that end before the period does: they are held, or archived. */
export interface StatedEnd {
  readonly chainId: number;
  readonly address: Address;
  readonly kind: 'token' | 'sale';
  /** Figures are those of the end of this block. */
  readonly lastBlock: number;
  /** `archived`, or the code of the error that ended them. */
  readonly why: string;
}

/** Everything that an account, or several of one person, had, got and gave in a period. It adds up. */
export interface Statement {
  /** One at least; what moved between them is netted. */
  readonly accounts: readonly Address[];
  /** The currency of values; `null`: the statement has none. */
  readonly currency: string | null;
  readonly periods: readonly ChainPeriod[];
  readonly tokens: readonly TokenStatement[];
  readonly sales: readonly SaleStatement[];
  /** Not part of the figures of the tokens. */
  readonly through: readonly StatedThrough[];
  /** Of these tokens and sales. */
  readonly ended: readonly StatedEnd[];
}

/** Equal for the same place of one chain. */
export function placeName({ block, position }: StatementPlace): string {
  return `${block} ${position}`;
}

/** For Array.sort: in the order of the chain; what has no place comes last. */
export function byPlace(
  one: { place: StatementPlace | null },
  other: { place: StatementPlace | null },
): number {
  if (one.place === null || other.place === null) {
    return Number(one.place === null) - Number(other.place === null);
  }
  return one.place.block - other.place.block || one.place.position - other.place.position;
}
