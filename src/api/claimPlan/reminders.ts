import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { type BlockPace, readBlockPaces } from '../../store/read/chains/blockPace.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { EarliestSnapshotType } from '../objects/tokens/token.js';
import type { ApiContext } from '../request/context.js';
import type { ClaimAsset, ClaimPayment, ClaimPlan } from './plan.js';
import { planClaims } from './planClaims.js';

/** When a reminder is due. */
export interface ClaimReminderTime {
  /** `null`: it is due, or cannot be known. */
  readonly notBefore: Date | null;
  /** The block that the contract counts; the time is then estimated by the pace of the chain so far. */
  readonly block: number | null;
  /** The next block can have the snapshot. */
  readonly isDue: boolean;
}

/** Something that a holder wants to know in time. */
export interface ClaimReminder {
  /** The end of a claim, or a snapshot that can assign more. */
  readonly kind: 'deadline' | 'snapshot';
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  /** Of a deadline: the snapshot whose claim ends; else `null`. */
  readonly snapshotId: number | null;
  /** What a claim pays, or what the snapshot would assign if it were taken now. */
  readonly pays: readonly ClaimPayment[];
  readonly time: ClaimReminderTime;
}

/**
 * The deadlines of the open claims of several accounts, and the next snapshots of their tokens. Claims that
 * never expire have none. What the accounts have of one snapshot is one reminder, with the sum.
 *
 * @throws ImoError as `planClaims`
 */
export async function remindersOf(
  context: ApiContext,
  accounts: readonly Address[],
  chainId: number | null,
): Promise<ClaimReminder[]> {
  const plans = await Promise.all(accounts.map((account) => planClaims(context, account, chainId)));
  const chainIds = plans.flatMap(({ asOf }) => asOf.map((moment) => moment.chainId));
  const paces = await readBlockPaces(context.db, [...new Set(chainIds)]);
  const reminders = plans.flatMap((plan) => [...deadlines(plan, paces), ...snapshots(plan, paces)]);
  return summedUp(reminders);
}

type Paces = ReadonlyMap<number, BlockPace>;

function deadlines({ steps }: ClaimPlan, paces: Paces): ClaimReminder[] {
  return steps.flatMap(({ token, asOf, claims }) =>
    claims
      .filter(({ expiry }) => expiry.snapshotsLeft !== null)
      .map(({ snapshotId, pays, expiry: { earliest, isDue } }) => {
        const time = { ...timeOf(earliest, asOf, paces), isDue };
        return { kind: 'deadline' as const, token, asOf, snapshotId, pays, time };
      }),
  );
}

/** Only of tokens of which a snapshot would assign something. */
function snapshots({ remains }: ClaimPlan, paces: Paces): ClaimReminder[] {
  return remains.flatMap(({ token, asOf, assets, nextSnapshot }) => {
    const pays = assets
      .map(({ asset, entitlement }) => ({ asset, amount: entitlement.accruingWei, asOf }))
      .filter(({ amount }) => amount > 0n);
    if (pays.length === 0) return [];
    const estimated = timeOf(nextSnapshot, asOf, paces);
    const { notBefore, block } = estimated;
    const isDue =
      block === null
        ? notBefore !== null && notBefore <= (asOf.timestamp ?? new Date(0))
        : block <= asOf.block + 1;
    const time = { ...estimated, isDue };
    return [{ kind: 'snapshot' as const, token, asOf, snapshotId: null, pays, time }];
  });
}

function timeOf(
  earliest: EarliestSnapshotType | null,
  { chainId, block: asOfBlock, timestamp: asOfTime }: AsOf,
  paces: Paces,
): Omit<ClaimReminderTime, 'isDue'> {
  const { block = null, timestamp = null } = earliest ?? {};
  if (block === null) return { notBefore: timestamp, block: null };
  const pace = paces.get(chainId);
  if (pace === undefined || asOfTime === null) return { notBefore: null, block };
  const ahead = (BigInt(block - asOfBlock) * pace.milliseconds) / pace.blocks;
  return { notBefore: new Date(asOfTime.getTime() + Number(ahead)), block };
}

/** One reminder of each kind, token and snapshot. */
function summedUp(reminders: readonly ClaimReminder[]): ClaimReminder[] {
  const sums = new Map<string, ClaimReminder>();
  for (const reminder of reminders) {
    const { kind, token, snapshotId } = reminder;
    const name = `${kind} ${token.number} ${snapshotId}`;
    const before = sums.get(name);
    const pays = before === undefined ? reminder.pays : added(before.pays, reminder.pays);
    sums.set(name, { ...reminder, pays });
  }
  return [...sums.values()];
}

function added(one: readonly ClaimPayment[], other: readonly ClaimPayment[]): ClaimPayment[] {
  const sums = new Map<ClaimAsset['address'], ClaimPayment>();
  for (const { asset, amount, asOf } of [...one, ...other]) {
    const before = sums.get(asset.address)?.amount ?? 0n;
    sums.set(asset.address, { asset, amount: before + amount, asOf });
  }
  return [...sums.values()];
}
