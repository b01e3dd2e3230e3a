import { figureKey, inWindow } from '../figures.js';
import { atBlock, within } from '../subjects.js';
import type { Surface } from '../surface.js';
import { statesOf } from './graphqlObjects.js';

/** Figures that only grow, and grow only by what a window has. */
const GROWING: readonly string[] = [
  'claimed',
  'redeemed',
  'received',
  'paid by claims',
  'paid by burns',
];

/** What came in a window: the state at its end less the state at its start. */
export const differences: Surface = {
  surface: 'differences of states',
  names: inWindow(GROWING),
  async read(world, draw, sheet) {
    const states = await statesOf(world, draw);
    for (const [, { value, ...of }] of [...states.entries()]) {
      if (of.moment !== atBlock(draw.until.block) || !GROWING.includes(of.name)) continue;
      const before = states.get(figureKey({ ...of, moment: atBlock(draw.after.block) }));
      if (before === undefined) continue;
      sheet.put({ ...of, moment: within(draw) }, BigInt(value) - BigInt(before.value));
    }
  },
};
