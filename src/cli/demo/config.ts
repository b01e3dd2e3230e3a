import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DeployedContract } from '../../../devnet/deploy.js';
import { loadConfig } from '../../config/load.js';
import type { ChainConfig, ImoConfig } from '../../config/types.js';
import type { DemoChain } from './chain.js';

export const DEMO_CHAIN_NAME = 'local';

const ORACLE_LABEL = 'Onchain AI Oracle';

/** A node of one's own takes nothing back. */
const FINALITY = 5;

/** Writes the imo.yaml of the demo's chain: the same kind of file that a user writes. */
export async function writeDemoConfig(
  folder: string,
  { anvil, offering }: DemoChain,
): Promise<{ readonly path: string; readonly config: ImoConfig; readonly chain: ChainConfig }> {
  const path = join(folder, 'imo.yaml');
  const entry = {
    id: anvil.chainId,
    name: DEMO_CHAIN_NAME,
    rpc: anvil.url,
    finality: FINALITY,
    headPollSeconds: 0.5,
    // The node is of the demo too and answers at once; its chain ends with the demo.
    source: { blocksAtLeast: 1_000_000 },
    cache: false,
    tokens: offering.tokens.map(({ address, startBlock }) => ({ address, startBlock })),
    oracles: [{ ...placeOf(offering.oracles.oracle.contract), label: ORACLE_LABEL }],
    collections: offering.collections.collections.map(({ contract }) => placeOf(contract)),
    sales: offering.sales.sales.map(({ contract, kind, token, label, raiseAsset }) => ({
      ...placeOf(contract),
      kind,
      token: token.address,
      raiseAsset: raiseAsset ?? 'native',
      label,
    })),
    prices: [{ asset: 'native', currency: 'USD', aggregator: offering.prices.aggregator.address }],
    labels: offering.labels,
  };
  await writeFile(path, stringify({ chains: [entry] }));
  const config = await loadConfig(path, {});
  const [chain] = config.chains;
  if (chain === undefined) throw new RangeError(`no chain in ${path}`);
  return { path, config, chain };
}

function placeOf({ address, deploymentBlock }: DeployedContract) {
  return { address, startBlock: deploymentBlock };
}
