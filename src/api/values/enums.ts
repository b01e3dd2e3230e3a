import { registerEnumType } from 'type-graphql';
import type { Receipt } from '../../chain/reading/operation.js';
import type { UntracedCause as CauseOfUntraced } from '../../chain/reading/untraced/untracedReceipt.js';
import type {
  CollectionPart as LedgerCollectionPart,
  IncomeSource as LedgerIncomeSource,
  JournalKind as LedgerJournalKind,
} from '../../ledger/journal.js';
import type { IntervalUnit as LedgerIntervalUnit } from '../../ledger/state.js';
import type { TransferKind as KindOfTransfer } from '../../store/read/operations/transfers.js';
import { kindEnum } from './kindEnum.js';

/** GraphQL enums as objects: the name a client writes, and the value we work with. */
type ValueOf<Enum> = Enum[keyof Enum];

export const OrderDirection = { ASC: 'ASC', DESC: 'DESC' } as const;
export type OrderDirection = ValueOf<typeof OrderDirection>;
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which end of a list comes first.',
  valuesConfig: {
    ASC: { description: 'Oldest or smallest first.' },
    DESC: { description: 'Newest or largest first.' },
  },
});

export const IntervalUnit = kindEnum<LedgerIntervalUnit>(
  'IntervalUnit',
  'What the interval between two snapshots is counted in.',
  {
    seconds: 'Seconds of block time.',
    blocks: 'Blocks; on Arbitrum those of Ethereum.',
  },
);
export type IntervalUnit = LedgerIntervalUnit;

export const SnapshotState = { OPEN: 'OPEN', EXPIRED: 'EXPIRED' } as const;
export type SnapshotState = ValueOf<typeof SnapshotState>;
registerEnumType(SnapshotState, {
  name: 'SnapshotState',
  description: 'Whether a snapshot can still be claimed.',
  valuesConfig: {
    OPEN: { description: 'It can be claimed.' },
    EXPIRED: {
      description:
        'It has left the claim window; what was not claimed of it has come back to all holders.',
    },
  },
});

export const SnapshotProof = {
  VIEW: 'VIEW',
  STORAGE: 'STORAGE',
  PAYMENT: 'PAYMENT',
  UNPROVEN: 'UNPROVEN',
} as const;
export type SnapshotProof = ValueOf<typeof SnapshotProof>;
registerEnumType(SnapshotProof, {
  name: 'SnapshotProof',
  description: 'What proved the amount that a snapshot assigned to holders.',
  valuesConfig: {
    VIEW: { description: "The contract's view said the share of a holder that the books say." },
    STORAGE: { description: 'The contract stores the amount as claimable.' },
    PAYMENT: { description: 'A claim of it paid exactly the share that the books say.' },
    UNPROVEN: {
      description:
        'Nothing so far: the node did not keep the state of its block, or no holder was left to ask for.',
    },
  },
});

export const EntitlementState = {
  OPEN: 'OPEN',
  CLAIMED: 'CLAIMED',
  EXPIRED: 'EXPIRED',
  NOTHING: 'NOTHING',
} as const;
export type EntitlementState = ValueOf<typeof EntitlementState>;
registerEnumType(EntitlementState, {
  name: 'EntitlementState',
  description: 'What a snapshot means to one holder.',
  valuesConfig: {
    OPEN: { description: 'The holder has a share and can claim it.' },
    CLAIMED: { description: 'The holder has claimed its share.' },
    EXPIRED: { description: 'The holder had a share and did not claim it in time.' },
    NOTHING: { description: 'The holder has no share of it.' },
  },
});

export const ReceiptKind = kindEnum<Receipt['receiptKind'] | 'untraced'>(
  'ReceiptKind',
  'How money reached a token.',
  {
    call: 'A call with value.',
    creation: 'The creation of the contract, with value.',
    selfdestruct: 'The self-destruct of another contract.',
    transfer: 'The transfer of an ERC-20 that the token shares.',
    untraced:
      'No call or log brought it: a tip to the block producer, a withdrawal, money from before the deployment or acceptance. Found by comparing balances.',
  },
);
export type ReceiptKind = Receipt['receiptKind'] | 'untraced';

export const TransferKind = kindEnum<KindOfTransfer>(
  'TransferKind',
  'What a transfer did to the supply.',
  {
    mint: 'It comes from the zero address: the supply grew.',
    burn: 'It goes to the zero address: the supply shrank.',
    transfer: 'From account to account: the supply stayed.',
  },
);
export type TransferKind = KindOfTransfer;

