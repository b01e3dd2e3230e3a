import { registerEnumType } from 'type-graphql';

/** Why entries are not sent one by one. */
export const GapReason = { MANY: 'MANY', SLOW_CLIENT: 'SLOW_CLIENT', REORG: 'REORG' } as const;
export type GapReason = (typeof GapReason)[keyof typeof GapReason];
registerEnumType(GapReason, {
  name: 'GapReason',
  description: 'Why the entries of some blocks are not sent.',
  valuesConfig: {
    MANY: { description: 'More came in at once than an event carries: mostly the backfill.' },
    SLOW_CLIENT: { description: 'The client did not take the events as fast as they came.' },
    REORG: { description: 'Blocks were taken back whose entries are not remembered any more.' },
  },
});
