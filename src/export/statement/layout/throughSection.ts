import { checksummed } from '../../../address.js';
import { assetName, tokenSymbol } from '../read/names.js';
import type { StatedThrough } from '../read/statement.js';
import { mixedAmountColumn } from './amounts.js';
import type { StatementColumn, StatementSection } from './document.js';

export const THROUGH_FIGURES = ['accruing', 'claimable', 'claimed', 'expired'] as const;

const left = (title: string): StatementColumn => ({ title, align: 'left' });
const right = (title: string): StatementColumn => ({ title, align: 'right' });

/** What pools are owed for the accounts, at the closing. */
export function throughSection(through: readonly StatedThrough[]): StatementSection {
  const columns = THROUGH_FIGURES.map((name) => {
    const stated = ({ asset, ...way }: StatedThrough) => ({
      amount: way[name],
      decimals: asset.decimals,
    });
    const write = mixedAmountColumn(through.map(stated));
    return { name, write: (way: StatedThrough) => write(stated(way)) };
  });
  return {
    title: 'Through pools',
    subtitle: 'parts of what pools are owed at the closing; only the pools can claim it',
    columns: [
      ...[left('TOKEN'), left('POOL'), left('ASSET')],
      ...columns.map(({ name }) => right(name.toUpperCase())),
    ],
    rows: through.map((way) => ({
      isTotal: false,
      cells: [
        tokenSymbol(way.token),
        way.path.map(({ address }) => checksummed(address)).join(' / '),
        assetName(way.asset),
        ...columns.map(({ write }) => write(way)),
      ],
    })),
    notes: ['Not part of the positions.', ...through.flatMap(unknownText)],
  };
}

function unknownText({ token, path, unknownSnapshots }: StatedThrough): string[] {
  const [pool] = path.slice(-1);
  if (unknownSnapshots.length === 0 || pool === undefined) return [];
  const ids = unknownSnapshots.join(', ');
  return [
    `The shares of ${checksummed(pool.address)} at snapshots ${ids} of ${tokenSymbol(token)} are not known: ` +
      'nothing of them is in the figures.',
  ];
}