export const UntracedCause = kindEnum<CauseOfUntraced>(
  'UntracedCause',
  'What brought money that no call frame or log shows.',
  {
    withdrawal: 'A validator withdrawal of the block (EIP-4895).',
    tips: 'Fees of the transactions, paid to the token as the block producer.',
    genesis: 'The genesis block gave it to the address.',
    'before-contract': 'It was at the address before the contract was created.',
    selfdestruct: 'Another contract destroyed itself; its frame has no amount.',
    unknown: 'Neither the block, its receipts nor its frames say.',
  },
);
export type UntracedCause = CauseOfUntraced;

export const IncomeSource = kindEnum<LedgerIncomeSource>(
  'IncomeSource',
  'Where revenue came from.',
  {
    oracle: 'An AI oracle paid out the revenue of a model.',
    collection: 'An ERC-7007 collection: mint fees or royalties.',
    sale: 'A sale of tokens.',
    known: 'An address that has a label in imo.yaml.',
    unknown: 'Some other address.',
    untraced: 'No call frame explains it.',
  },
);
export type IncomeSource = LedgerIncomeSource;

export const CollectionPart = kindEnum<LedgerCollectionPart>(
  'CollectionPart',
  'What of the business of a collection brought revenue.',
  {
    mint: 'Fees of mints: the collection minted in a call around the payment.',
    royalty:
      'Royalties: a token of the collection went from one owner to another in the transaction.',
  },
);
export type CollectionPart = LedgerCollectionPart;

export const JournalKind = kindEnum<LedgerJournalKind>(
  'JournalKind',
  'What moved money from one account to another, in a token, an oracle or a sale.',
  {
    receipt: 'It came in.',
    snapshot: 'A snapshot assigned it to holders and to the redeem pool.',
    'roll-over': 'It was not claimed in time and went into a later snapshot.',
    terms: 'The contract changed its window: the rest of snapshots left it, or came back into it.',
    claim: 'A holder claimed it.',
    redemption: 'A holder burned tokens for it.',
    opening: 'An oracle owed it to a model when indexing began.',
    accrual: 'A request brought a fee to an oracle.',
    payout: 'An oracle paid the accrued revenue of a model.',
    'token-change': 'A model got another payment token: the oracle owes the same number in it.',
    deposit: 'Somebody deposited in a sale.',
    purchase: 'Somebody bought in a sale.',
    refund: 'A sale gave a deposit, or a part of it, back.',
    sell: 'A sale bought tokens back.',
    finalisation: 'A sale paid out what it had kept.',
  },
);
export type JournalKind = LedgerJournalKind;

export const JournalContract = { TOKEN: 'token', ORACLE: 'oracle', SALE: 'sale' } as const;
export type JournalContract = ValueOf<typeof JournalContract>;
registerEnumType(JournalContract, {
  name: 'JournalContract',
  description: 'What keeps a journal.',
  valuesConfig: {
    TOKEN: { description: 'A revenue token.' },
    ORACLE: { description: 'An AI oracle.' },
    SALE: { description: 'A sale.' },
  },
});

export const RevenueGrouping = {
  SOURCE: 'source',
  COLLECTION_PART: 'collectionPart',
  SOURCE_ADDRESS: 'sourceAddress',
  MODEL: 'model',
  PAYER: 'payer',
} as const;
export type RevenueGrouping = ValueOf<typeof RevenueGrouping>;
registerEnumType(RevenueGrouping, {
  name: 'RevenueGrouping',
  description: 'How finely the sources of revenue are distinguished.',
  valuesConfig: {
    SOURCE: { description: 'By kind of source.' },
    COLLECTION_PART: {
      description: 'By kind of source, and of collections by mints and royalties.',
    },
    SOURCE_ADDRESS: { description: 'By contract or labelled address too.' },
    MODEL: { description: 'By contract and, for oracles, by model.' },
    PAYER: { description: 'By kind of source and last sender.' },
  },
});

export const Interval = { HOUR: 'hour', DAY: 'day', WEEK: 'week', MONTH: 'month' } as const;
export type Interval = ValueOf<typeof Interval>;
registerEnumType(Interval, {
  name: 'Interval',
  description: 'Steps of the calendar, in UTC.',
  valuesConfig: {
    HOUR: { description: 'Hours.' },
    DAY: { description: 'Days.' },
    WEEK: { description: 'Weeks, which begin on Monday.' },
    MONTH: { description: 'Months.' },
  },
});
