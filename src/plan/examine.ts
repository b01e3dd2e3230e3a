import { type Address, checksummed } from '../address.js';
import { detectCollection } from '../chain/collection/detectCollection.js';
import { detectToken } from '../chain/contract/detect.js';
import type { ChainNode } from '../chain/node.js';
import { oracleStart } from '../chain/oracle/oracleStart.js';
import { detectPool } from '../chain/pools/detectPool.js';
import { readAssetDecimals, readFeedUnits } from '../chain/prices/feed.js';
import { detectSale } from '../chain/sales/terms.js';
import { assertAssetsFit } from '../config/contracts/assets.js';
import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import { differingParts } from '../ledger/policies/parts.js';
import type { DepositPoolRecord } from '../store/read/pools/depositPools.js';
import type { SaleRecord } from '../store/read/sales/sales.js';
import type { TokenRecord } from '../store/read/tokens/tokens.js';
import { canonical, isSame } from './canonical.js';
import { changedFields, type EntryChange } from './changes.js';
import type { ListName } from './manifest.js';
import type { EntryFinding, RefusalText, RegisteredContract } from './plan.js';

/** What the database has of the contracts of a chain. */
export interface Registry {
  readonly contracts: readonly RegisteredContract[];
  readonly tokens: readonly TokenRecord[];
  readonly sales: readonly SaleRecord[];
  readonly pools: readonly DepositPoolRecord[];
}

/** What examining an entry works with. */
export interface PlanExamination {
  readonly node: ChainNode;
  /** The config wanted. */
  readonly chain: ChainConfig;
  readonly registry: Registry;
}

/** Codes of what a contract or its entry is wrong in; other errors are of nodes and pass. */
const OF_CONTRACTS = /^(?:TOKEN|SALE|COLLECTION|ORACLE|POOL|PRICE)_/;

/**
 * Asks the chain about an entry that was added or changed: where it starts, whether the books it has
 * would be the same, or why it cannot be indexed.
 *
 * @throws what the nodes throw
 */
export async function examine(
  examination: PlanExamination,
  change: EntryChange,
): Promise<EntryFinding> {
  try {
    const found = await EXAMINERS[change.list](examination, change);
    return change.before === null ? { ...found, isSame: false } : found;
  } catch (error) {
    return { refusal: refusalText(error) };
  }
}

/** @throws the error, if it is not about a contract or its entry */
export function refusalText(error: unknown): RefusalText {
  if (!(error instanceof ImoError) || !OF_CONTRACTS.test(error.code)) throw error;
  return { code: error.code, message: error.message, hint: error.hint };
}

type Found = Extract<EntryFinding, { readonly isSame: boolean }>;
type Examiner = (examination: PlanExamination, change: EntryChange) => Promise<Found>;

const EXAMINERS: Readonly<Record<ListName, Examiner>> = {
  tokens: examineToken,
  sales: examineSale,
  collections: examineCollection,
  oracles: examineOracle,
  lookThrough: examinePool,
  prices: examineFeed,
  labels: () => Promise.resolve({ startBlock: 0, isSame: true }),
};

async function examineToken(
  { node, chain, registry }: PlanExamination,
  change: EntryChange,
): Promise<Found> {
  const config = configOf(chain.tokens, change);
  const { address, assets } = config;
  const { policy, startBlock } = await detectToken(node, config, chain.startBlock);
  assertAssetsFit({ address, policy, assets });
  const known = registry.tokens.find((token) => token.address === address);
  const isPolicySame =
    known !== undefined && differingParts(policy.parts, known.rules.policy.parts).length === 0;
  return { startBlock, isSame: isPolicySame && !changedFields(change).has('assets') };
}

async function examineSale(
  { node, chain, registry }: PlanExamination,
  change: EntryChange,
): Promise<Found> {
  const config = configOf(chain.sales, change);
  const { startBlock, ...terms } = await detectSale(node, config, chain.startBlock);
  const known = registry.sales.find(({ address }) => address === config.address);
  const fields = changedFields(change);
  const isOther = ['kind', 'token', 'mapping'].some((field) => fields.has(field));
  const before = { raiseAsset: known?.raiseAsset, terms: known?.terms, endsAt: known?.endsAt };
  const after = { raiseAsset: terms.raiseAsset, terms: terms.terms, endsAt: terms.endsAt };
  return { startBlock, isSame: !isOther && isSame(canonical(before), canonical(after)) };
}

/** Its start block is checked and never moves what is indexed: that starts with the deployment. */
async function examineCollection(
  { node, chain }: PlanExamination,
  change: EntryChange,
): Promise<Found> {
  const config = configOf(chain.collections, change);
  const { startBlock } = await detectCollection(node, config, chain.startBlock);
  return { startBlock, isSame: true };
}

async function examineOracle(
  { node, chain, registry }: PlanExamination,
  change: EntryChange,
): Promise<Found> {
  const config = configOf(chain.oracles, change);
  const startBlock = await oracleStart(node, config, chain.startBlock);
  const known = registry.contracts.find(
    ({ kind, address }) => kind === 'oracle' && address === config.address,
  );
  return { startBlock, isSame: known?.startBlock === startBlock };
}

async function examinePool(
  { node, chain, registry }: PlanExamination,
  change: EntryChange,
): Promise<Found> {
  const config = configOf(chain.lookThrough ?? [], change);
  const { startBlock, holds, mapping } = await detectPool(node, config, chain.startBlock);
  const known = registry.pools.find(({ address }) => address === config.address);
  const isSame =
    known !== undefined &&
    known.kind === config.kind &&
    known.holds === holds &&
    known.startBlock === startBlock &&
    known.mapping === JSON.stringify(mapping);
  return { startBlock, isSame, holds };
}

async function examineFeed({ node, chain }: PlanExamination, change: EntryChange): Promise<Found> {
  const { after } = change;
  const config = (chain.prices ?? []).find(
    ({ asset, currency, aggregator }) =>
      asset === after?.asset && currency === after?.currency && aggregator === after?.aggregator,
  );
  if (config === undefined) throw notConfigured(change);
  const head = await node.headNumber();
  if ((await node.code(config.aggregator, head)) === '0x') {
    throw new ImoError(
      'PRICE_NOT_A_CONTRACT',
      `there is no contract at ${checksummed(config.aggregator)} (block ${head}, ${node.displayUrl})`,
      'Check the `aggregator` and the chain of this entry of `prices` in the config.',
    );
  }
  await readAssetDecimals(node, config.asset, head);
  await readFeedUnits(node, config.aggregator, head);
  return { startBlock: config.startBlock ?? 0, isSame: true };
}

function configOf<Config extends { readonly address: Address }>(
  configs: readonly Config[],
  change: EntryChange,
): Config {
  const config = configs.find(({ address }) => address === change.key);
  if (config === undefined) throw notConfigured(change);
  return config;
}

function notConfigured({ list, key }: EntryChange): RangeError {
  return new RangeError(`${list} ${key} is not in the config`);
}
