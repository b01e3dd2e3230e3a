import { stringify } from 'yaml';
import { checksummed } from '../../address.js';
import type { ContractList, Found } from '../found.js';
import { commentLines } from './commentLines.js';

/** The entries of a list as lines of a comment: for what is only likely. */
export function likelyText(list: ContractList, found: readonly Found[]): string {
  const lines = found.flatMap(({ address, keys, comments }) => {
    const [first = '', ...more] = stringify({ address: checksummed(address), ...keys }, STYLE)
      .trimEnd()
      .split('\n');
    return [
      ...commentLines(comments).map((line) => `  # ${line}`),
      `  - ${first}`,
      ...more.map((line) => `    ${line}`),
    ];
  });
  return [`likely, to be checked before it is uncommented:`, `${list}:`, ...lines]
    .map((line) => ` ${line}`)
    .join('\n');
}

const STYLE = { lineWidth: 0, defaultStringType: 'PLAIN' } as const;
