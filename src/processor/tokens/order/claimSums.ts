import { functions } from '../../../abi/erc7641.js';
import { checksummed } from '../../../address.js';
import type { ChainNode } from '../../../chain/node.js';
import type { OpenOrder } from '../../../chain/reading/openOrder.js';
import type { Claim, Operation } from '../../../chain/reading/operation.js';
import { ImoError } from '../../../errors.js';
import { lastSnapshotId } from '../../../ledger/state.js';
import type { TokenBook } from '../book/tokenBook.js';

/** A block of one token, with its sums split. */
interface SplitBlock {
  readonly operations: Operation[];
  readonly open: readonly OpenOrder[];
}

/** One snapshot's part of a sum; `null`: the snapshot is of the same block. */
interface SharePart {
  readonly snapshotId: bigint;
  readonly amount: bigint | null;
}

/**
 * Splits claims of several snapshots that were paid in one sum. The contract's own view at the
 * block before says each part. The parts have to make up the payment, and each of them is compared
 * with the share by the books before it is committed.
 */
export class ClaimSums {
  /** Newest snapshot of each book before the block at hand. */
  private readonly lastIds = new Map<TokenBook, number>();

  /**
   * Replaces every sum of a block by its claims. Blocks of one token come in their order.
   *
   * @throws ImoError `CHAIN_AMBIGUOUS_BATCH` where the parts do not make up the payment
   */
  async split(
    node: ChainNode,
    book: TokenBook,
    block: number,
    operations: Operation[],
    open: readonly OpenOrder[],
  ): Promise<SplitBlock> {
    const before = this.lastIds.get(book) ?? lastSnapshotId(book.state);
    // Most blocks have transfers alone, by the hundred.
    if (operations.every(({ kind }) => kind === 'transfer')) return { operations, open };
    let last = before;
    const runs: Operation[][] = [];
    for (const operation of operations) {
      if (operation.kind === 'snapshot') last = Number(operation.snapshotId);
      const ids = { before, last };
      runs.push(
        operation.kind === 'claim'
          ? await partsOfClaim(node, book, block, operation, ids)
          : [operation],
      );
    }
    this.lastIds.set(book, last);
    if (runs.every((run) => run.length === 1)) return { operations: runs.flat(), open };
    return { operations: runs.flat(), open: open.map((order) => withRuns(order, runs)) };
  }
}

async function partsOfClaim(
  node: ChainNode,
  book: TokenBook,
  block: number,
  claim: Claim,
  ids: NewestIds,
): Promise<Operation[]> {
  if (claim.sumOf !== undefined) return partsOf(node, book, block, claim, ids);
  return claim.isLoose === true ? looseParts(node, book, block, claim, ids) : [claim];
}

/** Newest snapshots: before the block, and where the claim takes effect. */
interface NewestIds {
  readonly before: number;
  readonly last: number;
}

/**
 * A claim of one id that may stand for all open ones up to it, or for all open ones. The payment
 * decides; where it fits none of them, the claim is left as it is, and the books refuse it.
 */
async function looseParts(
  node: ChainNode,
  book: TokenBook,
  block: number,
  claim: Claim,
  ids: NewestIds,
): Promise<Claim[]> {
  const total = claim.paidInAssets[0]?.amount ?? claim.amountWei;
  const open = openIds(book, ids.last);
  const shares = await readParts(node, book, block, claim, open, ids.before);
  const own = shares.find(({ snapshotId }) => snapshotId === claim.snapshotId);
  if (own === undefined || own.amount === null || own.amount === total) return [claim];
  const meanings = [shares.filter(({ snapshotId }) => snapshotId <= claim.snapshotId), shares];
  for (const parts of meanings) {
    const isKnown = parts.every(({ amount }) => amount !== null);
    if (isKnown && sumOf(parts) === total) return asClaims(claim, parts, 0n);
  }
  return [claim];
}

function sumOf(parts: readonly SharePart[]): bigint {
  return parts.reduce((sum, { amount }) => sum + (amount ?? 0n), 0n);
}

