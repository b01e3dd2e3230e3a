import { inWindow, NATIVE } from '../figures.js';
import { atBlock, HOLDER_FIGURES, ofHolder, ofToken, within } from '../subjects.js';
import type { Surface } from '../surface.js';
import { putPosition } from './graphqlObjects.js';

const SUMS = ['received', 'receipts', 'paid by claims', 'claims'] as const;

/** What subscriptions said last, over all commits and reorgs since they began. */
export const subscriptions: Surface = {
  surface: 'subscriptions',
  names: ['balance', ...HOLDER_FIGURES, ...SUMS, ...inWindow(['claimed', ...SUMS])],
  async read({ followed }, draw, sheet) {
    if (draw.until.kind !== 'head' || draw.token.address !== followed.token.address) return;
    const moment = atBlock(draw.until.block);
    const isLater = ({ block }: { readonly block: number }) => block > draw.after.block;
    for (const address of draw.holders) {
      const positions = followed.positions.get(address);
      if (positions === undefined) continue;
      putPosition(sheet, draw, { address, moment, positions });
      const claims = followed.claims.filter(({ holder }) => holder.toLowerCase() === address);
      const of = { ...ofHolder(draw, address, moment), asset: NATIVE, name: 'claimed' };
      sheet.put(of, sumOf(claims));
      sheet.put({ ...of, moment: within(draw) }, sumOf(claims.filter(isLater)));
    }
    for (const [rows, sum, count] of [
      [followed.receipts, 'received', 'receipts'],
      [followed.claims, 'paid by claims', 'claims'],
    ] as const) {
      const of = { ...ofToken(draw, moment), asset: NATIVE };
      const later = rows.filter(isLater);
      sheet.put({ ...of, name: sum }, sumOf(rows));
      sheet.put({ ...of, name: count }, rows.length);
      sheet.put({ ...of, moment: within(draw), name: sum }, sumOf(later));
      sheet.put({ ...of, moment: within(draw), name: count }, later.length);
    }
  },
};

function sumOf(rows: readonly { readonly amountWei: bigint }[]): bigint {
  return rows.reduce((sum, { amountWei }) => sum + amountWei, 0n);
}
