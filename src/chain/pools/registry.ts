import { id } from 'ethers';
import type { Address } from '../../address.js';
import type { PoolMapping } from '../../config/pools/poolMapping.js';
import type { PoolKind } from '../../ledger/pools/poolKinds.js';

/** What is known of one kind of pool. */
export interface PoolRules {
  /** What it is, as a sentence: the text of its value in the API. */
  readonly text: string;
  /** Views without arguments that a pool of this kind has. */
  readonly getters: readonly string[];
  /** `null`: the config says it. */
  readonly mapping: PoolMapping | null;
}

const SHARES_BY_TRANSFER: PoolMapping = {
  events: [
    {
      fragment: 'event Transfer(address indexed from, address indexed to, uint256 value)',
      movements: [{ kind: 'move', from: 'from', to: 'to', shares: 'value' }],
    },
  ],
  views: { shares: 'balanceOf(address)', total: 'totalSupply()' },
  beneficiary: null,
};

/** The rules of each kind of pool; a kind without them does not compile. */
export const POOL_RULES: Readonly<Record<PoolKind, PoolRules>> = {
  erc4626: {
    text: 'An ERC-4626 vault over the token. Its own ERC-20 is the shares.',
    getters: ['asset()', 'totalAssets()', 'totalSupply()'],
    mapping: SHARES_BY_TRANSFER,
  },
  shares: {
    text: 'A pool whose own ERC-20 is the shares.',
    getters: ['totalSupply()'],
    mapping: SHARES_BY_TRANSFER,
  },
  vesting: {
    text: 'A vesting wallet: all of it belongs to its owner or beneficiary, as one share.',
    getters: [],
    mapping: {
      events: [
        {
          fragment:
            'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
          movements: [{ kind: 'move', from: 'previousOwner', to: 'newOwner', shares: null }],
        },
      ],
      views: { shares: 'owner()', total: null },
      beneficiary: null,
    },
  },
  custom: {
    text: 'Described in imo.yaml by its ABI and a mapping of its events and views.',
    getters: [],
    mapping: null,
  },
};

/** A vesting wallet whose beneficiary never changes and is never logged. */
export function fixedBeneficiary(beneficiary: Address): PoolMapping {
  return { events: [], views: { shares: 'beneficiary()', total: null }, beneficiary };
}

/** Call data of a view; of one that takes an account, with it. */
export function viewData(signature: string, account: Address): string {
  const selector = id(signature).slice(0, 10);
  return signature.endsWith('(address)') ? selector + account.slice(2).padStart(64, '0') : selector;
}

/** What the view of shares returns for a depositor; `null`: it does not show it. */
export function answerOf(
  { shares: view }: PoolMapping['views'],
  depositor: Address,
  shares: bigint,
): bigint | null {
  if (view.endsWith('(address)')) return shares;
  return shares > 0n ? BigInt(depositor) : null;
}
