import { closest } from '../config/file/closest.js';
import { ImoError } from '../errors.js';

/** A dataset that there is not, with the one that was probably meant. */
export function unknownDataset(name: string, names: readonly string[]): ImoError {
  const meant = closest(name, names);
  return new ImoError(
    'EXPORT_UNKNOWN_DATASET',
    `"${name}" is not a dataset`,
    `${meant === null ? '' : `Did you mean ${meant}? `}Datasets: ${names.join(', ')}.`,
  );
}

/** An option that has a wrong value, or that the dataset does not take. */
export function badOption(message: string, hint: string): ImoError {
  return new ImoError('EXPORT_BAD_OPTION', message, hint);
}

export function badCursor(cursor: string): ImoError {
  return new ImoError(
    'EXPORT_BAD_CURSOR',
    `the cursor "${cursor.slice(0, 100)}" is not a row_id of this dataset`,
    'Give the row_id of the last whole row that you have.',
  );
}

export function reorganised(chainId: number, block: number): ImoError {
  return new ImoError(
    'CHAIN_REORGANISED',
    `chain ${chainId} has replaced blocks up to ${block} since the export started`,
    'Start the export again: the rows that you have may belong to blocks that a reorg removed.',
  );
}

export function pricesChanged(currency: string): ImoError {
  return new ImoError(
    'EXPORT_PRICES_CHANGED',
    `the feeds of prices in ${currency} have changed since the export started`,
    'Start the export again: the rows that you have are valued at other prices.',
  );
}

export function exportChanged(): ImoError {
  return new ImoError(
    'EXPORT_CHANGED',
    'the names, contracts or columns of the export have changed since it started',
    'Start the export again: the rows that you have were made from the earlier config or by an earlier version.',
  );
}
