import { describe, expect, it } from 'vitest';
import type { ChainCursor } from '../../../src/store/write/cursor.js';
import { agreedBlocks } from '../../../src/store/write/groups/agreedBlock.js';

/** A group that has indexed the blocks up to the last of `hot`, on the fork that the letter names. */
function group(finalized: number, hot: Readonly<Record<number, string>>): ChainCursor {
  const blocks = Object.entries(hot).map(([height, fork]) => ({
    height: Number(height),
    hash: `0x${fork}${height}`,
  }));
  const final = { height: finalized, hash: `0xa${finalized}` };
  return { head: { timestamp: null, ...(blocks.at(-1) ?? final) }, finalized: final, hot: blocks };
}

const headOf = (...groups: ChainCursor[]) => agreedBlocks(groups)?.head.height ?? null;

describe('the newest block that all groups of a chain have', () => {
  it('is the head of the one that is the least far', () => {
    const near = group(90, { 91: 'a', 92: 'a', 93: 'a' });
    expect(headOf(near, group(90, { 91: 'a' }))).toBe(91);
    expect(headOf(near, near)).toBe(93);
    expect(headOf(near, group(40, {}))).toBe(40);
    expect(headOf(group(70, {}), group(40, {}), near)).toBe(40);
  });

  it('is before the fork while one group has not followed a reorg', () => {
    const followed = group(90, { 91: 'a', 92: 'b', 93: 'b', 94: 'b' });
    expect(headOf(followed, group(90, { 91: 'a', 92: 'a', 93: 'a' }))).toBe(91);
    expect(headOf(followed, group(90, { 91: 'c', 92: 'c' }))).toBe(90);
  });

  it('is final where another group keeps no hash of a later block any more', () => {
    expect(headOf(group(95, { 96: 'a' }), group(90, { 91: 'a', 92: 'a' }))).toBe(90);
    expect(headOf(group(92, { 93: 'a' }), group(90, { 91: 'a', 92: 'a' }))).toBe(92);
  });

  it('is unknown where a final block of one is another block for another one', () => {
    const final = group(90, { 91: 'a' });
    expect(headOf(final, group(89, { 90: 'b', 91: 'b' }))).toBe(89);
    expect(headOf({ ...final, finalized: { height: 90, hash: '0xb90' } }, final)).toBeNull();
    expect(headOf()).toBeNull();
  });
});
