import type { Address } from '../address.js';
import type { AuditConfig } from './audit.js';
import type { CollectionConfig } from './contracts/collections.js';
import type { OracleConfig } from './contracts/oracles.js';
import type { StatedPolicy } from './contracts/policy.js';
import type { PriceFeedConfig } from './contracts/prices.js';
import type { FactoryConfig } from './factories/factories.js';
import type { GroupConfig } from './groups.js';
import type { PoolConfig } from './pools/pools.js';
import type { SaleConfig } from './sales/sales.js';
import type { ServingConfig } from './serving.js';
import type { CacheConfig } from './source/cache.js';
import type { SourceConfig } from './source/source.js';
import type { SqdEndpoint } from './source/sqd.js';

/** What to index: the validated contents of `imo.yaml`. */
export interface ImoConfig {
  readonly chains: readonly ChainConfig[];
  /** How the API behaves towards its clients; left out: by the defaults. */
  readonly api?: ServingConfig;
}

export interface ChainConfig {
  /** EIP-155 chain id. */
  readonly id: number;
  readonly name: string;
  /** JSON-RPC endpoint, http(s) or ws(s); `${ENV}` already replaced. May contain a key. */
  readonly rpcUrl: string;
  /** More endpoints of the same chain, for when the first one fails. */
  readonly fallbackRpcUrls: readonly string[];
  /** URL of a block explorer, without a slash at its end, that links lead to; `null` or left out: none. */
  readonly explorer?: string | null;
  /** How long a node may take for one answer; default 30 s. */
  readonly rpcTimeoutSeconds?: number;
  /** How long a node may trace a transaction; default 20 s. */
  readonly traceTimeoutSeconds?: number;
  /** SQD Portal that finds the final blocks that concern us. */
  readonly portal?: SqdEndpoint | null;
  /** SQD v2 gateway that finds them. */
  readonly gatewayUrl: string | null;
  /** How final blocks are read; default: as the endpoints can. */
  readonly source?: SourceConfig;
  readonly gatewayKey?: string | null;
  /** Where what was read of final blocks is kept; `null` or left out here: nowhere. */
  readonly cache?: CacheConfig | null;
  /** Blocks on top of a block before it counts as final. */
  readonly finalityConfirmation: number;
  /** Where to start tokens without a `startBlock`; `null`: at their deployment. */
  readonly startBlock: number | null;
  /** How often to ask for a new head. */
  readonly headPollIntervalSeconds: number;
  /** That is the longest time; the pace of the chain decides. */
  readonly headPollAdapts?: boolean;
  /** May be empty where other contracts are indexed. */
  readonly tokens: readonly TokenConfig[];
  /** Addresses with a name, to tell where revenue comes from. */
  readonly labels: readonly LabelConfig[];
  /** Sales of the tokens. */
  readonly sales: readonly SaleConfig[];
  /** Pools that hold the tokens for depositors; left out: none is looked through. */
  readonly lookThrough?: readonly PoolConfig[];
  /** ERC-7007 collections whose mints pay in. */
  readonly collections: readonly CollectionConfig[];
  /** AI oracles whose models pay the tokens. */
  readonly oracles: readonly OracleConfig[];
  /** Contracts that create contracts to index; left out: none. */
  readonly factories?: readonly FactoryConfig[];
  /** Where prices come from; left out: from nowhere. */
  readonly prices?: readonly PriceFeedConfig[];
  /** Contracts that processes of their own index; left out: one process indexes the chain. */
  readonly groups?: readonly GroupConfig[];
  /** What is checked while the head is followed; `null` or left out: nothing. */
  readonly audit?: AuditConfig | null;
}

export interface LabelConfig {
  readonly address: Address;
  readonly name: string;
}

export interface TokenConfig {
  /** Lower case. */
  readonly address: Address;
  /** Name of a revenue policy, `auto` (found out from the contract), or stated in parts. */
  readonly policy: string | StatedPolicy;
  /** First block to index; must not be after the deployment. `null`: found by itself. */
  readonly startBlock: number | null;
  /** ERC-20 assets that it shares from its deployment on, in addition to those that it lists. */
  readonly assets: readonly Address[];
}
