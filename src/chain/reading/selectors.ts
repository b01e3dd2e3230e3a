import { id } from 'ethers';
import { functions as erc20 } from '../../abi/erc20.js';
import { events, functions } from '../../abi/erc7641.js';
import { PAYING_SELECTORS } from './payingCalls.js';

/** Functions whose frames are operations, and the two logs of ERC-7641. */
export const SNAPSHOT = functions.snapshot.selector;

/** AltRevToken: accepts an ERC-20 as revenue from now on (draft of ERC-7641). */
export const ADD_REVENUE_TOKEN = functions.addRevenueToken.selector;
/** How a token pays in an ERC-20. */
export const ERC20_TRANSFER = erc20.transfer.selector;
/** How a token finds out what it holds of an ERC-20. */
export const ERC20_BALANCE_OF = erc20.balanceOf.selector;

export const OPERATION_SELECTORS: ReadonlySet<string> = new Set([
  SNAPSHOT,
  ...PAYING_SELECTORS,
  ADD_REVENUE_TOKEN,
]);

export const TRANSFER_TOPIC = events.Transfer.topic;
export const SNAPSHOT_TOPIC = events.Snapshot.topic;

/**
 * What a proxy logs when its code, or the beacon that names its code, changes (EIP-1967), and a diamond
 * when it gets other facets (EIP-2535).
 */
export const UPGRADE_TOPICS: readonly string[] = [
  id('Upgraded(address)'),
  id('BeaconUpgraded(address)'),
  id('DiamondCut((address,uint8,bytes4[])[],address,bytes)'),
];
