import type { Address } from '../../../address.js';
import type { JournalValues } from '../../../store/read/journal/journal.js';
import type { OracleRequestValues } from '../../../store/read/oracles/oracleRequests.js';
import type { ResultValues } from '../../../store/read/oracles/oracleResults.js';
import type { PriceRoundValues } from '../../../store/read/prices/prices.js';
import type { ParticipationValues } from '../../../store/read/sales/participationPage.js';
import type { SaleEntryValues } from '../../../store/read/sales/saleEntries.js';

/** What sales can be narrowed by. */
export interface SaleFields {
  readonly chainId: number;
  readonly address: Address;
  readonly kind: string;
  readonly label: string | null;
  readonly token: Address;
  readonly raiseAsset: Address | null;
  readonly target: bigint | null;
  readonly tokensForSale: bigint | null;
  readonly startsAtSeconds: bigint | null;
  readonly endsAtSeconds: bigint | null;
  readonly startBlock: number;
  readonly state: string;
  readonly raised: bigint;
  readonly refunded: bigint;
  readonly claimed: bigint;
  readonly sold: bigint;
  readonly proceeds: bigint;
  readonly participantCount: number;
}

/** What participations can be narrowed by. */
export interface ParticipationFields extends ParticipationValues {
  readonly chainId: number;
  readonly sale: Address;
  readonly token: Address;
  readonly saleKind: string;
}

export interface SaleOwnerValues {
  readonly sale: Address;
  readonly token: Address;
  readonly saleKind: string;
}

/** What entries of sales can be narrowed by. */
export type SaleEntryFields = SaleEntryValues & SaleOwnerValues;

export interface JournalOwnerValues {
  readonly contract: Address;
  readonly contractKind: string;
}

/** What the journal can be narrowed by. */
export type JournalFields = JournalValues & JournalOwnerValues;

export interface OracleValues {
  readonly oracle: Address;
}

/** What requests and results can be narrowed by. */
export type RequestFields = OracleRequestValues & OracleValues;

export type ResultFields = ResultValues & OracleValues;

/** What models can be narrowed by. */
export interface ModelFields {
  readonly chainId: number;
  readonly oracle: Address;
  readonly modelId: bigint;
  readonly exists: boolean;
  readonly fee: bigint;
  readonly paymentToken: Address | null;
  readonly receiver: Address;
  readonly receiverPercentage: number;
  readonly accrued: bigint;
}

export interface FeedValues {
  readonly asset: string;
  readonly currency: string;
  readonly aggregator: Address;
}

/** What rounds of price feeds can be narrowed by. */
export type PriceFields = PriceRoundValues & FeedValues;
