import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyMintPayment,
  applyMintRevenue,
  applyTokenMove,
  contentVerdictOf,
  EMPTY_COLLECTION,
  finalityOf,
  NOBODY,
  promptVerdictOf,
  proofTypeOf,
  supplyOf,
} from '../../src/ledger/collection.js';

const ALICE = `0x${'aa'.repeat(20)}`;
const BOB = `0x${'bb'.repeat(20)}`;

describe('a token moves from its owner only', () => {
  it('mints and burns change the supply, trades do not', () => {
    const tokenId = 7n;
    let state = applyTokenMove(EMPTY_COLLECTION, NOBODY, { tokenId, from: NOBODY, to: ALICE });
    state = applyTokenMove(state, ALICE, { tokenId, from: ALICE, to: BOB });
    expect(supplyOf(state)).toBe(1n);
    state = applyTokenMove(state, BOB, { tokenId, from: BOB, to: NOBODY });
    expect(state).toEqual({ ...EMPTY_COLLECTION, minted: 1n, burned: 1n });
    expect(supplyOf(state)).toBe(0n);
  });

  it.each([
    ['a second mint', ALICE, NOBODY, BOB],
    ['a trade by a stranger', ALICE, BOB, BOB],
    ['a burn of nothing', NOBODY, ALICE, NOBODY],
  ])('%s is refused', (_, owner, from, to) => {
    expect(() => applyTokenMove(EMPTY_COLLECTION, owner, { tokenId: 7n, from, to })).toThrow(
      expect.objectContaining({ code: 'LEDGER_NOT_THE_OWNER' }),
    );
  });

  it('the supply is the number of tokens with an owner, in any order of moves', () => {
    const accounts = [NOBODY, ALICE, BOB];
    const move = fc.record({ tokenId: fc.bigInt(0n, 3n), to: fc.constantFrom(...accounts) });
    fc.assert(
      fc.property(fc.array(move), (moves) => {
        const owners = new Map<bigint, string>();
        let state = EMPTY_COLLECTION;
        for (const { tokenId, to } of moves) {
          const from = owners.get(tokenId) ?? NOBODY;
          state = applyTokenMove(state, from, { tokenId, from, to });
          owners.set(tokenId, to);
        }
        const living = [...owners.values()].filter((owner) => owner !== NOBODY).length;
        expect(supplyOf(state)).toBe(BigInt(living));
      }),
    );
  });
});

it('payments and revenue add up, inside and outside the calls that minted', () => {
  let state = applyMintPayment(EMPTY_COLLECTION, 100n);
  state = applyMintRevenue(state, 60n, true);
  state = applyMintRevenue(applyMintPayment(state, 1n), 7n, false);
  expect(state).toEqual({
    ...EMPTY_COLLECTION,
    paidWei: 101n,
    revenueWei: 60n,
    besideRevenueWei: 7n,
  });
});

it('only an updatable collection is proved by fraud, and only an update ends its provision', () => {
  expect([proofTypeOf(true, false), proofTypeOf(true, true), proofTypeOf(false, false)]).toEqual([
    'validity',
    'fraud',
    null,
  ]);
  expect(finalityOf('validity', false, 'none')).toBe('final');
  expect(finalityOf('fraud', false, 'oracle')).toBe('provisional');
  expect(finalityOf('fraud', true, 'oracle')).toBe('updated');
  expect(finalityOf(null, false, 'none')).toBeNull();
});

it('a content is final where verify accepted it, and is not where verify refused it', () => {
  expect(finalityOf(null, false, 'verified')).toBe('final');
  expect(finalityOf('validity', false, 'unproven')).toBeNull();
  expect(finalityOf('fraud', false, 'verified')).toBe('provisional');
});

describe('the verdict on a prompt and a content', () => {
  const facts = {
    tokenId: 7n,
    promptHash: `0x${'11'.repeat(32)}`,
    isOwnAnswer: true,
    isMintCall: true,
    matchesView: true,
    isVerified: true,
  };

  it('names the strongest reason', () => {
    const tokenId = BigInt(facts.promptHash);
    expect(promptVerdictOf({ ...facts, tokenId, matchesView: false })).toBe('id');
    expect(promptVerdictOf(facts)).toBe('view');
    expect(promptVerdictOf({ ...facts, matchesView: false })).toBe('other');
    expect(promptVerdictOf({ ...facts, matchesView: null })).toBe('oracle');
    const others = { ...facts, matchesView: null, isOwnAnswer: false };
    expect(promptVerdictOf(others)).toBe('mint');
    expect(promptVerdictOf({ ...others, isMintCall: false })).toBe('none');
    expect(contentVerdictOf(facts)).toBe('oracle');
    expect(contentVerdictOf(others)).toBe('verified');
    expect(contentVerdictOf({ ...others, isVerified: false })).toBe('unproven');
    expect(contentVerdictOf({ ...others, isVerified: null })).toBe('none');
  });
});
