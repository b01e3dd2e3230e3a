import type { HolderValues } from '../../../store/read/holders/holderScope.js';
import type {
  ModelChangeValues,
  ModelPayoutValues,
} from '../../../store/read/oracles/modelHistory.js';
import type { SnapshotValues } from '../../../store/read/tokens/snapshotPage.js';
import type { AccountFields } from '../accounts.js';
import type { AigcTokenFields } from '../aigcTokens.js';
import type { CollectionFields } from '../collections.js';
import {
  AddressComparison,
  AssetComparison,
  BigIntComparison,
  BooleanComparison,
  Bytes32Comparison,
  DateTimeComparison,
  ModelChangeKindComparison,
  PayoutCauseComparison,
  SafeIntComparison,
  SaleKindComparison,
  SaleStateComparison,
  StringComparison,
} from '../engine/comparisons.js';
import { whereInput } from '../engine/whereInput.js';
import type { TokenFields } from '../tokens.js';
import type { ModelFields, ParticipationFields, SaleFields } from './listFields.js';

const bigint = (description: string) => ({ type: BigIntComparison, description });
const int = (description: string) => ({ type: SafeIntComparison, description });
const text = (description: string) => ({ type: StringComparison, description });
const yesNo = (description: string) => ({ type: BooleanComparison, description });
const address = (description: string) => ({ type: AddressComparison, description });
const time = (description: string) => ({ type: DateTimeComparison, description });
const chainId = int('EIP-155 chain id.');
const startBlock = int('First indexed block.');

export const TokenWhere = whereInput<TokenFields>('Token', 'tokens', {
  chainId,
  address: address('The contract of the token.'),
  name: text('name(), if the contract has it.'),
  symbol: text('As the field `symbol` shows it.'),
  decimals: int('decimals(), if the contract has it.'),
  startBlock,
  policy: text('How it shares its revenue: the name of the policy.'),
  percentClaimable: int('Percent of new revenue that a snapshot assigns to holders.'),
  balanceWei: bigint("The contract's ETH balance, in wei."),
  receivedWei: bigint('Revenue received since the deployment, in wei.'),
  claimedWei: bigint('Claimed by all holders since the deployment, in wei.'),
  redeemedWei: bigint('Paid for burned tokens since the deployment, in wei.'),
  supply: bigint('Total supply in token units.'),
  lastSnapshotId: int('The newest snapshot; 0 before the first.'),
});

export const SnapshotWhere = whereInput<SnapshotValues>('Snapshot', 'snapshots', {
  snapshotId: int('The id of the snapshot.'),
  block: int('Block in which it was taken.'),
  timestamp: time('When it was taken.'),
  transactionHash: { type: Bytes32Comparison, description: 'Its transaction.' },
  newRevenueWei: bigint('New revenue that it covered, in wei.'),
  claimableWei: bigint('Assigned to holders, in wei.'),
  freshWei: bigint('The part of that from new revenue, in wei.'),
  rolledOverWei: bigint('The part of that from an earlier snapshot, in wei.'),
  redeemableAddedWei: bigint('What the redeem pool gained, in wei.'),
  claimedWei: bigint('Claimed of it by all holders so far, in wei.'),
  supply: bigint('Total supply when it was taken, in token units.'),
});

export const HolderWhere = whereInput<HolderValues>('Holder', 'holders', {
  address: address('The holder.'),
  balance: bigint('Balance in token units.'),
  claimableWei: bigint('Claimable of all open snapshots, in wei; computed for all holders.'),
  claimedWei: bigint('Claimed so far, in wei.'),
  redeemedWei: bigint('Paid for burned tokens so far, in wei.'),
});

export const ModelWhere = whereInput<ModelFields>('Model', 'models', {
  chainId,
  oracle: address('The oracle that serves it.'),
  modelId: bigint('Its id at the oracle.'),
  exists: yesNo('Whether the oracle serves it.'),
  fee: bigint('Fee for one inference, in the smallest unit of the asset.'),
  paymentToken: address("The ERC-20 it is paid in; no value for the chain's own coin."),
  receiver: address("Who is paid the model's part of the fees."),
  receiverPercentage: int("The receiver's part of the fees in percent."),
  accrued: bigint('Owed to the receiver and not paid out.'),
});

export const CollectionWhere = whereInput<CollectionFields>('Collection', 'collections', {
  chainId,
  address: address('The contract of the collection.'),
  label: text('Its name in imo.yaml, if it has one.'),
  name: text('name(), if the contract has it.'),
  symbol: text('As the field `symbol` shows it.'),
  startBlock,
  isErc7007: yesNo('Whether it says that it is an ERC-7007 collection.'),
  isEnumerable: yesNo("Whether it says that it has ERC-7007's enumeration."),
  isUpdatable: yesNo('Whether it says that its content can be updated.'),
  supply: bigint('Tokens that exist.'),
  minted: bigint('Tokens minted since the deployment.'),
  burned: bigint('Tokens burned since the deployment.'),
  paidWei: bigint('Came in with the calls that minted, in wei.'),
  revenueWei: bigint('Reached revenue tokens inside those calls, in wei.'),
  besideRevenueWei: bigint('Reached revenue tokens outside those calls, in wei.'),
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

export const SaleWhere = whereInput<SaleFields>('Sale', 'sales', {
  chainId,
  address: address('The contract of the sale.'),
  kind: { type: SaleKindComparison, description: 'What it works like.' },
  label: text('Its name in imo.yaml, if it has one.'),
  token: address('The token sold.'),
  raiseAsset: address("The ERC-20 raised; no value for the chain's own coin."),
  target: bigint('What must be raised for a success.'),
  tokensForSale: bigint('Token units that a success shares out.'),
  startsAtSeconds: bigint('First second in which it takes deposits, unix time.'),
  endsAtSeconds: bigint('First second in which it takes none any more, unix time.'),
  startBlock,
  state: { type: SaleStateComparison, description: 'How far it is.' },
  raised: bigint('Paid in, refunded or not, raise units.'),
  refunded: bigint('Paid back as refunds, raise units.'),
  claimed: bigint('Token units paid out to participants.'),
  sold: bigint('Token units sold back to the sale.'),
  proceeds: bigint('What it paid for those, raise units.'),
  participantCount: int('Accounts that took part by then.'),
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

export const AccountWhere = whereInput<AccountFields>('Account', 'accounts', {
  asset: { type: AssetComparison, description: 'What amounts are in.' },
  account: text('Its name; docs/accounting.md has the chart.'),
  held: yesNo('Whether the contract holds its money.'),
  volumeInWei: bigint('All that it gained, in wei.'),
  volumeOutWei: bigint('All that it gave, in wei.'),
  balanceWei: bigint('The difference, in wei.'),
});

const EVENT = {
  block: int('Block number.'),
  timestamp: time('Time of the block.'),
  transactionHash: { type: Bytes32Comparison, description: 'Its transaction.' },
};

export const ModelChangeWhere = whereInput<ModelChangeValues>('ModelChange', 'changes of terms', {
  ...EVENT,
  kind: { type: ModelChangeKindComparison, description: 'What changed them.' },
});

export const ModelPayoutWhere = whereInput<ModelPayoutValues>('ModelPayout', 'payouts', {
  ...EVENT,
  cause: { type: PayoutCauseComparison, description: 'What made the oracle pay.' },
  caller: address('Who called the oracle.'),
  receiver: address('Who was paid.'),
  paymentToken: address("The ERC-20 it is paid in; no value for the chain's own coin."),
  amount: bigint('What was paid, in the smallest unit of the asset.'),
});
