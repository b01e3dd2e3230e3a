import { registerEnumType } from 'type-graphql';

export const NoPrice = {
  NO_FEED: 'no-feed',
  NO_ROUND: 'no-round',
  NOT_POSITIVE: 'not-positive',
  STALE: 'stale',
  LATER: 'later',
} as const;
export type NoPrice = (typeof NoPrice)[keyof typeof NoPrice];
registerEnumType(NoPrice, {
  name: 'NoPrice',
  description: 'Why nothing is known of what an amount was worth.',
  valuesConfig: {
    NO_FEED: { description: 'No feed of the asset in the currency was in force.' },
    NO_ROUND: { description: 'The feed had no round before.' },
    NOT_POSITIVE: { description: 'The newest round said zero or less.' },
    STALE: { description: 'The newest round was older than the config allows.' },
    LATER: { description: 'The newest round gave itself a time after the block.' },
  },
});
