import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OVERFLOW_MAPPING } from '../../support/scenes/saleConfig.js';
import { offeringConfig } from '../bookLife.js';
import type { ForkingChain } from './forkingChain.js';

/**
 * Writes a config with everything of the chain, which is asked at these endpoints.
 *
 * @returns its path
 */
export async function writeSimulatedConfig(
  folder: string,
  name: string,
  { offering, hostiles }: ForkingChain,
  {
    rpcUrls,
    finality,
    more,
  }: {
    rpcUrls: readonly string[];
    finality: number;
    /** Further keys of the chain. */
    more: Readonly<Record<string, unknown>>;
  },
): Promise<string> {
  const { id, tokens, oracles, collections, sales } = offeringConfig(offering);
  const onlyAddress = ({ address }: { address: string }) => ({ address });
  const abis = new Map(
    offering.sales.sales.map(({ contract }) => [contract.address, contract.interface]),
  );
  const written = [];
  for (const { address, kind, token, raiseAsset } of sales) {
    const sale = { address, kind, token, ...(raiseAsset === null ? {} : { raiseAsset }) };
    if (kind !== 'custom') {
      written.push(sale);
      continue;
    }
    const abi = `${address}.json`;
    await writeFile(join(folder, abi), abis.get(address)?.formatJson() ?? '');
    written.push({ ...sale, abi, mapping: OVERFLOW_MAPPING });
  }
  const chain = {
    id,
    name: 'forking',
    rpc: rpcUrls,
    finality,
    headPollSeconds: 0.1,
    tokens: [...tokens, ...hostiles].map(onlyAddress),
    oracles: oracles.map(onlyAddress),
    collections: collections.map(onlyAddress),
    sales: written,
    ...more,
  };
  const path = join(folder, name);
  // JSON is YAML.
  await writeFile(path, JSON.stringify({ chains: [chain] }, null, 2));
  return path;
}
