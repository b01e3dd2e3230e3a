import { type Address, checksummed, ZERO_ADDRESS } from '../../address.js';
import type { PoolMapping } from '../../config/pools/poolMapping.js';
import type { PoolConfig } from '../../config/pools/pools.js';
import { ImoError } from '../../errors.js';
import { deploymentBlock } from '../contract/deployment.js';
import type { ChainNode } from '../node.js';
import { fixedBeneficiary, POOL_RULES, viewData } from './registry.js';

/** What a pool is, by its contract and the config. */
export interface DetectedPool {
  readonly startBlock: number;
  readonly holds: Address;
  readonly mapping: PoolMapping;
}

/**
 * Reads what a pool is from the chain.
 *
 * @throws ImoError `POOL_NOT_A_CONTRACT`, `POOL_START_TOO_LATE`, `POOL_KIND_DIFFERS` (naming the
 *   views that are missing) or `POOL_ASSET_DIFFERS`
 */
export async function detectPool(
  node: ChainNode,
  config: PoolConfig,
  chainStartBlock: number | null,
): Promise<DetectedPool> {
  const head = await node.headNumber();
  const { address } = config;
  if ((await node.code(address, head)) === '0x') {
    throw new ImoError(
      'POOL_NOT_A_CONTRACT',
      `there is no contract at ${checksummed(address)} (block ${head}, ${node.displayUrl})`,
      'Check the address and the chain of this entry of `lookThrough`.',
    );
  }
  const mapping = await mappingOf(node, config, head);
  const holds = await heldBy(node, config, head);
  const code = 'POOL_START_TOO_LATE';
  const startBlock = await deploymentBlock(node, config, chainStartBlock, head, code);
  if (mapping.beneficiary !== null) await assertFixed(node, config, mapping, startBlock);
  return { startBlock, holds, mapping };
}

async function mappingOf(node: ChainNode, config: PoolConfig, head: number): Promise<PoolMapping> {
  const { address, kind } = config;
  const { getters, mapping } = POOL_RULES[kind];
  if (kind === 'vesting') {
    const [owner, beneficiary] = await words(node, address, ['owner()', 'beneficiary()'], head);
    if (owner !== null && mapping !== null) return mapping;
    if (beneficiary != null) return fixedBeneficiary(addressOf(beneficiary));
    throw kindDiffers(config, ['owner()', 'beneficiary()'].join(' and '));
  }
  const described = mapping ?? config.custom;
  if (described === null) throw kindDiffers(config, 'a mapping');
  const { shares, total } = described.views;
  const signatures = [...new Set([...getters, shares, ...(total === null ? [] : [total])])];
  const answers = await words(node, address, signatures, head);
  const missing = signatures.filter((_, index) => answers[index] == null);
  if (missing.length > 0) throw kindDiffers(config, missing.join(', '));
  return described;
}

/** What the pool holds: by its own view if it is a vault, else by the config. */
async function heldBy(
  node: ChainNode,
  { address, kind, token }: PoolConfig,
  head: number,
): Promise<Address> {
  const answer = kind === 'erc4626' ? await words(node, address, ['asset()'], head) : [];
  const asset = answer[0] == null ? null : addressOf(answer[0]);
  const holds = asset ?? token;
  if (holds !== null && (token === null || token === holds)) return holds;
  throw new ImoError(
    'POOL_ASSET_DIFFERS',
    `the asset of vault ${checksummed(address)} is ${asset === null ? 'not known' : checksummed(asset)}, ` +
      `the config says ${token === null ? 'nothing' : checksummed(token)}`,
    'Correct `token`, or remove the vault from `lookThrough`.',
  );
}

/** A beneficiary that no event names must be the same from the first block on. */
async function assertFixed(
  node: ChainNode,
  config: PoolConfig,
  { views, beneficiary }: PoolMapping,
  startBlock: number,
): Promise<void> {
  const [first] = await words(node, config.address, [views.shares], startBlock);
  if (first != null && beneficiary !== null && first === BigInt(beneficiary)) return;
  throw kindDiffers(config, 'an event for its beneficiary, which has changed');
}

function words(
  node: ChainNode,
  to: Address,
  signatures: readonly string[],
  block: number,
): Promise<(bigint | null)[]> {
  const calls = signatures.map((signature) => ({ to, data: viewData(signature, ZERO_ADDRESS) }));
  return node
    .views(calls, block)
    .then((answers) => answers.map((answer) => (answer?.length === 66 ? BigInt(answer) : null)));
}

function addressOf(word: bigint): Address {
  return `0x${(word & (2n ** 160n - 1n)).toString(16).padStart(40, '0')}`;
}

function kindDiffers({ address, kind }: PoolConfig, lacks: string): ImoError {
  return new ImoError(
    'POOL_KIND_DIFFERS',
    `${checksummed(address)} is not a pool of kind ${kind}: it lacks ${lacks}`,
    'Correct `kind`, or describe the pool as `kind: custom` with its ABI and a mapping.',
  );
}
