import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { areHoldersRead } from '../../store/read/accounts/accountReadings.js';
import type { PoolsNode } from '../objects/tokens/token.js';
import type { ApiContext } from '../request/context.js';
import type { ValuedStep } from './stepMoment.js';
import { TokenStepType } from './tokenStep.js';

/** The token of a series, and the ends of its steps. */
export interface StepEnds {
  readonly chainId: number;
  readonly tokenNumber: number;
  /** In ascending order; -1 before the first block. */
  readonly blocks: readonly number[];
  /** Says which blocks these are. */
  readonly name: string;
}

/** A step, with what all steps of its series share. */
export interface TokenStepNode extends TokenStepType, ValuedStep {
  readonly ends: StepEnds;
  readonly pools: PoolsNode;
}

/** Counts of the steps of a series, by what they share. */
const counts = new WeakMap<StepEnds, Promise<ReadonlyMap<number, number | null>>>();

@Resolver(() => TokenStepType)
export class WithoutContractsResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Accounts with a balance above 0 at the end, without contracts, by what their code is now. Null while the code of some has not been read.',
  })
  async holdersWithoutContracts(
    @Root() { ends, block, holders }: TokenStepNode,
    @Ctx() context: ApiContext,
  ): Promise<number | null> {
    let counted = counts.get(ends);
    if (counted === undefined) {
      counted = countContracts(context, ends);
      counts.set(ends, counted);
    }
    const contracts = (await counted).get(block ?? -1) ?? null;
    return contracts === null ? null : holders - contracts;
  }
}

async function countContracts(
  { db, books, budget, contractCounts, instant }: ApiContext,
  { chainId, tokenNumber, blocks, name }: StepEnds,
): Promise<ReadonlyMap<number, number | null>> {
  budget.spendPage();
  const token = { chainId, tokenNumber };
  const counted = await instant.once({
    name: `contracts ${tokenNumber} ${name}`,
    async read() {
      const [areRead, contracts] = await Promise.all([
        areHoldersRead(db, token, blocks),
        contractCounts.count(db, token, blocks),
      ]);
      return new Map(
        blocks.map((block, at) => [block, areRead[at] === true ? (contracts[at] ?? 0) : null]),
      );
    },
    size: ({ size }) => size,
  });
  if ([...counted.values()].includes(null)) books.unreadTokens.add(tokenNumber);
  return counted;
}
