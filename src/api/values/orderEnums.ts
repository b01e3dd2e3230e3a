import { registerEnumType } from 'type-graphql';

/** What each list can be ordered by. */
type ValueOf<Enum> = Enum[keyof Enum];

export const OperationOrderBy = { CHAIN: 'CHAIN', AMOUNT: 'AMOUNT' } as const;
export type OperationOrderBy = ValueOf<typeof OperationOrderBy>;
registerEnumType(OperationOrderBy, {
  name: 'OperationOrderBy',
  description: 'What a list of operations is ordered by.',
  valuesConfig: {
    CHAIN: {
      description:
        'The order of the chain: by time, then chain, block, token and position in the block.',
    },
    AMOUNT: {
      description:
        'The amount; equal ones by contract, in each in the order of the chain. Between two blocks or times, the database reads all rows there; it reads all transfers until the backfill is over.',
    },
  },
});
