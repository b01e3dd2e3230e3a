/** How a chain is generated. The same spec gives the same chain, block by block. */
export interface ChainSpec {
  readonly seed: number;
  /** Revenue tokens, which one factory creates first. */
  readonly tokens: number;
  /** Operations after that, over all tokens. */
  readonly operations: number;
  /** Pairs of token and holder, over all tokens. */
  readonly holders: number;
  readonly mix: OperationMix;
  /** Transfers that one transaction makes. */
  readonly transfersPerCall: number;
  readonly transactionsPerBlock: number;
  /** Empty blocks after each block with operations. */
  readonly gap: number;
  /** Whether a receipt and a snapshot come last, in blocks of their own. */
  readonly endsWithSnapshot: boolean;
}

/** Shares of the kinds of operations; only their ratio counts. */
export interface OperationMix {
  readonly transfer: number;
  readonly receipt: number;
  readonly snapshot: number;
  readonly claim: number;
  readonly burn: number;
  /** Of an AI oracle, for a fee of which the token gets a part. */
  readonly request: number;
  /** In a collection that passes the money on to the token. */
  readonly mint: number;
  /** In a sale at a fixed price. */
  readonly purchase: number;
  /** One transaction makes the oracle pay out, and takes a snapshot. */
  readonly settlement: number;
}

/** Kinds that need more contracts than a token. */
export const OFFERING_KINDS = ['request', 'mint', 'purchase', 'settlement'] as const;

export const DEFAULT_SPEC: ChainSpec = {
  seed: 1,
  tokens: 3,
  operations: 10_000,
  holders: 600,
  mix: {
    ...{ transfer: 80, receipt: 10, snapshot: 2, claim: 6, burn: 2 },
    ...{ request: 0, mint: 0, purchase: 0, settlement: 0 },
  },
  transfersPerCall: 20,
  transactionsPerBlock: 4,
  gap: 3,
  endsWithSnapshot: false,
};

export const CHAIN_ID = 31_337;
export const GENESIS_TIME = 1_750_000_000;
export const BLOCK_SECONDS = 12;
/** Empty blocks at the end: those before them are final for an indexer that waits for 10. */
export const LAST_EMPTY_BLOCKS = 20;
