import { Field, Int, ObjectType } from 'type-graphql';
import type { ContractTerms } from '../../../ledger/terms.js';
import type { Hex } from '../../../store/read/query/decode.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import type { TermsRecord } from '../../../store/read/tokens/tokenTerms.js';
import { IntervalUnit } from '../../values/enums.js';
import {
  BigIntScalar,
  Bytes32Scalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';

@ObjectType('TokenTerms', {
  simpleResolvers: true,
  description: 'The terms of a token from a block on, as its contract said them.',
})
export class TokenTermsType {
  @Field(() => SafeIntScalar, { description: 'The first block at whose end they hold.' })
  readonly fromBlock!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Time of that block; null for the terms that the token began with.',
  })
  readonly timestamp!: Date | null;

  @Field(() => Bytes32Scalar, {
    nullable: true,
    description:
      'The only transaction of the block that called a function which may have changed them; null: there is none, or several.',
  })
  readonly transactionHash!: Hex | null;

  @Field(() => Int, {
    description: 'Percentage of new revenue that a snapshot assigns to holders, 0 to 100.',
  })
  readonly percentClaimable!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many of the newest snapshots can be claimed; null: all, for ever.',
  })
  readonly window!: number | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'A snapshot needs strictly more than this since the one before, in intervalUnit; null: the contract does not say it.',
  })
  readonly interval!: bigint | null;

  @Field(() => IntervalUnit, {
    nullable: true,
    description: 'What the interval is counted in; null where it is not known.',
  })
  readonly intervalUnit!: IntervalUnit | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'The contract says that claims are paused; null: it has no getter that says it.',
  })
  readonly isPaused!: boolean | null;
}

/** @param changes the newest first */
export function termsHistoryNodes(
  { startBlock, rules }: TokenRecord,
  changes: readonly TermsRecord[],
  limit: number,
): TokenTermsType[] {
  const nodes = changes.map(({ block, timestamp, transactionHash, ...terms }) => ({
    fromBlock: block,
    timestamp,
    transactionHash,
    ...termsFields(terms),
  }));
  const first = { fromBlock: startBlock, timestamp: null, transactionHash: null };
  const isWhole = changes.length < limit;
  return isWhole ? [...nodes, { ...first, ...termsFields(rules.first) }] : nodes;
}

export function termsFields(terms: ContractTerms) {
  const { percentClaimable, window, interval, intervalUnit, isPaused } = terms;
  return {
    percentClaimable: Number(percentClaimable),
    window,
    interval,
    intervalUnit,
    isPaused,
  };
}
