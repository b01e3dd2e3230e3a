import type { Address } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import type { Entitlement } from '../../ledger/entitlement.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import {
  type EntitlementSeriesKey,
  readEntitlementSeries,
} from '../../store/read/series/entitlementSeries.js';
import { readBlocksBefore } from '../../store/read/series/tokenStates.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ApiContext } from '../request/context.js';
import type { TokenSeriesArgs } from './seriesArgs.js';
import { boundaries, type Step, seriesSteps } from './seriesSteps.js';
import { stepMoment, type ValuedStep } from './stepMoment.js';

/** A step of some accounts of a token. */
export interface EndedStep extends Step, ValuedStep {
  /** The block that its end is as of; `null`: none was indexed before. */
  readonly block: number | null;
  readonly asset: string;
}

/** The steps of some accounts of a token, and where their figures are read. */
export interface AccountSeries {
  readonly token: TokenRecord;
  readonly bookNumber: number;
  /** The newest block of the answer. */
  readonly upTo: number;
  readonly steps: readonly EndedStep[];
  /** The blocks before the first step and at the end of each; -1: none was indexed before. */
  readonly blocks: readonly number[];
}

/** One step of some accounts of a token, with what they are owed. */
export interface AccountStep extends EndedStep {
  /** What the accounts are owed before the step, in their order; none before the deployment. */
  readonly before: readonly Entitlement[];
  /** The same at its end. */
  readonly after: readonly Entitlement[];
}

/**
 * The steps of some accounts of a token.
 *
 * @param most steps
 * @throws as `seriesSteps`, and ImoError `UNKNOWN_TOKEN` or `UNKNOWN_ASSET`
 */
export async function accountSeries(
  context: ApiContext,
  {
    chainId,
    token: address,
    at,
    interval,
    timestamp,
    asset = null,
    currency = null,
  }: TokenSeriesArgs,
  accounts: readonly Address[],
  most: number,
): Promise<AccountSeries> {
  const { books, budget, db } = context;
  budget.spendPage();
  const asked = await books.asOf(chainId, at);
  const token = await books.token(address, asked);
  const asOf = momentInBooks(token, asked);
  const [book] = await books.booksIn(asset, [token]);
  const bookNumber = book?.number ?? token.number;
  const { startBlock } = token;
  const request = { interval, timestamp, at, bookNumber, startBlock, asOf, most };
  const steps = await seriesSteps(context, request);
  const blocks = await readBlocksBefore(db, { chainId, block: asOf.block }, boundaries(steps));
  const of = { chainId, token: token.address, asset, bookNumber, interval, at: at ?? null };
  const series = { ...of, steps, accounts };
  const ended = steps.map((step, index) => {
    const end = blocks[index + 1] ?? -1;
    const block = end < 0 ? null : end;
    const valued = { series, currency, asOf: stepMoment(step, block, asOf) };
    return { ...step, ...valued, block, asset: asset ?? 'native' };
  });
  return { token, bookNumber, upTo: asOf.block, steps: ended, blocks };
}

/** Adds what the accounts are owed before and after each step. */
export async function owedInSteps(
  { db }: ApiContext,
  { token, bookNumber, steps, blocks }: AccountSeries,
  accounts: readonly Address[],
): Promise<AccountStep[]> {
  const owed = await readEntitlements(db, { token, accounts, bookNumber, blocks });
  return steps.map((step, index) => {
    const [before, after] = [owed[index], owed[index + 1]];
    if (before === undefined || after === undefined) throw new RangeError(`no state ${index}`);
    return { ...step, before, after };
  });
}

/** In the order of the blocks, of which several may be the same; none before the deployment. */
async function readEntitlements(
  db: Queryable,
  { blocks, ...key }: EntitlementSeriesKey,
): Promise<(readonly Entitlement[])[]> {
  const known = [...new Set(blocks)].filter((block) => block >= key.token.startBlock);
  const series = await readEntitlementSeries(db, { ...key, blocks: known });
  const ofBlock = new Map(known.map((block, place) => [block, series[place] ?? []]));
  return blocks.map((block) => ofBlock.get(block) ?? []);
}
