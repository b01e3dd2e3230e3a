import { registerEnumType } from 'type-graphql';

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

export const IntervalUnit = { SECONDS: 'seconds', BLOCKS: 'blocks' } as const;
export type IntervalUnit = ValueOf<typeof IntervalUnit>;
registerEnumType(IntervalUnit, {
  name: 'IntervalUnit',
  description: 'What the interval between two snapshots is counted in.',
  valuesConfig: {
    SECONDS: { description: 'Seconds of block time.' },
    BLOCKS: { description: 'Blocks; on Arbitrum those of Ethereum.' },
  },
});

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

export const ReceiptKind = {
  CALL: 'call',
  CREATION: 'creation',
  SELFDESTRUCT: 'selfdestruct',
  TRANSFER: 'transfer',
  UNTRACED: 'untraced',
} as const;
export type ReceiptKind = ValueOf<typeof ReceiptKind>;
registerEnumType(ReceiptKind, {
  name: 'ReceiptKind',
  description: 'How money reached a token.',
  valuesConfig: {
    CALL: { description: 'A call with value.' },
    CREATION: { description: 'The creation of the contract, with value.' },
    SELFDESTRUCT: { description: 'The self-destruct of another contract.' },
    TRANSFER: { description: 'The transfer of an ERC-20 that the token shares.' },
    UNTRACED: {
      description:
        'No call or log brought it: a tip to the block producer, a withdrawal, money from before the deployment or acceptance. Found by comparing balances.',
    },
  },
});

export const UntracedCause = {
  WITHDRAWAL: 'withdrawal',
  TIPS: 'tips',
  GENESIS: 'genesis',
  BEFORE_CONTRACT: 'before-contract',
  SELFDESTRUCT: 'selfdestruct',
  UNKNOWN: 'unknown',
} as const;
export type UntracedCause = ValueOf<typeof UntracedCause>;
registerEnumType(UntracedCause, {
  name: 'UntracedCause',
  description: 'What brought money that no call frame or log shows.',
  valuesConfig: {
    WITHDRAWAL: { description: 'A validator withdrawal of the block (EIP-4895).' },
    TIPS: { description: 'Fees of the transactions, paid to the token as the block producer.' },
    GENESIS: { description: 'The genesis block gave it to the address.' },
    BEFORE_CONTRACT: { description: 'It was at the address before the contract was created.' },
    SELFDESTRUCT: { description: 'Another contract destroyed itself; its frame has no amount.' },
    UNKNOWN: { description: 'Neither the block, its receipts nor its frames say.' },
  },
});

export const IncomeSource = {
  ORACLE: 'oracle',
  COLLECTION: 'collection',
  SALE: 'sale',
  KNOWN: 'known',
  UNKNOWN: 'unknown',
  UNTRACED: 'untraced',
} as const;
export type IncomeSource = ValueOf<typeof IncomeSource>;
registerEnumType(IncomeSource, {
  name: 'IncomeSource',
  description: 'Where revenue came from.',
  valuesConfig: {
    ORACLE: { description: 'An AI oracle paid out the revenue of a model.' },
    COLLECTION: { description: 'An ERC-7007 collection: mint fees or royalties.' },
    SALE: { description: 'A sale of tokens.' },
    KNOWN: { description: 'An address that has a label in imo.yaml.' },
    UNKNOWN: { description: 'Some other address.' },
    UNTRACED: { description: 'No call frame explains it.' },
  },
});

export const CollectionPart = { MINT: 'mint', ROYALTY: 'royalty' } as const;
export type CollectionPart = ValueOf<typeof CollectionPart>;
registerEnumType(CollectionPart, {
  name: 'CollectionPart',
  description: 'What of the business of a collection brought revenue.',
  valuesConfig: {
    MINT: { description: 'Fees of mints: the collection minted in a call around the payment.' },
    ROYALTY: {
      description:
        'Royalties: a token of the collection went from one owner to another in the transaction.',
    },
  },
});

export const JournalKind = {
  RECEIPT: 'receipt',
  SNAPSHOT: 'snapshot',
  ROLL_OVER: 'roll-over',
  TERMS: 'terms',
  CLAIM: 'claim',
  REDEMPTION: 'redemption',
  OPENING: 'opening',
  ACCRUAL: 'accrual',
  PAYOUT: 'payout',
  TOKEN_CHANGE: 'token-change',
  DEPOSIT: 'deposit',
  PURCHASE: 'purchase',
  REFUND: 'refund',
  SELL: 'sell',
  FINALISATION: 'finalisation',
} as const;
export type JournalKind = ValueOf<typeof JournalKind>;
registerEnumType(JournalKind, {
  name: 'JournalKind',
  description: 'What moved money from one account to another, in a token, an oracle or a sale.',
  valuesConfig: {
    RECEIPT: { description: 'It came in.' },
    SNAPSHOT: { description: 'A snapshot assigned it to holders and to the redeem pool.' },
    ROLL_OVER: { description: 'It was not claimed in time and went into a later snapshot.' },
    TERMS: {
      description:
        'The contract changed its window: the rest of snapshots left it, or came back into it.',
    },
    CLAIM: { description: 'A holder claimed it.' },
    REDEMPTION: { description: 'A holder burned tokens for it.' },
    OPENING: { description: 'An oracle owed it to a model when indexing began.' },
    ACCRUAL: { description: 'A request brought a fee to an oracle.' },
    PAYOUT: { description: 'An oracle paid the accrued revenue of a model.' },
    TOKEN_CHANGE: {
      description: 'A model got another payment token: the oracle owes the same number in it.',
    },
    DEPOSIT: { description: 'Somebody deposited in a sale.' },
    PURCHASE: { description: 'Somebody bought in a sale.' },
    REFUND: { description: 'A sale gave a deposit, or a part of it, back.' },
    SELL: { description: 'A sale bought tokens back.' },
    FINALISATION: { description: 'A sale paid out what it had kept.' },
  },
});

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
