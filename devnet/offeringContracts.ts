// SPDX-License-Identifier: GPL-3.0-or-later
import type { Chain } from './anvil.js';
import {
  type DeployedContract,
  deployReentrantHolder,
  deployReference,
  deployRouter,
  deploySelfDestructor,
  deploySplitter,
  deployWindowed,
  deployWindowedProxy,
} from './deploy.js';

/** A revenue token of the devnet's offering. */
export interface OfferingToken {
  label: 'reference' | 'windowed-seconds' | 'windowed-proxy';
  name: string;
  symbol: string;
  /** Lower case. */
  address: string;
  /** The block of its creation: nothing of the token happened before. */
  startBlock: number;
  /** Its snapshots need more than so many of its unit since the last. */
  snapshotInterval: number;
  intervalUnit: 'seconds' | 'blocks';
  /** How many of the last snapshots can be claimed; null: all. */
  window: number | null;
  contract: DeployedContract;
}

/** The contracts around the tokens. */
export interface OfferingContracts {
  router: DeployedContract;
  /** Pays the model's token and a treasury. */
  splitter: DeployedContract;
  reentrantHolder: DeployedContract;
  selfDestructor: DeployedContract;
}

const ONE_TOKEN = 10n ** 18n;
const WEEK_SECONDS = 604_800;
const PROXY_INTERVAL_BLOCKS = 300;
const REFERENCE_INTERVAL_BLOCKS = 1_000;

/** Deploys the three tokens of the offering; the founder gets the supplies. */
export async function deployOfferingTokens(chain: Chain, from: string): Promise<OfferingToken[]> {
  const meridian = {
    name: 'Meridian 7B RevShare',
    symbol: 'MRD',
    supply: 1_000_000_000n * ONE_TOKEN,
    percentClaimable: 80,
    snapshotInterval: WEEK_SECONDS,
  };
  const atelier = {
    name: 'Atelier RevShare',
    symbol: 'ATL',
    supply: 100_000_000n * ONE_TOKEN,
    percentClaimable: 60,
    snapshotInterval: PROXY_INTERVAL_BLOCKS,
  };
  const lexicon = {
    name: 'Lexicon Embed Revenue',
    symbol: 'LEX',
    supply: 21_000_000n * ONE_TOKEN,
    percentClaimable: 50,
    snapshotInterval: REFERENCE_INTERVAL_BLOCKS,
  };
  const windowed = await deployWindowed(chain, 'RevShareWindowedSeconds', { ...meridian, from });
  const proxy = await deployWindowedProxy(chain, { ...atelier, from });
  const reference = await deployReference(chain, { ...lexicon, from });
  return [
    describe('windowed-seconds', meridian, windowed, 'seconds', 2),
    describe('windowed-proxy', atelier, proxy, 'blocks', 2),
    describe('reference', lexicon, reference, 'blocks', null),
  ];
}

function describe(
  label: OfferingToken['label'],
  terms: { name: string; symbol: string; snapshotInterval: number },
  contract: DeployedContract,
  intervalUnit: OfferingToken['intervalUnit'],
  window: number | null,
): OfferingToken {
  const { name, symbol, snapshotInterval } = terms;
  const { address, deploymentBlock: startBlock } = contract;
  const place = { address, startBlock, contract };
  return { label, name, symbol, ...place, snapshotInterval, intervalUnit, window };
}

/** Deploys the contracts that pay and hold. @param receivers of the splitter, in equal parts */
export async function deployOfferingContracts(
  chain: Chain,
  from: string,
  receivers: readonly string[],
): Promise<OfferingContracts> {
  return {
    router: await deployRouter(chain, { from }),
    splitter: await deploySplitter(chain, receivers, { from }),
    reentrantHolder: await deployReentrantHolder(chain, { from }),
    selfDestructor: await deploySelfDestructor(chain, { from }),
  };
}
