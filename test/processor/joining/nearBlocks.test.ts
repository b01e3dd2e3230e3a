import { describe, expect, it } from 'vitest';
import { nearBlocks } from '../../../src/processor/joining/nearBlocks.js';

describe('blocks that a live index waits for', () => {
  it('are few before the past of a contract was read, also while the live index opens its books', () => {
    expect(nearBlocks({ isFollowing: false, rounds: 0 })).toBe(100);
    expect(nearBlocks({ isFollowing: true, rounds: 0 })).toBe(100);
  });

  it('are those of one round where the live index reads a backfill itself', () => {
    expect(nearBlocks({ isFollowing: false, rounds: 1 })).toBe(2_000);
    expect(nearBlocks({ isFollowing: true, rounds: 1 })).toBe(100);
  });
});