async function partsOf(
  node: ChainNode,
  book: TokenBook,
  block: number,
  claim: Claim,
  { before, last }: NewestIds,
): Promise<Claim[]> {
  const wanted = claim.sumOf;
  const ids = wanted === 'all' || wanted === undefined ? openIds(book, last) : [...wanted];
  const [paid] = claim.paidInAssets;
  const total = paid?.amount ?? claim.amountWei;
  const parts = await readParts(node, book, block, claim, ids, before);
  const known = sumOf(parts);
  const unknown = parts.filter(({ amount }) => amount === null);
  const rest = total - known;
  if (rest < 0n || (rest > 0n && unknown.length !== 1)) throw ambiguous(book, block, claim, known);
  return asClaims(claim, parts, rest);
}

/** @param rest of the one part that is not known */
function asClaims(claim: Claim, parts: readonly SharePart[], rest: bigint): Claim[] {
  const { sumOf: _sum, isLoose: _loose, ...one } = claim;
  const [paid] = claim.paidInAssets;
  return parts.flatMap(({ snapshotId, amount }) => {
    const part = amount ?? rest;
    if (part === 0n) return [];
    const amounts =
      paid === undefined
        ? { amountWei: part, paidInAssets: [] }
        : { amountWei: 0n, paidInAssets: [{ asset: paid.asset, amount: part }] };
    return [{ ...one, snapshotId, ...amounts }];
  });
}

/** Of several windows that may hold in the block, the widest one: what was not claimable had no share. */
function openIds({ rules, changesToCome }: TokenBook, last: number): bigint[] {
  const windows = [rules.terms, ...changesToCome.map(({ terms }) => terms)].map(
    (terms) => terms.window ?? Number.POSITIVE_INFINITY,
  );
  const window = Math.max(...windows);
  const first = Math.max(1, last - window + 1);
  return Array.from({ length: last - first + 1 }, (_, index) => BigInt(first + index));
}

async function readParts(
  node: ChainNode,
  { token }: TokenBook,
  block: number,
  { holder }: Claim,
  ids: readonly bigint[],
  before: number,
): Promise<SharePart[]> {
  const old = ids.filter((id) => id <= BigInt(before));
  const answers = await node.views(
    old.map((snapshotId) => ({
      to: token.address,
      data: functions.claimableRevenue.encode({ account: holder, snapshotId }),
    })),
    block - 1,
  );
  const amounts = new Map(old.map((id, index) => [id, BigInt(answers[index] ?? 0)]));
  return ids.map((snapshotId) => ({ snapshotId, amount: amounts.get(snapshotId) ?? null }));
}

/** An open order whose operations have become runs of operations. */
function withRuns(order: OpenOrder, runs: readonly (readonly Operation[])[]): OpenOrder {
  const lengths = runs.map((run) => run.length);
  const sum = (from: number, to: number) =>
    lengths.slice(from, to).reduce((total, length) => total + length, 0);
  const { start, count } = order;
  const alternatives = order.alternatives.map((indices) =>
    indices.flatMap((index) => {
      const from = sum(start, start + index);
      return Array.from({ length: lengths[start + index] ?? 0 }, (_, place) => from + place);
    }),
  );
  return { ...order, start: sum(0, start), count: sum(start, start + count), alternatives };
}

function ambiguous({ token }: TokenBook, block: number, claim: Claim, known: bigint): ImoError {
  const [paid] = claim.paidInAssets;
  return new ImoError(
    'CHAIN_AMBIGUOUS_BATCH',
    `token ${checksummed(token.address)} paid ${paid?.amount ?? claim.amountWei} for several snapshots in ` +
      `one sum in block ${block}, transaction ${claim.transactionHash}; its views of the block ` +
      `before make up ${known}`,
    'Nothing proves which part belongs to which snapshot. Add a policy for the contract (CONTRIBUTING.md), or remove the token from the config.',
  );
}
