import type { Address } from '../../../address.js';
import type { ParticipationValues } from '../../../store/read/sales/participationPage.js';

/** The fields that participations can be filtered by. */
export interface ParticipationFields extends ParticipationValues {
  readonly chainId: number;
  readonly sale: Address;
  readonly token: Address;
  readonly saleKind: string;
}
