import { askRows } from '../../answers.js';
import type { Draw } from '../../draw.js';
import { feedRounds } from '../../feedRounds.js';
import type { FigureSheet } from '../../figures.js';
import { atBlock } from '../../subjects.js';
import type { Surface } from '../../surface.js';
import type { ReaderWorld } from '../../world.js';

const NAMES = ['rounds', 'sum of answers'] as const;
const PRICES = `query ($chainId: SafeInt!, $where: PriceWhere, $first: Int, $after: String) {
  rows: prices(filter: { chainId: $chainId }, where: $where, first: $first, after: $after) {
    nodes { block transactionIndex logIndex answer } pageInfo { hasNextPage endCursor } } }`;

function put(sheet: FigureSheet, draw: Draw, aggregator: string, answers: readonly bigint[]): void {
  const subject = `feed ${aggregator.toLowerCase()}`;
  const of = { subject, moment: atBlock(draw.until.block), asset: 'answers' };
  sheet.put({ ...of, name: 'rounds' }, answers.length);
  const sum = answers.reduce((all, answer) => all + answer, 0n);
  sheet.put({ ...of, name: 'sum of answers' }, sum);
}

function aggregatorsOf({ feeds }: ReaderWorld) {
  return new Map(feeds.map((feed) => [feed.aggregator.toLowerCase(), feed]));
}

/** The rounds of all price feeds, as their contracts logged them, and as the list of prices has them. */
export const feedSurfaces: readonly Surface[] = [
  {
    surface: 'rounds on the chain',
    names: NAMES,
    async read(world, draw, sheet) {
      for (const [aggregator, feed] of aggregatorsOf(world)) {
        const rounds = await feedRounds(world.chain, feed);
        const until = rounds.filter(({ block }) => block <= draw.until.block);
        put(
          sheet,
          draw,
          aggregator,
          until.map(({ answer }) => BigInt(answer)),
        );
      }
    },
  },
  {
    surface: 'GraphQL prices',
    names: NAMES,
    async read(world, draw, sheet) {
      const { chainId } = world.chain;
      for (const aggregator of aggregatorsOf(world).keys()) {
        const where = { _and: [{ aggregator: { _eq: aggregator } }, draw.until.until] };
        const rows = await askRows<{
          readonly block: number;
          readonly transactionIndex: number | null;
          readonly logIndex: number | null;
          readonly answer: string;
        }>(world.url, PRICES, { chainId, where });
        // An aggregator of several assets has a row of each round for each of them.
        const rounds = new Map(
          rows.map(({ block, transactionIndex, logIndex, answer }) => [
            `${block} ${transactionIndex} ${logIndex}`,
            BigInt(answer),
          ]),
        );
        put(sheet, draw, aggregator, [...rounds.values()]);
      }
    },
  },
];
