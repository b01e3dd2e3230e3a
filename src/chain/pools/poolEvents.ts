import { EventFragment, Interface, type Result } from 'ethers';
import { type Address, checksummed, ZERO_ADDRESS } from '../../address.js';
import type { MappedMovement, PoolMapping } from '../../config/pools/poolMapping.js';
import { ImoError } from '../../errors.js';
import type { ShareMovement } from '../../ledger/pools/shares.js';
import { SNAPSHOT_TOPIC } from '../reading/selectors.js';
import type { SourceBlock, SourceLog } from '../reading/source.js';

/** A pool to read the events of. */
export interface PoolContract {
  readonly address: Address;
  /** The revenue token that it holds. */
  readonly token: Address;
}

interface InTransaction {
  readonly transactionHash: string;
  readonly transactionIndex: number;
}

/** What a block did to the shares of a pool, or a snapshot of its token. */
export type PoolEventEntry = InTransaction &
  (
    | { readonly kind: 'shares'; readonly movement: ShareMovement<Address> }
    | { readonly kind: 'snapshot'; readonly snapshotId: number }
  );

/** Reads the events of one pool. */
export interface PoolReader {
  /** First topics of the logs that it reads. */
  readonly topics: readonly string[];
  /**
   * What a block did to the pool, in the order of its logs: a snapshot shares by what depositors have
   * at its place among them, as the token does with balances (docs/domain.md#balances).
   *
   * @throws ImoError `POOL_EVENT_SHAPE` for an event that the mapping does not describe
   */
  eventsOf(block: SourceBlock): PoolEventEntry[];
}

export function poolReader(pool: PoolContract, { events }: PoolMapping): PoolReader {
  const byTopic = new Map(
    events.map(({ fragment, movements }) => {
      const event = EventFragment.from(fragment);
      const topicCount = 1 + event.inputs.filter(({ indexed }) => indexed).length;
      return [event.topicHash, { codec: new Interface([event]), event, topicCount, movements }];
    }),
  );
  const read = (log: SourceLog): PoolEventEntry[] => {
    const { transactionHash, transactionIndex } = log;
    const place = { transactionHash, transactionIndex };
    const [topic = ''] = log.topics;
    if (log.address === pool.token && topic === SNAPSHOT_TOPIC) {
      return [{ kind: 'snapshot', snapshotId: Number(BigInt(log.data)), ...place }];
    }
    const known = log.address === pool.address ? byTopic.get(topic) : undefined;
    if (known === undefined) return [];
    if (log.topics.length !== known.topicCount) throw otherShape(pool, log);
    const values = decode(pool, log, known.codec, known.event);
    return known.movements
      .flatMap((movement) => movementsOf(movement, values))
      .map((movement) => ({ kind: 'shares', movement, ...place }));
  };
  return {
    topics: [...byTopic.keys()],
    eventsOf: ({ logs }) =>
      logs.toSorted((one, other) => one.logIndex - other.logIndex).flatMap(read),
  };
}

function decode(
  pool: PoolContract,
  log: SourceLog,
  codec: Interface,
  event: EventFragment,
): Result {
  try {
    return codec.decodeEventLog(event, log.data, log.topics);
  } catch (cause) {
    throw otherShape(pool, log, cause);
  }
}

/** A move from or to nobody raises or lowers the shares of one depositor. */
function movementsOf(mapped: MappedMovement, values: Result): ShareMovement<Address>[] {
  const shares = mapped.shares === null ? 1n : BigInt(values.getValue(mapped.shares));
  if (mapped.kind !== 'move') {
    const depositor = addressIn(values, mapped.depositor);
    return [{ kind: mapped.kind, depositor, shares }];
  }
  const [from, to] = [addressIn(values, mapped.from), addressIn(values, mapped.to)];
  if (from === ZERO_ADDRESS && to === ZERO_ADDRESS) return [];
  if (from === ZERO_ADDRESS) return [{ kind: 'raise', depositor: to, shares }];
  if (to === ZERO_ADDRESS) return [{ kind: 'lower', depositor: from, shares }];
  return [{ kind: 'move', from, to, shares }];
}

function addressIn(values: Result, field: string): Address {
  return String(values.getValue(field)).toLowerCase() as Address;
}

function otherShape({ address }: PoolContract, log: SourceLog, cause?: unknown): ImoError {
  return new ImoError(
    'POOL_EVENT_SHAPE',
    `a log ${log.topics[0]} of pool ${checksummed(address)} has other fields than its event ` +
      `(transaction ${log.transactionHash})`,
    'Describe the pool as `kind: custom` with its own ABI.',
    { cause },
  );
}
