import { z } from 'zod';
import { LAST_CHAIN_ID } from '../chainIds.js';
import { AUDIT_KEY_HINTS, AUDIT_KEYS, auditField } from './audit.js';
import { COLLECTION_KEY_HINTS, COLLECTION_KEYS, collectionField } from './contracts/collections.js';
import { checkContracts } from './contracts/contracts.js';
import { ORACLE_KEY_HINTS, ORACLE_KEYS, oracleField } from './contracts/oracles.js';
import { POLICY_KEY_HINTS, POLICY_KEYS, policyField } from './contracts/policy.js';
import { checkPriceFeeds, PRICE_KEY_HINTS, PRICE_KEYS, priceField } from './contracts/prices.js';
import {
  checkFactories,
  FACTORY_KEY_HINTS,
  FACTORY_KEYS,
  factoriesOf,
  factoryFields,
} from './factories/factories.js';
import { explorerField } from './file/explorer.js';
import { addressField, urlListField } from './file/fields.js';
import { checkGroups, GROUP_KEY_HINTS, GROUP_KEYS, groupsField } from './groups.js';
import { checkPools, poolsOfChain } from './pools/checkPools.js';
import { POOL_KEY_HINTS, POOL_KEYS, poolField } from './pools/pools.js';
import { SALE_KEY_HINTS, SALE_KEYS, saleField } from './sales/sales.js';
import { SERVING_KEY_HINTS, SERVING_KEYS, servingField } from './serving.js';
import { CACHE_KEY_HINTS, CACHE_KEYS, cacheField } from './source/cache.js';
import { checkSource, SOURCE_KEY_HINTS, SOURCE_KEYS, sourceField } from './source/source.js';
import { SQD_KEY_HINTS, SQD_KEYS, sqdField } from './source/sqd.js';
import { TRACE_TIMEOUT_SECONDS } from './source/traceTimeout.js';
import type { ImoConfig } from './types.js';

/** Two epochs of Ethereum and a margin: what its consensus finalises. */
const DEFAULT_FINALITY = 75;
/** Where the pace of the chain decides. */
const LONGEST_HEAD_POLL_SECONDS = 5;
const DEFAULT_RPC_TIMEOUT_SECONDS = 30;
/** Up to 2^53 - 1: what `z.int` takes. */
const block = z.int().min(0).nullish();

/** The keys of each level, by the list of its entries; the file itself is `""`. */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': ['chains', 'api'],
  chains: [
    'id',
    'name',
    'rpc',
    'explorer',
    'rpcTimeoutSeconds',
    'traceTimeoutSeconds',
    'portal',
    'gateway',
    'source',
    'cache',
    'finality',
    'startBlock',
    'headPollSeconds',
    'tokens',
    'labels',
    'sales',
    'lookThrough',
    'collections',
    'oracles',
    'tokensFrom',
    'collectionsFrom',
    'salesFrom',
    'prices',
    'audit',
    'groups',
  ],
  tokens: ['address', 'policy', 'startBlock', 'assets'],
  labels: ['address', 'name'],
  ...POLICY_KEYS,
  ...SALE_KEYS,
  ...POOL_KEYS,
  ...COLLECTION_KEYS,
  ...ORACLE_KEYS,
  ...FACTORY_KEYS,
  ...PRICE_KEYS,
  ...AUDIT_KEYS,
  ...SERVING_KEYS,
  ...SQD_KEYS,
  ...CACHE_KEYS,
  ...SOURCE_KEYS,
  ...GROUP_KEYS,
};

