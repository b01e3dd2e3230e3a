// SPDX-License-Identifier: GPL-3.0-or-later
import { createActors } from './actors.js';
import type { Chain } from './anvil.js';
import { BlockMaker } from './blocks.js';
import { type DeployedContract, deployContract, deployRouter, deploySplitter } from './deploy.js';
import { SeededRandom } from './random.js';

export type CollectionShape = 'modern' | 'opml' | 'draft' | 'consecutive' | 'reference';

/** A collection of the devnet, with what its contract does with the money of a mint. */
export interface DevnetCollection {
  readonly contract: DeployedContract;
  readonly shape: CollectionShape;
  /** Topics of its `AigcData`; 0: it logs none. */
  readonly topics: 4 | 3 | 1 | 0;
  /** Percentage of a mint's value (less the oracle's fee) that goes to the payee. */
  readonly payeePercent: bigint;
  /** Parts of the payee's money that reach the revenue token: all, half of it, or nothing. */
  readonly payee: 'token' | 'splitter' | 'stranger';
}

/** Collections of every shape, who plays with them, and the token that their fees reach. */
export interface CollectionWorld {
  readonly chain: Chain;
  readonly random: SeededRandom;
  readonly blocks: BlockMaker;
  readonly collections: readonly DevnetCollection[];
  readonly oracle: DeployedContract;
  /** Passes its fee on to the token. */
  readonly minter: DeployedContract;
  /** Passes its fee on through the splitter. */
  readonly splittingMinter: DeployedContract;
  readonly router: DeployedContract;
  readonly actors: readonly string[];
  /** Living tokens with their owners, by collection address; kept by the transfer logs. */
  readonly owners: Map<string, Map<bigint, string>>;
  /** Prompts that were used, by collection address. */
  readonly prompts: Map<string, string[]>;
}

export interface CollectionWorldOptions {
  readonly seed: number | string;
  /** Where fees go: a revenue token, or whatever takes ETH. */
  readonly revenueToken: string;
  /** With one that behaves like the reference code of ERC-7007 too; left out: without it. */
  readonly hasReference?: boolean;
}

/** Model ids reach the size of addresses (docs/domain.md#ai-oracles). */
const OPML_MODEL_ID = 2n ** 159n + 503n;
/** Tokens that each of the first owners of the ERC-2309 collection gets. */
const CONSECUTIVE_COUNT = 40n;

const STRANGER = `0x${'5e'.repeat(20)}`;

/** Deploys the contracts; the blocks are made by the world from then on. */
export async function createCollectionWorld(
  chain: Chain,
  { seed, revenueToken, hasReference = false }: CollectionWorldOptions,
): Promise<CollectionWorld> {
  const random = new SeededRandom(seed).fork('collections');
  const actors = await createActors(chain, 'collector', 5);
  const [deployer = ''] = actors;
  const from = { from: deployer };
  const blocks = await BlockMaker.takeOver(chain);
  const splitter = await deploySplitter(chain, [revenueToken, STRANGER], from);
  const payees = { token: revenueToken, splitter: splitter.address, stranger: STRANGER };
  const oracle = await deployContract(chain, 'AigcOracle', [], from);
  const collections: DevnetCollection[] = [];

  const modern = async (topics: 4 | 3 | 1, payee: keyof typeof payees, payeePercent: bigint) => {
    const args = [`Modern ${topics}`, `M${topics}`, topics, payees[payee], payeePercent];
    const contract = await deployContract(chain, 'AigcCollection', args, from);
    collections.push({ contract, shape: 'modern', topics, payeePercent, payee });
  };
  const opml = async (topics: 4 | 3, payee: keyof typeof payees, payeePercent: bigint) => {
    const args = [`Optimistic ${topics}`, `O${topics}`, topics, payees[payee], payeePercent];
    const whole = [...args, oracle.address, OPML_MODEL_ID + BigInt(topics)];
    const contract = await deployContract(chain, 'AigcOpml', whole, from);
    collections.push({ contract, shape: 'opml', topics, payeePercent, payee });
  };
  await modern(4, 'token', 60n);
  await modern(3, 'splitter', 33n);
  await modern(1, 'stranger', 10n);
  await opml(4, 'token', 50n);
  await opml(3, 'splitter', 77n);
  const rest = { payeePercent: 0n, payee: 'stranger' } as const;
  const draft = await deployContract(chain, 'AigcDraft', ['Draft', 'DRF'], from);
  collections.push({ contract: draft, shape: 'draft', topics: 0, ...rest });
  const firstOwners = actors.slice(1, 4);
  const consecutive = await deployContract(
    chain,
    'AigcConsecutive',
    ['Consecutive', 'CON', 4, firstOwners, CONSECUTIVE_COUNT],
    { ...from, valueWei: 12_345n },
  );
  collections.push({ contract: consecutive, shape: 'consecutive', topics: 4, ...rest });
  if (hasReference) {
    const args = ['Reference', 'REF', false];
    const contract = await deployContract(chain, 'AigcReference', args, from);
    collections.push({ contract, shape: 'reference', topics: 3, ...rest });
  }

  const owners = new Map(collections.map(({ contract }) => [contract.address, new Map()]));
  firstOwners.forEach((owner, index) => {
    const first = BigInt(index) * CONSECUTIVE_COUNT;
    for (let id = first; id < first + CONSECUTIVE_COUNT; id++) {
      owners.get(consecutive.address)?.set(id, owner);
    }
  });
  const minter = await deployContract(chain, 'AigcMinter', [revenueToken], from);
  const splittingMinter = await deployContract(chain, 'AigcMinter', [splitter.address], from);
  const router = await deployRouter(chain, from);
  await blocks.catchUp();
  return {
    chain,
    random,
    blocks,
    collections,
    oracle,
    minter,
    splittingMinter,
    router,
    actors,
    owners,
    prompts: new Map(collections.map(({ contract }) => [contract.address, []])),
  };
}
