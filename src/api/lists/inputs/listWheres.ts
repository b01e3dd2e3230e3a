import type { HolderValues } from '../../../store/read/holders/holderScope.js';
import type { AigcTokenFields } from '../aigcTokens.js';
import {
  AddressComparison,
  BigIntComparison,
  BooleanComparison,
  DateTimeComparison,
  SafeIntComparison,
  SaleKindComparison,
  StringComparison,
} from '../engine/comparisons.js';
import { whereInput } from '../engine/whereInput.js';
import type { ParticipationFields } from './listFields.js';

const bigint = (description: string) => ({ type: BigIntComparison, description });
const int = (description: string) => ({ type: SafeIntComparison, description });
const _text = (description: string) => ({ type: StringComparison, description });
const yesNo = (description: string) => ({ type: BooleanComparison, description });
const address = (description: string) => ({ type: AddressComparison, description });
const time = (description: string) => ({ type: DateTimeComparison, description });
const chainId = int('EIP-155 chain id.');
const _startBlock = int('First indexed block.');

export const HolderWhere = whereInput<HolderValues>('Holder', 'holders', {
  address: address('The holder.'),
  balance: bigint('Balance in token units.'),
  claimableWei: bigint('Claimable of all open snapshots, in wei; computed for all holders.'),
  claimedWei: bigint('Claimed so far, in wei.'),
  redeemedWei: bigint('Paid for burned tokens so far, in wei.'),
});

export const AigcTokenWhere = whereInput<AigcTokenFields>('AigcToken', 'tokens of collections', {
  chainId,
  collection: address('The collection.'),
  tokenId: bigint('The id of the token.'),
  firstMintedBlock: int('Block of its first mint.'),
  firstMintedAt: time('Time of its first mint.'),
  owner: address('Who owns it; no value if it is burned.'),
  isPromptKnown: yesNo('Whether its prompt was found on the chain.'),
  modelId: bigint('The model that made its content.'),
  oracle: address('The contract whose request its content answers.'),
  writer: address('Who called the collection to write its content.'),
});

export const ParticipationWhere = whereInput<ParticipationFields>(
  'Participation',
  'participations',
  {
    chainId,
    sale: address('The sale.'),
    token: address('The token sold.'),
    saleKind: { type: SaleKindComparison, description: 'What the sale works like.' },
    participant: address('The account, even if another account acted for it.'),
    deposited: bigint('Paid in by deposits and purchases, raise units.'),
    claimed: bigint('Token units paid out to it.'),
    refunded: bigint('Paid back to it as refunds, raise units.'),
    sold: bigint('Token units that it sold back to the sale.'),
    proceeds: bigint('What it was paid for those, raise units.'),
  },
);
