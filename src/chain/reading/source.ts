import type { BlockData, EvmBatchProcessor, FieldSelection } from '@subsquid/evm-processor';
import type { Address } from '../../address.js';
import { addressTopic } from './assets/assetReceipt.js';
import { SNAPSHOT_TOPIC, TRANSFER_TOPIC, UPGRADE_TOPICS } from './selectors.js';
import type { LogEntry } from './tree/frames.js';

/** The fields of the chain that the books are made from; nothing else is fetched. */
export const FIELDS = {
  block: { timestamp: true, miner: true },
  transaction: { hash: true, from: false, to: false },
  log: { address: true, topics: true, data: true, transactionHash: true },
  trace: {
    error: true,
    callCallType: true,
    callFrom: true,
    callTo: true,
    callValue: true,
    callInput: true,
    callSighash: true,
    createFrom: true,
    createValue: true,
    createResultAddress: true,
    suicideAddress: true,
    suicideRefundAddress: true,
    suicideBalance: true,
  },
} satisfies FieldSelection;

type WholeBlock = BlockData<typeof FIELDS>;

/** A log with what was asked for; its block and transaction cannot be reached from it. */
export type SourceLog = Pick<
  WholeBlock['logs'][number],
  'logIndex' | 'transactionIndex' | 'transactionHash' | 'address' | 'topics' | 'data'
> &
  Pick<LogEntry, 'topicAddresses'>;

/** What surrounds a call frame, whatever it did. */
interface FramePlace {
  readonly transactionIndex: number;
  /** Places among the calls of each frame above it. */
  readonly traceAddress: readonly number[];
  readonly error?: string | null;
  readonly parent?: SourceTrace;
  getTransaction(): { readonly hash: string };
}

/** A call frame with what was asked for. */
export type SourceTrace = FramePlace &
  (
    | {
        readonly type: 'call';
        readonly action: {
          readonly callType: string;
          readonly from: string;
          readonly to: string;
          readonly value?: bigint;
          readonly input: string;
          readonly sighash: string;
        };
      }
    | {
        readonly type: 'create';
        readonly action: { readonly from: string; readonly value: bigint };
        readonly result?: { readonly address: string };
      }
    | {
        readonly type: 'suicide';
        readonly action: {
          readonly address: string;
          readonly refundAddress: string;
          readonly balance: bigint;
        };
      }
    | { readonly type: 'reward' }
  );

export type SourceBlock = Pick<WholeBlock, 'header'> & {
  readonly logs: SourceLog[];
  readonly traces: SourceTrace[];
};

/** A token to watch, from the block of its deployment on. */
export interface WatchedToken {
  readonly address: Address;
  readonly startBlock: number;
  /** It shares ERC-20 assets too: transfers to it are wanted, whatever the asset. */
  readonly sharesAssets: boolean;
}

/** Asks the processor for the logs and call frames that concern the tokens. */
export function requestTokens(
  processor: EvmBatchProcessor<typeof FIELDS>,
  tokens: readonly WatchedToken[],
): void {
  const byStart = new Map<number, WatchedToken[]>();
  for (const token of tokens) {
    const known = byStart.get(token.startBlock);
    if (known === undefined) byStart.set(token.startBlock, [token]);
    else known.push(token);
  }
  // The library compares each request with each other: what starts together is one request.
  for (const [startBlock, starting] of byStart) requestFrom(processor, startBlock, starting);
}

function requestFrom(
  processor: EvmBatchProcessor<typeof FIELDS>,
  startBlock: number,
  tokens: readonly WatchedToken[],
): void {
  const range = { from: startBlock };
  // A child of a reverted frame carries no error of its own: parents tell.
  const relations = { range, parents: true, transaction: true };
  const addresses = tokens.map(({ address }) => address);
  processor
    .addLog({
      address: addresses,
      topic0: [TRANSFER_TOPIC, SNAPSHOT_TOPIC, ...UPGRADE_TOPICS],
      range,
    })
    .addTrace({ callTo: addresses, ...relations })
    .addTrace({ callFrom: addresses, ...relations })
    .addTrace({ suicideRefundAddress: addresses, ...relations })
    .addTrace({
      type: ['create'],
      ...relations,
      range: { from: startBlock, to: startBlock },
    });
  const sharing = tokens.filter(({ sharesAssets }) => sharesAssets);
  if (sharing.length === 0) return;
  const holders = sharing.map(({ address }) => addressTopic(address));
  processor.addLog({ topic0: [TRANSFER_TOPIC], topic2: holders, range });
}
