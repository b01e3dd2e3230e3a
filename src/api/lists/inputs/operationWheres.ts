import {
  AddressComparison,
  AssetComparison,
  BigIntComparison,
  BooleanComparison,
  Bytes4Comparison,
  Bytes32Comparison,
  CollectionPartComparison,
  DateTimeComparison,
  DecimalComparison,
  IncomeSourceComparison,
  JournalContractComparison,
  JournalKindComparison,
  ReceiptKindComparison,
  SafeIntComparison,
  SaleEntryKindComparison,
  SaleKindComparison,
  StringComparison,
  UntracedCauseComparison,
} from '../engine/comparisons.js';
import { whereInput } from '../engine/whereInput.js';
import type { MintFields } from '../mints.js';
import type {
  ClaimFields,
  ReceiptFields,
  RedemptionFields,
  TransferFields,
} from '../revenueOperations.js';
import type {
  JournalFields,
  PriceFields,
  RequestFields,
  ResultFields,
  SaleEntryFields,
} from './listFields.js';

const chainId = { type: SafeIntComparison, description: 'EIP-155 chain id.' };
const OPERATION = {
  chainId,
  block: { type: SafeIntComparison, description: 'Block number.' },
  timestamp: { type: DateTimeComparison, description: 'Time of the block.' },
  transactionHash: {
    type: Bytes32Comparison,
    description: 'Its transaction. There is no index by it: give block or time if you know it.',
  },
};
const OF_TOKEN = { ...OPERATION, token: { type: AddressComparison, description: 'The token.' } };
const amountWei = {
  type: BigIntComparison,
  description: 'Amount in wei, or in the smallest unit of filter.asset.',
};

export const ReceiptWhere = whereInput<ReceiptFields>('Receipt', 'receipts', {
  ...OF_TOKEN,
  payer: { type: AddressComparison, description: 'Who sent it.' },
  amountWei,
  kind: { type: ReceiptKindComparison, description: 'How it came.' },
  selector: { type: Bytes4Comparison, description: 'First four bytes of the call data.' },
  source: { type: IncomeSourceComparison, description: 'Where the money came from.' },
  sourceAddress: {
    type: AddressComparison,
    description: 'The contract or labelled address on its way.',
  },
  modelId: { type: BigIntComparison, description: 'The model whose revenue was paid out.' },
  collectionPart: { type: CollectionPartComparison, description: 'Of a collection: what of it.' },
  cause: { type: UntracedCauseComparison, description: 'What brought an untraced receipt.' },
  isProvisional: {
    type: BooleanComparison,
    description: 'Whether it is untraced and its block is not final.',
  },
});

export const ClaimWhere = whereInput<ClaimFields>('Claim', 'claims', {
  ...OF_TOKEN,
  holder: { type: AddressComparison, description: 'Who claimed and was paid.' },
  snapshotId: { type: SafeIntComparison, description: 'The snapshot.' },
  amountWei,
  snapshotClaimedWei: {
    type: BigIntComparison,
    description: 'Claimed of the snapshot by all holders, this claim included, in wei.',
  },
});

export const RedemptionWhere = whereInput<RedemptionFields>('Redemption', 'redemptions', {
  ...OF_TOKEN,
  holder: { type: AddressComparison, description: 'Who burned and was paid.' },
  burned: { type: BigIntComparison, description: 'Tokens burned, in token units.' },
  amountWei,
  fromNewWei: { type: BigIntComparison, description: 'The part from new revenue, in wei.' },
  fromPoolWei: { type: BigIntComparison, description: 'The part from the redeem pool, in wei.' },
});

export const TransferWhere = whereInput<TransferFields>('Transfer', 'transfers', {
  ...OF_TOKEN,
  from: { type: AddressComparison, description: 'Sender; the zero address: mints.' },
  to: { type: AddressComparison, description: 'Recipient; the zero address: burns.' },
  amount: { type: BigIntComparison, description: 'Amount in token units.' },
});

export const JournalWhere = whereInput<JournalFields>('Journal', 'entries', {
  ...OPERATION,
  contract: { type: AddressComparison, description: 'The contract in whose journal it is.' },
  contractKind: { type: JournalContractComparison, description: 'What that contract is.' },
  kind: { type: JournalKindComparison, description: 'What moved it.' },
  asset: { type: AssetComparison, description: 'What amounts are in.' },
  holder: { type: AddressComparison, description: 'Who was paid; in a sale also who paid in.' },
  amountWei: { type: BigIntComparison, description: 'What was moved, in wei.' },
});

