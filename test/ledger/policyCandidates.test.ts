import { describe, expect, it } from 'vitest';
import { fittingCandidates, onlyCandidate } from '../../src/ledger/policies/observation.js';
import type { Getters } from '../../src/ledger/policies/policy.js';
import {
  candidatesFor,
  nearestPolicy,
  policyLike,
  policyNamed,
  REGISTRY,
} from '../../src/ledger/policies/registry.js';

const INTERVAL: Getters = { 'snapshotInterval()': 100n, 'lastSnapshotBlock()': 7n };
const HIDDEN: Getters = { 'percentClaimable()': 80n, ...INTERVAL };
const names = (candidates: readonly { readonly policy: { readonly name: string } }[]) =>
  candidates.map(({ policy }) => policy.name);

/** `redeemableOnBurn(100 S)` with new revenue `n`, an empty burn pool and 20 % redeemable. */
const byReference = (n: bigint) => n * 20n;
const byWindowed = (n: bigint) => 100n * ((n * 20n) / 100n);

describe('the candidates for a contract', () => {
  it('are one family where only that family is published with such getters', () => {
    const windowed = { ...HIDDEN, 'SNAPSHOT_CLAIMABLE_NUMBER()': 2n };
    expect(names(candidatesFor(windowed))).toEqual(['windowed']);
    expect(candidatesFor({ 'percentClaimable()': 60n })[0]).toMatchObject({
      policy: { name: 'reference' },
      recognisedBy: 'getters',
      terms: { percentClaimable: 60n, window: null, interval: null, intervalUnit: null },
    });
  });

  it('are all that share in different ways behind the same getters', () => {
    expect(names(candidatesFor(HIDDEN))).toEqual([
      'windowed-three',
      'windowed-three-reference',
      'reference-interval',
      'reference-interval-windowed',
    ]);
    expect(onlyCandidate(candidatesFor(HIDDEN))).toBeNull();
  });

  it('share one ERC-20 completely where no getter says a percentage', () => {
    expect(candidatesFor(INTERVAL)).toMatchObject([
      { policy: { name: 'one-asset' }, terms: { percentClaimable: 100n, window: null } },
    ]);
    const windowed = { ...INTERVAL, 'SNAPSHOT_CLAIMABLE_NUMBER()': 2n };
    expect(names(candidatesFor(windowed))).toEqual(['one-asset-windowed']);
  });

  it('do not exist for percentages outside 0 to 100, or for a contract without getters', () => {
    expect(candidatesFor({ ...HIDDEN, 'percentClaimable()': 101n })).toEqual([]);
    expect(candidatesFor({})).toEqual([]);
  });

  it('are one more for each line of data that is added', () => {
    const toy = policyLike('windowed', { window: 7, interval: 'optional' });
    const registry = [...REGISTRY, { policy: toy, recognisedBy: 'behaviour' as const }];
    expect(names(candidatesFor(HIDDEN, registry)).at(-1)).toBe('windowed-like');
    const open = { first: 4, count: 7 };
    const found = fittingCandidates(candidatesFor(HIDDEN, registry), { open, hundredfold: null });
    expect(onlyCandidate(found)?.terms).toEqual({
      percentClaimable: 80n,
      window: 7,
      interval: 100n,
      intervalUnit: 'blocks',
    });
  });
});

describe('figures that the views report', () => {
  const fitting = (
    first: number,
    count: number,
    now: bigint,
    oneWeiMore: bigint | null,
    getters = HIDDEN,
  ) =>
    names(
      fittingCandidates(candidatesFor(getters), {
        open: { first, count },
        hundredfold: { now, oneWeiMore },
      }),
    );

  it('separate the window by the snapshots that are open, the rounding by one wei more', () => {
    for (const n of [0n, 4n, 5n, 999n]) {
      const rounded = [byWindowed(n), byWindowed(n + 1n)] as const;
      const exact = [byReference(n), byReference(n + 1n)] as const;
      expect(fitting(2, 3, ...rounded)).toEqual(['windowed-three']);
      expect(fitting(2, 3, ...exact)).toEqual(['windowed-three-reference']);
      expect(fitting(1, 4, ...rounded)).toEqual(['reference-interval-windowed']);
      expect(fitting(1, 4, ...exact)).toEqual(['reference-interval']);
    }
  });

  it('leave open what they cannot say: a window that is not full, a node without other balances', () => {
    expect(fitting(1, 3, byReference(4n), byReference(5n))).toEqual([
      'windowed-three-reference',
      'reference-interval',
    ]);
    expect(fitting(3, 3, 100n, null)).toEqual(['windowed-three', 'windowed-three-reference']);
    expect(fitting(3, 3, 80n, null)).toEqual(['windowed-three-reference']);
  });

  it('fit no candidate where the contract has another window or another rounding', () => {
    expect(fitting(4, 2, byReference(4n), byReference(5n))).toEqual([]);
    expect(fitting(3, 3, 80n, 107n)).toEqual([]);
  });

  it('speak against the reference behind its own getters', () => {
    const plain = { 'percentClaimable()': 80n };
    expect(fitting(2, 3, byReference(4n), byReference(5n), plain)).toEqual([
      'windowed-three-reference',
    ]);
  });

  it('need not separate the roundings where both give the same: at 0 and 100 percent', () => {
    for (const percent of [0n, 100n]) {
      const candidates = candidatesFor({ ...HIDDEN, 'percentClaimable()': percent });
      const open = { first: 9, count: 3 };
      const found = fittingCandidates(candidates, { open, hundredfold: null });
      expect(onlyCandidate(found)?.policy.name).toBe('windowed-three');
    }
  });
});

describe('a refusal', () => {
  it('names the nearest policy and each difference', () => {
    const nearest = nearestPolicy({ ...INTERVAL, 'percentClaimable()': 101n });
    expect(nearest?.differences).toEqual(['percentClaimable() says 101, more than 100']);
    const both = { ...HIDDEN, 'lastSnapshotTimestamp()': 5n, 'SNAPSHOT_CLAIMABLE_NUMBER()': 2n };
    expect(nearestPolicy(both)).toMatchObject({
      policy: { name: 'windowed' },
      differences: ['it has both lastSnapshotTimestamp() and lastSnapshotBlock()'],
    });
  });

  it('does not accept a stated part that a getter contradicts', () => {
    const stated = policyLike('windowed', { window: 3 });
    const getters = { ...HIDDEN, 'SNAPSHOT_CLAIMABLE_NUMBER()': 2n };
    expect(nearestPolicy(getters, [stated])?.differences).toEqual([
      'SNAPSHOT_CLAIMABLE_NUMBER() says 2, the policy 3',
    ]);
  });
});

describe('a stated policy', () => {
  it('has the name of a known one if its parts are the same', () => {
    expect(policyLike('windowed', { window: 3, interval: 'optional' })).toBe(
      policyNamed('windowed-three'),
    );
  });

  it('has the stated interval', () => {
    const interval = { unit: 'blocks', length: '648000' } as const;
    const policy = policyLike('windowed', { window: 3, rounding: 'reference', interval });
    expect(policy.termsFrom({ 'percentClaimable()': 80n })).toEqual({
      percentClaimable: 80n,
      window: 3,
      interval: 648000n,
      intervalUnit: 'blocks',
    });
  });
});
