import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
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

/** Ranks of the steps of a series, by what they share. */
const ranks = new WeakMap<HolderEnds, Promise<readonly (number | null)[]>>();

@Resolver(() => HolderStepType)
export class HolderRanksResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Rank of the balance at the end among all holders, from 1 for the largest; equal balances by account, as in `holders`. Null without a balance.',
  })
  async rank(
    @Root() { holder, index }: HolderStepNode,
    @Ctx() { db, budget, instant }: ApiContext,
  ): Promise<number | null> {
    let ofSeries = ranks.get(holder);
    if (ofSeries === undefined) {
      budget.spendPage();
      const { tokenNumber, account, ends: balances, name } = holder;
      const blocks = balances.map(({ block }) => block);
      ofSeries = readRanks(db, { tokenNumber, account, balances }, () =>
        instant.once({
          name: `ranks ${tokenNumber} ${name}`,
          read: () => readRankBase(db, tokenNumber, blocks),
          size: figuresOfRanks,
        }),
      );
      ranks.set(holder, ofSeries);
    }
    return (await ofSeries)[index] ?? null;
  }
}
