import type { Address } from '../../address.js';
import type { PoolKind } from '../../ledger/pools/poolKinds.js';

/** A pool that is known, on its chain. */
export interface PoolPreset {
  /** What it is, for people. */
  readonly label: string;
  /** EIP-155 chain id. */
  readonly chainId: number;
  readonly address: Address;
  readonly kind: PoolKind;
  readonly token: Address;
}

/** Known pools by the names that `preset:` gives them (docs/pools.md#presets). */
export const POOL_PRESETS: Readonly<Record<string, PoolPreset>> = {
  // Its shares are an ERC-20 of its own. Which form of vault it has is not relied on.
  'olm-staking': {
    label: 'OLM staking pool',
    chainId: 1,
    address: '0x4f5e12233ed7ca1699894174fcbd77c7ed60b03d',
    kind: 'shares',
    token: '0xe5018913f2fdf33971864804ddb5fca25c539032',
  },
};
