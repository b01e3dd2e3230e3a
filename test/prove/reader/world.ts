import type { Chain } from '../../../devnet/anvil.js';
import type { Address } from '../../../src/address.js';
import type { FollowedFigures } from './followed.js';

/** A revenue token of a world. */
export interface WorldToken {
  readonly address: Address;
  readonly startBlock: number;
  /** Everybody who ever held it, by the logs of the chain. */
  readonly holders: readonly Address[];
  /** Of each snapshot, by the logs of the chain. */
  readonly snapshotBlocks: readonly number[];
  /** `native`, then the ERC-20 that it shares. */
  readonly assets: readonly string[];
}

/** How amounts of something are written, by its contract. */
export interface Coin {
  readonly symbol: string;
  readonly decimals: number;
}

/** A price feed of the config. */
export interface WorldFeed {
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  readonly assetDecimals: number;
  readonly currency: string;
  readonly aggregator: string;
  readonly decimals: number;
  readonly staleAfterSeconds: number | null;
}

/** A chain that lived, its index, and everything that reads it. */
export interface ReaderWorld {
  readonly name: string;
  readonly chain: Chain;
  readonly head: number;
  readonly databaseUrl: string;
  /** Of the config, for commands. */
  readonly configPath: string;
  /** Of the GraphQL API. */
  readonly url: string;
  /** For files. */
  readonly folder: string;
  readonly tokens: readonly WorldToken[];
  /** By `native` and by address: tokens and assets. */
  readonly coins: ReadonlyMap<string, Coin>;
  readonly feeds: readonly WorldFeed[];
  /** Of the feeds. */
  readonly currencies: readonly string[];
  /** What subscriptions said last. */
  readonly followed: FollowedFigures;
}
