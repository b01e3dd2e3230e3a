import type { Address } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import { claimsOf, type OpenClaim } from '../../ledger/claimPlan.js';
import { rulesAt } from '../../ledger/terms.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { type BlockPace, readBlockPaces } from '../../store/read/chains/blockPace.js';
import { readHolderPositions } from '../../store/read/holders/holderPositions.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { assetsOf } from '../lists/assetList.js';
import { earliestNextSnapshot } from '../objects/tokens/earliestSnapshot.js';
import type { ApiContext } from '../request/context.js';
import { expiryOf, millisecondsLeft, type SnapshotOutlook } from './expiry.js';
import {
  CHAIN_COIN,
  type ClaimAsset,
  type ClaimPayment,
  type ClaimPlan,
  type ClaimRemainder,
  type ClaimStep,
} from './plan.js';
import { type ClaimThrough, planThrough } from './planThrough.js';
import { claimLink, claimTransactions } from './transactions.js';

/**
 * Plans the claims of a holder over all tokens, as of the newest indexed block of each chain.
 *
 * @throws ImoError `NOTHING_INDEXED`, `UNKNOWN_CHAIN`, or `QUERY_TOO_LARGE`
 */
export async function planClaims(
  context: ApiContext,
  address: Address,
  chainId: number | null,
): Promise<ClaimPlan & { readonly through: readonly ClaimThrough[] }> {
  const { books, db, budget } = context;
  budget.spendClaimPlan();
  await books.assertIndexed();
  const moments = await books.asOfChains(chainId, null);
  const held = await heldTokens(context, address, moments);
  const [through, paces, ofTokens] = await Promise.all([
    planThrough(context, address, moments),
    readBlockPaces(db, [...moments.keys()]),
    Promise.all(held.map((token) => planOfToken(context, address, token))),
  ]);
  const steps = ofTokens.flatMap((ofToken) => ofToken.steps);
  return {
    address,
    asOf: [...moments.values()],
    steps: inOrderOfExpiry(steps, paces),
    remains: ofTokens.map(({ remainder }) => remainder),
    through,
  };
}

interface HeldToken {
  readonly token: TokenRecord;
  readonly asOf: AsOf;
}

/** The tokens that the account ever had. */
async function heldTokens(
  { books, db, budget }: ApiContext,
  address: Address,
  moments: ReadonlyMap<number, AsOf>,
): Promise<HeldToken[]> {
  const tokens = new Map(
    (await books.tokensOf(moments, null)).flatMap((token) => {
      const asOf = moments.get(token.chainId);
      return asOf === undefined
        ? []
        : [[token.number, { token, asOf: momentInBooks(token, asOf) }] as const];
    }),
  );
  const positions = await readHolderPositions(
    db,
    address,
    [...tokens].map(([tokenNumber, { asOf }]) => ({ tokenNumber, block: asOf.block })),
  );
  budget.spendRows(positions.length);
  return positions.flatMap(({ tokenNumber }) => tokens.get(tokenNumber) ?? []);
}

async function planOfToken(
  context: ApiContext,
  address: Address,
  { token, asOf }: HeldToken,
): Promise<{ steps: ClaimStep[]; remainder: ClaimRemainder }> {
  const { loaders } = context;
  const shared = await assetsOf(token, asOf, context);
  const assets: ClaimAsset[] = [CHAIN_COIN, ...shared];
  const bookNumbers = [token.number, ...shared.map(({ bookNumber }) => bookNumber)];
  const [holderBooks, lastSnapshot] = await Promise.all([
    Promise.all(
      bookNumbers.map((bookNumber) =>
        loaders.holderBook.load({ token, account: address, block: asOf.block, bookNumber }),
      ),
    ),
    loaders.lastSnapshot.load({ tokenNumber: token.number, block: asOf.block }),
  ]);
  const { claims, roundedToNothing, after } = claimsOf(
    rulesAt(token.rules, asOf.block),
    holderBooks,
  );
  context.budget.spendRows(claims.length);
  const outlook = { token, asOf, lastSnapshot };
  const remainder = {
    token,
    asOf,
    roundedToNothing,
    assets: assets.flatMap((asset, index) => {
      const entitlement = after[index];
      return entitlement === undefined ? [] : [{ asOf, asset, entitlement }];
    }),
    nextSnapshot: earliestNextSnapshot(token, asOf.block, lastSnapshot),
  };
  return { steps: await stepsOf(context, address, outlook, claims, assets), remainder };
}

async function stepsOf(
  { claimNodes }: ApiContext,
  holder: Address,
  outlook: SnapshotOutlook,
  claims: readonly OpenClaim[],
  assets: readonly ClaimAsset[],
): Promise<ClaimStep[]> {
  const { token, asOf } = outlook;
  const call = { chainId: token.chainId, holder, token: token.address };
  const planned = new Map(
    claims.map(({ snapshotId, amounts, snapshotsLeft }) => [
      snapshotId,
      {
        snapshotId,
        pays: paymentsOf(assets, amounts, asOf),
        expiry: expiryOf(outlook, snapshotsLeft),
        link: claimLink(call, snapshotId),
      },
    ]),
  );
  // The books refuse batches that pay in several assets: docs/assets.md.
  const mayBatch = claims.length > 1 && !token.rules.policy.sharesAssets;
  const hasBatch = mayBatch && (await claimNodes.hasClaimBatch(token.chainId, token.address));
  const transactions = claimTransactions(call, [...planned.keys()], hasBatch === true);
  return transactions.flatMap((transaction): ClaimStep[] => {
    const ofStep = transaction.snapshotIds.flatMap((id) => planned.get(id) ?? []);
    const [first] = ofStep;
    if (first === undefined) return [];
    const pays = sumOf(ofStep.flatMap((claim) => claim.pays));
    return [{ token, asOf, claims: ofStep, pays, expiry: first.expiry, transaction }];
  });
}

function paymentsOf(
  assets: readonly ClaimAsset[],
  amounts: readonly bigint[],
  asOf: AsOf,
): ClaimPayment[] {
  return assets.flatMap((asset, index) => {
    const amount = amounts[index] ?? 0n;
    return amount === 0n ? [] : [{ asset, amount, asOf }];
  });
}

/** Together by asset, in the order of first appearance. */
function sumOf(payments: readonly ClaimPayment[]): ClaimPayment[] {
  const sums = new Map<Address | null, ClaimPayment>();
  for (const { asset, amount, asOf } of payments) {
    const before = sums.get(asset.address)?.amount ?? 0n;
    sums.set(asset.address, { asset, amount: before + amount, asOf });
  }
  return [...sums.values()];
}

/** Due first, then by time; then those of which the time is not known; last what never expires. */
function inOrderOfExpiry(
  steps: readonly ClaimStep[],
  paces: ReadonlyMap<number, BlockPace>,
): ClaimStep[] {
  const rank = ({ expiry, asOf }: ClaimStep): [number, bigint] => {
    if (expiry.snapshotsLeft === null) return [2, 0n];
    const left = millisecondsLeft(expiry, asOf, paces.get(asOf.chainId));
    return left === null ? [1, BigInt(expiry.snapshotsLeft)] : [0, left];
  };
  return steps
    .map((step) => ({ step, rank: rank(step) }))
    .sort((one, other) => {
      const byKind = one.rank[0] - other.rank[0];
      if (byKind !== 0 || one.rank[1] === other.rank[1]) return byKind;
      return one.rank[1] < other.rank[1] ? -1 : 1;
    })
    .map(({ step }) => step);
}
