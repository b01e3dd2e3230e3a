import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/address.js';
import type { PoolConfig } from '../../src/config/pools/pools.js';
import type { EntryFinding } from '../../src/plan/plan.js';
import { poolsWithoutToken } from '../../src/plan/poolsWithoutToken.js';

const TOKEN: Address = `0x${'1'.repeat(40)}`;
const OUTER: Address = `0x${'2'.repeat(40)}`;
const INNER: Address = `0x${'3'.repeat(40)}`;
/** A vault without `token`: the contract says what it holds. */
const vault = (address: Address): PoolConfig => ({
  ...{ address, kind: 'erc4626', token: null },
  ...{ startBlock: null, label: null, custom: null },
});
const KNOWN = [
  { address: OUTER, holds: TOKEN },
  { address: INNER, holds: OUTER },
];

describe('a config is refused that leaves a pool without a token behind it', () => {
  const refusals = (
    tokens: readonly Address[],
    pools: readonly Address[],
    findings: readonly (readonly [Address, EntryFinding])[] = [],
  ) =>
    poolsWithoutToken(
      {
        tokens: tokens.map((address) => {
          return { address, policy: 'auto', startBlock: null, assets: [] };
        }),
        lookThrough: pools.map(vault),
      },
      KNOWN,
      new Map(findings.map(([address, finding]) => [`lookThrough ${address}`, finding])),
    ).map(({ entry, code }) => `${entry} ${code}`);

  it('if the vault goes whose shares another vault holds', () => {
    expect(refusals([TOKEN], [INNER])).toEqual([`lookThrough ${INNER} POOL_ASSET_DIFFERS`]);
  });

  it('if the token goes', () => {
    expect(refusals([], [OUTER, INNER])).toHaveLength(2);
  });

  it('and not if everything stays, or if the pool holds another token now', () => {
    expect(refusals([TOKEN], [OUTER, INNER])).toEqual([]);
    const other = { startBlock: 1, isSame: false, holds: TOKEN };
    expect(refusals([TOKEN], [INNER], [[INNER, other]])).toEqual([]);
  });

  it('and leaves out pools behind one that is refused itself', () => {
    const refusal = { code: 'POOL_KIND_DIFFERS', message: '', hint: '' };
    expect(refusals([TOKEN], [OUTER, INNER], [[OUTER, { refusal }]])).toEqual([]);
  });
});
