import { describe, expect, test } from 'vitest';
import { brokenNodes, placeFlow } from '../../../dashboard/src/charts/flowLayout.js';

const node = (id: string, column: number, value: bigint) => ({ id, column, value });
const link = (from: string, to: string, value: bigint) => ({ from, to, value });
const nodes = [node('all', 0, 10n), node('a', 1, 7n), node('b', 1, 3n)];
const links = [link('all', 'a', 7n), link('all', 'b', 3n)];

describe('a flow', () => {
  test('adds up when every place gets and gives exactly what it has', () => {
    expect(brokenNodes(nodes, links)).toEqual([]);
  });

  test('names each place that one wei is missing from', () => {
    expect(brokenNodes(nodes, [link('all', 'a', 6n), link('all', 'b', 3n)])).toEqual(['all', 'a']);
  });

  test('is as high as the amounts, with gaps between the places of a column', () => {
    const placed = placeFlow(nodes, links, { height: 110, gap: 10 });
    expect(placed.nodes.map(({ id, y, height }) => [id, y, height])).toEqual([
      ['all', 5, 100],
      ['a', 0, 70],
      ['b', 80, 30],
    ]);
    expect(placed.links.map(({ y0, y1, thickness }) => [y0, y1, thickness])).toEqual([
      [5, 0, 70],
      [75, 80, 30],
    ]);
  });

  test('leaves out empty places, and shows the smallest one', () => {
    const some = [
      node('all', 0, 10n ** 18n),
      node('a', 1, 10n ** 18n - 1n),
      node('b', 1, 1n),
      node('c', 1, 0n),
    ];
    const placed = placeFlow(some, [link('all', 'b', 1n), link('all', 'c', 0n)], {
      height: 100,
      gap: 0,
    });
    expect(placed.nodes.map(({ id }) => id)).toEqual(['all', 'a', 'b']);
    expect(placed.nodes.find(({ id }) => id === 'b')?.height).toBe(2);
    expect(placed.links.map(({ to }) => to)).toEqual(['b']);
  });

  test('of nothing draws nothing', () => {
    expect(placeFlow([node('all', 0, 0n)], [], { height: 100, gap: 0 })).toEqual({
      nodes: [],
      links: [],
    });
  });
});