/** What each key wants, for the hint of an error. */
export const KEY_HINTS: Readonly<Record<string, string>> = {
  chains: 'Write `chains:` and below it a list with one entry per chain: `- id: 1`, …',
  id: 'Write the EIP-155 chain id, a whole number: 1 for Ethereum, 8453 for Base.',
  name: 'Write a name for people, e.g. `name: ethereum`, or leave it out.',
  rpc: 'Write the JSON-RPC URL of a node with traces, e.g. `rpc: http://localhost:8545`, or a list of them.',
  explorer:
    'Write the URL of a block explorer, e.g. `explorer: https://etherscan.io`, or leave it out: then there are no links.',
  rpcTimeoutSeconds:
    'Write how long a node may take for one answer, in seconds, e.g. `rpcTimeoutSeconds: 30`.',
  traceTimeoutSeconds:
    'Write how long a node may trace a transaction, in whole seconds, e.g. `traceTimeoutSeconds: 20`.',
  finality: 'Write after how many blocks a block is final, a whole number, e.g. `finality: 75`.',
  startBlock: 'Write a block number not after the deployment, or leave it out: then it is found.',
  headPollSeconds: 'Write how often to ask for new blocks, in seconds, e.g. `headPollSeconds: 5`.',
  tokens:
    'Write `tokens:` and below it a list with one entry per token: `- address: 0x…`, or leave it out.',
  labels: 'Write `labels:` and below it a list: `- address: 0x…`, `  name: treasury`.',
  address: 'Write the address of the revenue token, 0x and 40 hex digits.',
  assets:
    'Write the ERC-20 assets that an AltRevToken shares and does not list itself, or leave it out.',
  ...POLICY_KEY_HINTS,
  ...SALE_KEY_HINTS,
  ...POOL_KEY_HINTS,
  ...COLLECTION_KEY_HINTS,
  ...ORACLE_KEY_HINTS,
  ...FACTORY_KEY_HINTS,
  ...PRICE_KEY_HINTS,
  ...AUDIT_KEY_HINTS,
  ...SERVING_KEY_HINTS,
  ...SQD_KEY_HINTS,
  ...CACHE_KEY_HINTS,
  ...SOURCE_KEY_HINTS,
  ...GROUP_KEY_HINTS,
};

const token = z
  .strictObject({
    address: addressField,
    policy: policyField.default('auto'),
    startBlock: block,
    assets: z.array(addressField).default([]),
  })
  .transform(({ startBlock, ...token }) => ({ ...token, startBlock: startBlock ?? null }));
const label = z.strictObject({ address: addressField, name: z.string().min(1) });

/**
 * The contents of imo.yaml, with `${NAME}` replaced from `env` and the defaults filled in.
 *
 * @param folder of the file: paths in it are relative to it.
 */
export function configSchema(env: NodeJS.ProcessEnv, folder: string) {
  const chain = z
    .strictObject({
      id: z.int().min(1).max(LAST_CHAIN_ID),
      name: z.string().min(1).nullish(),
      rpc: urlListField(env, ['http', 'https', 'ws', 'wss']),
      explorer: explorerField.nullish(),
      rpcTimeoutSeconds: z.number().min(0.1).max(600).default(DEFAULT_RPC_TIMEOUT_SECONDS),
      traceTimeoutSeconds: z.int().min(1).max(600).default(TRACE_TIMEOUT_SECONDS),
      portal: sqdField(env).nullish(),
      gateway: sqdField(env).nullish(),
      source: sourceField,
      cache: cacheField(folder),
      finality: z.int().min(0).default(DEFAULT_FINALITY),
      startBlock: block,
      headPollSeconds: z.number().min(0.1).max(3600).optional(),
      tokens: z.array(token).default([]),
      labels: z.array(label).default([]),
      sales: z.array(saleField(folder, block)).default([]),
      lookThrough: z.array(poolField(folder, block)).default([]),
      collections: z.array(collectionField(block)).default([]),
      oracles: z.array(oracleField(block)).default([]),
      ...factoryFields(folder, block),
      prices: z.array(priceField(block)).default([]),
      ...{ audit: auditField, groups: groupsField },
    })
    .superRefine(checkContracts)
    .superRefine(checkFactories)
    .superRefine(checkPools)
    .superRefine(checkPriceFeeds)
    .superRefine(checkSource)
    .superRefine(checkGroups)
    .transform((entry) => ({
      id: entry.id,
      name: entry.name ?? `chain ${entry.id}`,
      rpcUrl: entry.rpc[0],
      explorer: entry.explorer ?? null,
      fallbackRpcUrls: entry.rpc.slice(1),
      rpcTimeoutSeconds: entry.rpcTimeoutSeconds,
      traceTimeoutSeconds: entry.traceTimeoutSeconds,
      portal: entry.portal ?? null,
      gatewayUrl: entry.gateway?.url ?? null,
      gatewayKey: entry.gateway?.key ?? null,
      source: entry.source,
      cache: entry.cache,
      finalityConfirmation: entry.finality,
      startBlock: entry.startBlock ?? null,
      headPollIntervalSeconds: entry.headPollSeconds ?? LONGEST_HEAD_POLL_SECONDS,
      headPollAdapts: entry.headPollSeconds === undefined,
      tokens: entry.tokens,
      labels: entry.labels,
      sales: entry.sales,
      lookThrough: poolsOfChain(entry),
      collections: entry.collections,
      oracles: entry.oracles,
      ...factoriesOf(entry),
      prices: entry.prices,
      audit: entry.audit,
      groups: entry.groups,
    }));
  return z.strictObject({
    chains: z.array(chain).min(1),
    api: servingField(folder).optional(),
  }) satisfies z.ZodType<ImoConfig>;
}
