import type { CopyDescription } from '../../store/backup/description.js';
import { formatCount } from '../output/rate.js';

/** How far the books in a copy go, one line per chain. */
export function chainLines({ chains }: CopyDescription): string {
  if (chains.length === 0) return '  no chain is indexed\n';
  return chains
    .map(({ chainId, block, finalBlock, ledgerHash }) => {
      const hash =
        ledgerHash === null
          ? 'no ledger hash yet'
          : `ledger hash ${ledgerHash.hash} at block ${formatCount(ledgerHash.block)}`;
      return `  chain ${chainId}: block ${formatCount(block)}, final ${formatCount(finalBlock)}, ${hash}\n`;
    })
    .join('');
}

export function rowsText(rows: number, startedAt: number): string {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return `${formatCount(rows)} rows (${seconds} s)`;
}
