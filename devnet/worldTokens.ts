// SPDX-License-Identifier: GPL-3.0-or-later
import { keccak256, zeroPadValue } from 'ethers';
import type { Chain } from './anvil.js';
import { loadArtifact } from './artifacts.js';
import { execute } from './chain.js';
import {
  creationCode,
  type DeployedContract,
  deployCreator,
  deployReference,
  deployWindowed,
  deployWindowedEarly,
  deployWindowedProxy,
  encodeCall,
  readContract,
} from './deploy.js';
import type { SeededRandom } from './random.js';

/** A revenue token of a random world. */
export interface WorldToken {
  label: 'reference' | 'windowed-seconds' | 'windowed-proxy' | 'early' | 'multicall' | 'bridged';
  contract: DeployedContract;
  /** 0 … 100. */
  percentClaimable: number;
  /** At the creation, in the smallest unit. */
  supply: bigint;
  /** How many of the last snapshots can be claimed; null: all. */
  window: number | null;
}

const PERCENTAGES = [0, 1, 33, 80, 100];
const SUPPLIES = [7n, 10n ** 6n, 10n ** 18n, 10n ** 27n];

/**
 * Deploys the six tokens of a world, some of them with revenue in their creation; `from` gets
 * the supplies. Every percentage and every supply of docs/domain.md#revenue-tokens is drawn at least once.
 */
export async function deployWorldTokens(
  chain: Chain,
  random: SeededRandom,
  from: string,
): Promise<WorldToken[]> {
  const terms = drawTerms(random, from);
  const next = () => terms.pop() ?? { ...DEFAULT_TERMS, from };
  const seconds = () => random.integer(600, 60_000);
  const blocks = () => random.integer(8, 40);

  const reference = next();
  const inSeconds = { ...next(), snapshotInterval: seconds() };
  const behindProxy = { ...next(), snapshotInterval: blocks() };
  const early = { ...next(), snapshotInterval: blocks() };
  const multicall = { ...next(), snapshotInterval: seconds() };
  const bridged = { ...next(), snapshotInterval: seconds() };
  return [
    token('reference', reference, null, await deployReference(chain, reference)),
    token(
      'windowed-seconds',
      inSeconds,
      2,
      await deployWindowed(chain, 'RevShareWindowedSeconds', inSeconds),
    ),
    token('windowed-proxy', behindProxy, 2, await deployWindowedProxy(chain, behindProxy)),
    token('early', early, 3, await deployWindowedEarly(chain, early)),
    token('multicall', multicall, 2, await deployWindowed(chain, 'RevShareMulticall', multicall)),
    token('bridged', bridged, 2, await deployPrefunded(chain, bridged)),
  ];
}

interface Terms {
  from: string;
  name: string;
  symbol: string;
  percentClaimable: number;
  supply: bigint;
  valueWei: bigint;
}

const DEFAULT_TERMS = {
  name: 'World token',
  symbol: 'WORLD',
  percentClaimable: 80,
  supply: 10n ** 27n,
  valueWei: 0n,
};

function drawTerms(random: SeededRandom, from: string): Terms[] {
  const percentages = [random.pick([33, 80]), ...random.shuffled(PERCENTAGES)];
  // Tiny and huge ones once; the others may come twice.
  const supplies = random.shuffled([...SUPPLIES, 10n ** 6n, 10n ** 18n]);
  return percentages.map((percentClaimable, index) => ({
    from,
    name: `World token ${index}`,
    symbol: `WORLD${index}`,
    percentClaimable,
    supply: supplies[index] ?? DEFAULT_TERMS.supply,
    valueWei: random.chance(50) ? random.amount(10n ** 18n) : 0n,
  }));
}

function token(
  label: WorldToken['label'],
  { percentClaimable, supply }: Terms,
  window: number | null,
  contract: DeployedContract,
): WorldToken {
  return { label, contract, percentClaimable, supply, window };
}

/** The bridged token by CREATE2, at an address that had ETH before (docs/domain.md#order). */
async function deployPrefunded(
  chain: Chain,
  terms: Terms & { snapshotInterval: number },
): Promise<DeployedContract> {
  const { from, name, symbol, supply, percentClaimable, snapshotInterval, valueWei } = terms;
  const contractName = 'RevShareBridged';
  const args = [name, symbol, supply, percentClaimable, 2, snapshotInterval];
  const initCode = creationCode(contractName, args);
  const salt = zeroPadValue('0x07', 32);
  const creator = await deployCreator(chain, { from });
  const checksummed = await readContract<string>(chain, creator, 'predict', [
    salt,
    keccak256(initCode),
  ]);
  const address = checksummed.toLowerCase();
  const to = creator.address;

  await execute(chain, { from, to: address, valueWei: 12_345n });
  const creation = encodeCall(creator, 'create', [salt, initCode]);
  const receipt = await execute(chain, { from, to, data: creation, valueWei, gas: 10_000_000n });
  const handOver = encodeCall(creator, 'transfer', [address, from, supply]);
  await execute(chain, { from, to, data: handOver });
  return {
    contractName,
    address,
    deploymentBlock: Number(receipt.blockNumber),
    interface: loadArtifact(contractName).interface,
  };
}
