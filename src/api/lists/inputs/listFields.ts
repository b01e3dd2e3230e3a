import type { Address } from '../../../address.js';
import type { ParticipationValues } from '../../../store/read/sales/participationPage.js';

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
