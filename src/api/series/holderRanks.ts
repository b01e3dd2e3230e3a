import { FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { Address } from '../../address.js';
import { figuresOfRanks, readRankBase, readRanks } from '../../store/read/series/ranks.js';
import type { ApiContext } from '../request/context.js';
import { HolderStepType } from './holderStep.js';
import type { ValuedStep } from './stepMoment.js';

/** The holder of a series, and the ends of its steps. */
export interface HolderEnds {
  readonly tokenNumber: number;
  readonly account: Address;
  /** In ascending order; block -1 before the first block. */
  readonly ends: readonly { readonly block: number; readonly balance: bigint }[];
  /** Says which blocks these are. */
  readonly name: string;
}

/** A step, its place in its series, and what all steps of the series share. */
export interface HolderStepNode extends HolderStepType, ValuedStep {
  readonly holder: HolderEnds;
  readonly index: number;
}

type Ranks = { readonly ranks: readonly (number | null)[] } | { readonly error: unknown };

/** Ranks of the steps of a series, by what they share. */
const known = new WeakMap<HolderEnds, Ranks>();

/** Reads the ranks of all steps, so that each step has its own at hand. Failures are those of the steps. */
export async function prepareRanks(
  { db, budget, instant }: ApiContext,
  holder: HolderEnds,
): Promise<void> {
  budget.spendPage();
  const { tokenNumber, account, ends: balances, name } = holder;
  const blocks = balances.map(({ block }) => block);
  const ranks = readRanks(db, { tokenNumber, account, balances }, () =>
    instant.once({
      name: `ranks ${tokenNumber} ${name}`,
      read: () => readRankBase(db, tokenNumber, blocks),
      size: figuresOfRanks,
    }),
  );
  known.set(
    holder,
    await ranks.then(
      (all) => ({ ranks: all }),
      (error: unknown) => ({ error }),
    ),
  );
}

@Resolver(() => HolderStepType)
export class HolderRanksResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Rank of the balance at the end among all holders, from 1 for the largest; equal balances by account, as in `holders`. Null without a balance.',
  })
  rank(@Root() { holder, index }: HolderStepNode): number | null {
    const ofSeries = known.get(holder);
    if (ofSeries === undefined) throw new RangeError('the ranks of the series were not read');
    if ('error' in ofSeries) throw ofSeries.error;
    return ofSeries.ranks[index] ?? null;
  }
}
