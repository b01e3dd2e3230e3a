import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { Address } from '../../address.js';
import {
  added,
  apportioned,
  type BySource,
  MIXED,
  sourcesOfSnapshots,
} from '../../ledger/earnedSources.js';
import { rulesAt } from '../../ledger/terms.js';
import {
  type ReceivedBetween,
  readAssignedSnapshots,
  readReceivedBetween,
} from '../../store/read/tokens/snapshotSources.js';
import type { ApiContext } from '../request/context.js';
import { IncomeSource } from '../values/enums.js';
import { AddressScalar, BigIntScalar } from '../values/scalars.js';
import { type PersonStepNode, PersonStepType, type SourcedBooks } from './personSeries.js';

/** Sources that are named in each step; the others are one entry. */
const NAMED_AT_MOST = 19;

@ObjectType('EarnedSource', {
  simpleResolvers: true,
  description: 'What was earned in one step of the revenue of one source.',
})
export class EarnedSourceType {
  @Field(() => IncomeSource, {
    nullable: true,
    description:
      'Where the money came from. Null: the smallest sources together, and money that a policy keeps over several snapshots, of which nobody knows the source.',
  })
  readonly source!: string | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'The contract or labelled address that it came from or passed through.',
  })
  readonly sourceAddress!: Address | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Name that the config gives `sourceAddress`: its label, or that of the contract; null: none.',
  })
  readonly sourceLabel!: string | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'The model whose revenue an oracle paid out.',
  })
  readonly modelId!: bigint | null;

  @Field(() => BigIntScalar, { description: 'Earned of it, in units of the asset (wei for ETH).' })
  readonly amountWei!: bigint;
}

type Source = Pick<ReceivedBetween, 'source' | 'sourceAddress' | 'modelId'>;

interface Sources {
  readonly ofSnapshot: ReadonlyMap<number, BySource>;
  readonly named: ReadonlyMap<string, Source>;
}

/** Sources of the snapshots of a series, read once for all of its steps. */
const sourcesRead = new WeakMap<SourcedBooks, Promise<Sources>>();

@Resolver(() => PersonStepType)
export class PersonSourcesResolver {
  @FieldResolver(() => [EarnedSourceType], {
    description:
      'assignedWei by source, the largest first: each share of a snapshot in the proportion of the revenue that the snapshot assigned. The parts add up to assignedWei: each is rounded down, and the wei that are left go to the parts with the largest remainders.',
  })
  async sources(
    @Root() { books, shares, asOf }: PersonStepNode,
    @Ctx() context: ApiContext,
  ): Promise<readonly EarnedSourceType[]> {
    if (shares.size === 0) return [];
    const known = sourcesRead.get(books) ?? readSources(context, books);
    sourcesRead.set(books, known);
    const { ofSnapshot, named } = await known;
    const parts = [...shares].map(([snapshotId, share]) =>
      apportioned(share, ofSnapshot.get(snapshotId) ?? new Map()),
    );
    const rows = largest(added(...parts));
    context.budget.spendRows(rows.length);
    return Promise.all(
      rows.map(async ([name, amountWei]) => {
        const source = named.get(name);
        const address = source?.sourceAddress ?? null;
        const { chainId } = asOf;
        const sourceLabel =
          address === null ? null : await context.loaders.addressName.load({ chainId, address });
        return {
          source: source?.source ?? null,
          sourceAddress: address,
          sourceLabel,
          modelId: source?.modelId ?? null,
          amountWei,
        };
      }),
    );
  }
}

/** The largest sources. The others are added to what is mixed, at the end. */
function largest(parts: BySource): [string, bigint][] {
  const ordered = [...parts]
    .filter(([name]) => name !== MIXED)
    .toSorted(([a, left], [b, right]) => {
      if (left === right) return a < b ? -1 : 1;
      return left < right ? 1 : -1;
    });
  const rest = ordered
    .slice(NAMED_AT_MOST)
    .reduce((sum, [, amount]) => sum + amount, parts.get(MIXED) ?? 0n);
  const own = ordered.slice(0, NAMED_AT_MOST);
  return rest === 0n ? own : [...own, [MIXED, rest]];
}

async function readSources(
  { db, budget }: ApiContext,
  { token, bookNumber, upTo }: SourcedBooks,
): Promise<Sources> {
  budget.spendPage();
  const [snapshots, received] = await Promise.all([
    readAssignedSnapshots(db, bookNumber, upTo),
    readReceivedBetween(db, bookNumber, upTo),
  ]);
  const ofSnapshot = new Map<number, Map<string, bigint>>();
  for (const row of received) {
    const sums = ofSnapshot.get(row.snapshotId) ?? new Map<string, bigint>();
    ofSnapshot.set(row.snapshotId, sums.set(nameOf(row), row.amountWei));
  }
  const sourced = snapshots.map(({ block, ...snapshot }) => {
    const { snapshotId } = snapshot;
    const { window } = rulesAt(token.rules, block).terms;
    const rolledOverFrom = window === null ? null : snapshotId - window;
    return { ...snapshot, rolledOverFrom, received: ofSnapshot.get(snapshotId) ?? new Map() };
  });
  return {
    ofSnapshot: sourcesOfSnapshots(sourced),
    named: new Map(received.map((row) => [nameOf(row), row])),
  };
}

function nameOf({ source, sourceAddress, modelId }: Source): string {
  return `${source} ${sourceAddress ?? ''} ${modelId ?? ''}`;
}
