import { accountOf } from '../api/questions.js';
import { TOKEN } from './booksSql.js';

/** A series by day over all days, of one holder or of the token. */
export interface SeriesQuestion {
  readonly title: string;
  /** The query of each request; they differ in the holder. */
  readonly queries: readonly string[];
}

const OF_TOKEN = `chainId: 1, token: "${TOKEN}", interval: DAY`;

/** @param holders how many the token has */
export function seriesQuestions(holders: number): readonly SeriesQuestion[] {
  const ofToken = (title: string, fields: string) => ({
    title,
    queries: [`{ tokenSeries(${OF_TOKEN}) { from ${fields} } }`],
  });
  const ofHolders = (title: string, fields: string, numbers: readonly number[]) => ({
    title,
    queries: numbers.map(
      (number) =>
        `{ holderSeries(${OF_TOKEN}, holder: "${accountOf(number)}") { from ${fields} } }`,
    ),
  });
  const some = Array.from({ length: 20 }, (_, index) => 1 + ((index * 7_919) % holders));
  return [
    ofToken('holders and supply', 'holders supply'),
    ofToken(
      'everything of the token',
      'receivedWei claimedWei snapshots holders supply balanceWei pools { newRevenueWei claimableWei redeemableWei }',
    ),
    ofToken('holders without contracts', 'holders holdersWithoutContracts'),
    {
      title: 'transfers by kind',
      queries: [
        `{ transferTotals(filter: { chainId: 1, token: "${TOKEN}" }, groupBy: [KIND], interval: DAY) {
           from kind count amount { sum min max } } }`,
      ],
    },
    ofHolders('balance of a holder', 'balance', some),
    ofHolders('balance of the busiest account', 'balance', [0]),
    ofHolders('rank of a holder', 'rank', some),
    ofHolders('rank of the busiest account', 'rank', [0]),
    ofHolders(
      'everything of a holder',
      'balance claimableWei accruingWei redeemableWei expiredWei claimedWei',
      some,
    ),
  ];
}
