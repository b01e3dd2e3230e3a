import { SeededRandom } from '../../../devnet/random.js';
import { Clock } from './clock.js';
import { compareSheets, nothingCompared, type SheetComparison } from './compareSheets.js';
import { type Draw, Drawer } from './draw.js';
import { FigureSheet } from './figures.js';
import type { Surface } from './surface.js';
import { SURFACES } from './surfaces/all.js';
import type { ReaderWorld } from './world.js';

export interface ReaderOptions {
  readonly seed: number;
  readonly draws: number;
  /** The number of draws between two readings of slow surfaces, which also read the first draw. */
  readonly slowEvery: number;
  readonly surfaces?: readonly Surface[];
  /** Takes each draw, described, with what each surface said. */
  readonly onDraw: (text: string, sheets: readonly FigureSheet[]) => void;
}

/** Asks every surface of a world for the same draws, and compares all figures of each draw. */
export async function proveReader(
  world: ReaderWorld,
  options: ReaderOptions,
  total: SheetComparison = nothingCompared(),
): Promise<SheetComparison> {
  const { seed, draws, slowEvery, surfaces = SURFACES } = options;
  const clock = new Clock(world.chain, world.head);
  const drawer = new Drawer(world, clock, new SeededRandom(`draws ${seed}`));
  for (let number = 0; number < draws; number += 1) {
    const draw = number === 0 ? await drawer.followed() : await drawer.draw();
    const asked = surfaces.filter(({ isSlow }) => isSlow !== true || number % slowEvery === 0);
    const sheets = await readSheets(world, draw, asked);
    compareSheets(sheets, total);
    options.onDraw(`draw ${number + 1} of ${draws}, ${describeDraw(draw)}`, sheets);
    if (total.differences.length > 0) break;
  }
  return total;
}

async function readSheets(
  world: ReaderWorld,
  draw: Draw,
  surfaces: readonly Surface[],
): Promise<FigureSheet[]> {
  const sheets: FigureSheet[] = [];
  for (const { surface, read } of surfaces) {
    const sheet = new FigureSheet(surface);
    try {
      await read(world, draw, sheet);
    } catch (cause) {
      throw new Error(`${surface} does not answer: ${describeDraw(draw)}`, { cause });
    }
    sheets.push(sheet);
  }
  return sheets;
}

function describeDraw({ token, holders, after, until, currency }: Draw): string {
  const end = (moment: Draw['after']) => `${moment.kind} ${moment.end ?? moment.block}`;
  return `${token.address}, ${holders.length} holders, after ${end(after)} until ${end(until)}, ${currency}`;
}
