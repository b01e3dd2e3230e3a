import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../support/databases/postgres.js';
import { brokenAt } from './reader/broken.js';
import { compareSheets, nothingCompared, type SheetComparison } from './reader/compareSheets.js';
import { FigureSheet } from './reader/figures.js';
import { gapsOf } from './reader/gaps.js';
import { startLife } from './reader/lifeWorld.js';
import type { LivingWorld } from './reader/livingWorld.js';
import { openWorld } from './reader/openWorld.js';
import { proveReader } from './reader/proveReader.js';
import { describeDifference } from './reader/readerReport.js';
import { SHORT_LIFE } from './reader/seeds.js';
import { SURFACES } from './reader/surfaces/all.js';
import { decimalSum } from './reader/worth.js';

const OF = { subject: 'token 0x1', moment: 'at block 7', name: 'supply', asset: 'tokens' };

function sheet(surface: string, value: string): FigureSheet {
  const one = new FigureSheet(surface);
  one.put(OF, value);
  return one;
}

describe('figures that are compared', () => {
  it('differ where two surfaces say different values of the same figure', () => {
    const { pairs, differences } = compareSheets([sheet('API', '7'), sheet('CSV', '8')]);
    expect(pairs.get('API | CSV')).toBe(1);
    expect(differences).toEqual([
      expect.objectContaining({ one: 'API', other: 'CSV', values: ['7', '8'] }),
    ]);
  });

  it('differ where one surface contradicts itself', () => {
    const api = sheet('API', '7');
    api.put(OF, '8');
    expect(compareSheets([api]).differences).toEqual([
      expect.objectContaining({ one: 'API', other: 'API', values: ['7', '8'] }),
    ]);
  });

  it('are missed where a pair compared nothing, or a surface has none or others', () => {
    const surfaces = [
      { surface: 'API', names: ['supply', 'held'] },
      { surface: 'CSV', names: ['supply'] },
    ];
    const other = new FigureSheet('CSV');
    other.put({ ...OF, name: 'price' }, '1');
    expect(gapsOf(surfaces, compareSheets([sheet('API', '7'), other]))).toEqual([
      'nothing compared: API | CSV',
      'never said: API: held',
      'never said: CSV: supply',
      'not declared: CSV: price',
      'only one surface has: held',
    ]);
  });

  it('are added without a float', () => {
    expect(decimalSum(['0.1', '0.2', '-0.30', '12345678901234567890.5'])).toBe(
      '12345678901234567890.5',
    );
  });
});

describe('the surfaces of a random life (long: npm run prove:reader)', () => {
  const { seed, draws, ...length } = SHORT_LIFE;
  const lines: string[] = [];
  const read: (readonly FigureSheet[])[] = [];
  let living: LivingWorld;
  let total: SheetComparison;

  beforeAll(async () => {
    const say = (line: string) => void lines.push(line);
    living = await startLife(seed, length);
    const world = await openWorld(living, await freshDatabase(), say);
    const onDraw = (text: string, sheets: readonly FigureSheet[]) => {
      say(text);
      read.push(sheets);
    };
    const options = { seed, draws, slowEvery: draws, onDraw };
    total = await proveReader(world, options, nothingCompared()).finally(world.close);
  }, 600_000);
  afterAll(() => living?.stop());

  it('say the same figures as each other and as the contract, and leave no pair out', () => {
    expect(total.differences.map(describeDifference), lines.join('\n')).toEqual([]);
    expect(gapsOf(SURFACES, total)).toEqual([]);
    const compared = [...total.pairs.values()].reduce((sum, count) => sum + count, 0);
    expect(compared).toBeGreaterThan(5_000);
  });

  it.each(SURFACES.map(({ surface, names }) => ({ surface, names })))(
    'a fault in any figure of $surface is found',
    ({ surface, names }) => {
      for (const name of names) {
        const found = read.flatMap((sheets) => brokenAt(sheets, surface, name) ?? []);
        expect(found.length, name).toBeGreaterThan(0);
        expect(found, name).not.toContain(false);
      }
    },
  );
});