const oracle = { type: AddressComparison, description: 'The oracle.' };
const requestId = { type: BigIntComparison, description: "The oracle's own id." };

export const RequestWhere = whereInput<RequestFields>('Request', 'requests', {
  ...OPERATION,
  oracle,
  requestId,
  modelId: { type: BigIntComparison, description: 'The model that was asked.' },
  account: { type: AddressComparison, description: 'Who asked: the caller of the oracle.' },
  payer: { type: AddressComparison, description: 'Who signed the transaction.' },
  batchSize: { type: BigIntComparison, description: 'Number of inferences.' },
  paymentToken: {
    type: AddressComparison,
    description: "The ERC-20 that the fee was paid in; no value for the chain's own coin.",
  },
  fee: { type: BigIntComparison, description: 'Fee charged, in the smallest unit of the asset.' },
  receiverPart: { type: BigIntComparison, description: "The receiver's part of the fee." },
  protocolPart: { type: BigIntComparison, description: "The protocol's part of the fee." },
  valueWei: { type: BigIntComparison, description: 'Wei sent with the request.' },
  gasLimit: { type: BigIntComparison, description: "Gas that the result's callback may use." },
  gasPartWei: { type: BigIntComparison, description: 'Gas price times gasLimit, in wei.' },
  overpaymentWei: { type: BigIntComparison, description: 'Wei sent beyond fee and gas.' },
  callbackContract: { type: AddressComparison, description: 'Who is called with the result.' },
});

export const ResultWhere = whereInput<ResultFields>('Result', 'results', {
  ...OPERATION,
  oracle,
  requestId,
  isUpdate: { type: BooleanComparison, description: 'Whether it is an update after a challenge.' },
  account: { type: AddressComparison, description: 'Who had asked, where the event says so.' },
  invoker: { type: AddressComparison, description: 'Who delivered it.' },
});

export const MintWhere = whereInput<MintFields>('Mint', 'mints', {
  ...OPERATION,
  collection: { type: AddressComparison, description: 'The collection.' },
  payer: { type: AddressComparison, description: 'Who called the collection.' },
  sender: { type: AddressComparison, description: 'Who signed the transaction.' },
  paidWei: { type: BigIntComparison, description: 'Came in with the call, in wei.' },
  mintCount: { type: BigIntComparison, description: 'Tokens that it minted.' },
  selector: { type: Bytes4Comparison, description: 'First four bytes of the call data.' },
  revenueWei: {
    type: BigIntComparison,
    description: 'Reached revenue tokens inside the call, in wei.',
  },
});

export const SaleEntryWhere = whereInput<SaleEntryFields>('SaleEntry', 'entries of sales', {
  ...OPERATION,
  sale: { type: AddressComparison, description: 'The sale.' },
  token: { type: AddressComparison, description: 'The token sold.' },
  saleKind: { type: SaleKindComparison, description: 'What the sale works like.' },
  kind: { type: SaleEntryKindComparison, description: 'What it is.' },
  participant: { type: AddressComparison, description: 'Whose money or tokens it is.' },
  caller: { type: AddressComparison, description: 'Who called the sale.' },
  raiseAmount: { type: BigIntComparison, description: 'Units of the raise asset.' },
  tokenAmount: { type: BigIntComparison, description: 'Token units.' },
});

export const PriceWhere = whereInput<PriceFields>('Price', 'rounds of price feeds', {
  ...OPERATION,
  asset: { type: AssetComparison, description: 'What is priced.' },
  currency: { type: StringComparison, description: 'Code of the currency.' },
  aggregator: { type: AddressComparison, description: 'The aggregator, which logs the rounds.' },
  roundId: { type: BigIntComparison, description: "The aggregator's number of the round." },
  answer: { type: DecimalComparison, description: 'As received: a whole number.' },
  price: {
    type: DecimalComparison,
    description: 'Price of one whole unit of the asset; no value where the answer is none.',
  },
  updatedAt: { type: DateTimeComparison, description: 'When the round says that it was made.' },
});
