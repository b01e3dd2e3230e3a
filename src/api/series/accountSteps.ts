import type { Address } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import type { Entitlement } from '../../ledger/entitlement.js';
import type { PoolState } from '../../ledger/state.js';
import {
  type EntitlementSeriesKey,
  readEntitlementSeries,
} from '../../store/read/series/entitlementSeries.js';
import { readPoolSeries } from '../../store/read/series/poolSeries.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ApiContext } from '../request/context.js';
import type { TokenSeriesArgs } from './seriesArgs.js';
import { type Step, seriesSteps } from './seriesSteps.js';
import { nameOfSteps, stepBlocks } from './stepBlocks.js';
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
  /** Says which blocks these are. */
  readonly name: string;
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
  const { books, budget } = context;
  budget.spendPage();
  const asked = await books.asOf(chainId, at);
  const token = await books.token(address, asked);
  const asOf = momentInBooks(token, asked);
  const [book] = await books.booksIn(asset, [token]);
  const bookNumber = book?.number ?? token.number;
  const { startBlock } = token;
  const request = { interval, timestamp, at, bookNumber, startBlock, asOf, most };
  const steps = await seriesSteps(context, request);
  const shared = { chainId, interval, steps, block: asOf.block };
  const blocks = await stepBlocks(context, shared);
  const of = { chainId, token: token.address, asset, bookNumber, interval, at: at ?? null };
  const series = { ...of, steps, accounts };
  const ended = steps.map((step, index): EndedStep => {
    const end = blocks[index + 1] ?? -1;
    const block = end < 0 ? null : end;
    const moment = stepMoment(step, block, asOf);
    const { from, to } = step;
    return { from, to, series, currency, asOf: moment, block, asset: asset ?? 'native' };
  });
  const name = nameOfSteps(shared);
  return { token, bookNumber, upTo: asOf.block, steps: ended, blocks, name };
}

/** What some accounts are owed before a step, in their order, and at its end; none before the deployment. */
export interface OwedInStep {
  readonly step: EndedStep;
  readonly before: readonly Entitlement[];
  readonly after: readonly Entitlement[];
}

/** Returns what the accounts are owed before and after each step. */
export async function owedInSteps(
  context: ApiContext,
  { token, bookNumber, steps, blocks, name }: AccountSeries,
  accounts: readonly Address[],
): Promise<OwedInStep[]> {
  // Several steps may end with the same block.
  const known = [...new Set(blocks)].filter((block) => block >= token.startBlock);
  const key = { token, accounts, bookNumber, blocks: known };
  const series = await readEntitlementSeries(context.db, key, () => poolsOf(context, key, name));
  const ofBlock = new Map(known.map((block, place) => [block, series[place] ?? []]));
  const owed = blocks.map((block) => ofBlock.get(block) ?? []);
  return steps.map((step, index) => {
    const [before, after] = [owed[index], owed[index + 1]];
    if (before === undefined || after === undefined) throw new RangeError(`no state ${index}`);
    return { step, before, after };
  });
}

/** The pools are those of all accounts. */
function poolsOf(
  { db, instant }: ApiContext,
  { bookNumber, blocks }: EntitlementSeriesKey,
  name: string,
): Promise<readonly PoolState[]> {
  return instant.once({
    name: `pools ${bookNumber} ${name}`,
    read: () => readPoolSeries(db, bookNumber, blocks),
    size: figuresOf,
  });
}

/** States between which nothing happened to a snapshot share their list. */
function figuresOf(states: readonly PoolState[]): number {
  const lists = new Set(states.map(({ snapshots }) => snapshots));
  return [...lists].reduce((figures, { length }) => figures + length, 5 * states.length);
}
