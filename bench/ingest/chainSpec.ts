/** What the benchmark's chain is made of. */
export interface ChainSpec {
  /** Transfers made by the generator functions: the distribution among the holders included. */
  readonly transfers: number;
  readonly holders: number;
  /** Blocks with transfers, equally many in each. */
  readonly blocks: number;
}

/** The numbers of a spec do not go together. */
class ChainSpecError extends Error {
  readonly code = 'BENCH_CHAIN_SPEC_INVALID';

  constructor(reason: string) {
    super(`no such chain can be made: ${reason}`);
    this.name = 'ChainSpecError';
  }
}

/** All transfers of a block are in one transaction, which has to fit in the gas limit. */
const MOST_TRANSFERS_PER_BLOCK = 200;

/** Below it the work after a snapshot would reach into the next one. */
const FEWEST_BLOCKS = 100;

const SNAPSHOTS = 8;
const RECEIPTS = 20;
const CLAIMERS_PER_SNAPSHOT = 48;
const BURNERS_PER_SNAPSHOT = 5;

/** A generator call: all transfers of one block. */
export type TransferWork =
  | { readonly kind: 'distribute'; readonly first: number; readonly last: number }
  | { readonly kind: 'transfers'; readonly seed: number; readonly count: number };

/** Revenue work, in a transaction of its own after the transfers of the block. */
export type RevenueWork =
  | { readonly kind: 'receipt'; readonly amountWei: bigint }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'claim'; readonly holder: number; readonly snapshotIds: readonly number[] }
  | { readonly kind: 'burn'; readonly holder: number };

export interface BlockWork {
  readonly transfers: TransferWork;
  readonly revenue: readonly RevenueWork[];
}

/**
 * Lays out the chain: the tokens are distributed first, then move at random. Receipts come in
 * every twentieth of the blocks, eight snapshots at even distances; after each come claims of
 * 48 holders (every fourth of them for two snapshots at once), eight a block, and five burns.
 * @throws ChainSpecError
 */
export function planBlocks(spec: ChainSpec): BlockWork[] {
  const perBlock = transfersPerBlock(spec);
  const revenue = planRevenue(spec);
  return Array.from({ length: spec.blocks }, (_, block) => {
    const first = block * perBlock;
    const last = first + perBlock;
    return {
      transfers:
        last <= spec.holders
          ? { kind: 'distribute', first, last }
          : { kind: 'transfers', seed: block, count: perBlock },
      revenue: revenue.get(block) ?? [],
    };
  });
}

function transfersPerBlock({ transfers, holders, blocks }: ChainSpec): number {
  const perBlock = transfers / blocks;
  if (!Number.isInteger(perBlock) || perBlock < 1) {
    throw new ChainSpecError(`${transfers} transfers cannot be shared evenly by ${blocks} blocks`);
  }
  if (perBlock > MOST_TRANSFERS_PER_BLOCK) {
    throw new ChainSpecError(`${perBlock} transfers a block are over ${MOST_TRANSFERS_PER_BLOCK}`);
  }
  if (holders % perBlock !== 0) {
    throw new ChainSpecError(
      `${holders} holders are no multiple of ${perBlock}, a block's transfers`,
    );
  }
  // All have their tokens before the first snapshot, so that every claim pays.
  if (holders * (SNAPSHOTS + 1) > transfers) {
    throw new ChainSpecError(`${holders} holders need ${holders * (SNAPSHOTS + 1)} transfers`);
  }
  if (blocks < FEWEST_BLOCKS) {
    throw new ChainSpecError(`${blocks} blocks are too few, ${FEWEST_BLOCKS} is the least`);
  }
  return perBlock;
}

function planRevenue({ blocks, holders }: ChainSpec): Map<number, RevenueWork[]> {
  const plan = new Map<number, RevenueWork[]>();
  const add = (block: number, work: RevenueWork) => {
    plan.set(block, [...(plan.get(block) ?? []), work]);
  };
  for (let receipt = 1; receipt <= RECEIPTS; receipt += 1) {
    const amountWei = 1_000_000_007n * 10n ** 9n * BigInt(receipt);
    add(Math.floor((receipt * blocks) / RECEIPTS) - 1, { kind: 'receipt', amountWei });
  }
  for (let id = 1; id <= SNAPSHOTS; id += 1) {
    const block = Math.floor((id * blocks) / (SNAPSHOTS + 1));
    add(block, { kind: 'snapshot' });
    planClaims(id, block, holders, add);
  }
  return plan;
}

function planClaims(
  id: number,
  snapshotBlock: number,
  holders: number,
  add: (block: number, work: RevenueWork) => void,
): void {
  const claimers = Math.min(CLAIMERS_PER_SNAPSHOT, Math.floor(holders / 4));
  // Neighbouring snapshots have different claimers, so the one before is open for these.
  const holderOf = (index: number) => (id * claimers + index) % holders;
  for (let index = 0; index < claimers; index += 1) {
    const snapshotIds = id > 1 && index % 4 === 0 ? [id - 1, id] : [id];
    const block = snapshotBlock + 1 + Math.floor(index / 8);
    add(block, { kind: 'claim', holder: holderOf(index), snapshotIds });
  }
  for (let index = 0; index < Math.min(BURNERS_PER_SNAPSHOT, claimers); index += 1) {
    add(snapshotBlock + 8, { kind: 'burn', holder: holderOf(index) });
  }
}

/** How many of each operation the indexers have to find. */
export interface PlannedTotals {
  /** Mint and burns included. */
  readonly transfers: number;
  /** What came with the creation included. */
  readonly receipts: number;
  readonly snapshots: number;
  readonly claims: number;
  readonly redemptions: number;
}

export function plannedTotals(spec: ChainSpec): PlannedTotals {
  const work = planBlocks(spec).flatMap(({ revenue }) => revenue);
  const count = (kind: RevenueWork['kind']) => work.filter((entry) => entry.kind === kind).length;
  const claims = work.flatMap((entry) => (entry.kind === 'claim' ? entry.snapshotIds : []));
  return {
    transfers: spec.transfers + 1 + count('burn'),
    receipts: count('receipt') + 1,
    snapshots: count('snapshot'),
    claims: claims.length,
    redemptions: count('burn'),
  };
}
