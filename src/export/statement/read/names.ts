import { checksummed } from '../../../address.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import type { ChainPeriod, StatedAsset, StatedEnd } from './statement.js';

/** What an asset is called: its symbol, or its address. */
export function assetName({ address, symbol }: StatedAsset): string {
  return symbol ?? (address === null ? 'native' : checksummed(address));
}

export function tokenSymbol({ symbol, address }: TokenRecord): string {
  return symbol ?? checksummed(address);
}

/** `2026-01-31 12:00:00`, in UTC. */
export function utcTimeText(time: Date | null): string {
  return time === null ? '' : time.toISOString().slice(0, 19).replace('T', ' ');
}

export function periodText(period: ChainPeriod): string {
  const { chainId, openingBlock, closingBlock, openingTime, closingTime, booked } = period;
  const from = openingTime === null ? '' : ` (after ${utcTimeText(openingTime)})`;
  const to = closingTime === null ? '' : ` (${utcTimeText(closingTime)})`;
  const hash =
    booked === null
      ? ''
      : booked.block === closingBlock
        ? `; its hash is ${booked.hash}`
        : `; the newest booked block is ${booked.block}, ${booked.hash}`;
  return `Chain ${chainId}: block ${openingBlock + 1}${from} to block ${closingBlock}${to}, UTC${hash}`;
}

/** Where books end before the period does. */
export function endText({ chainId, kind, address, lastBlock, why }: StatedEnd): string {
  return (
    `The books of ${kind} ${checksummed(address)} on chain ${chainId} end at block ${lastBlock} (${why}): ` +
    'its figures are those of that block'
  );
}
