// SPDX-License-Identifier: GPL-3.0-or-later
import { createActors } from './actors.js';
import type { Chain } from './anvil.js';
import { BlockMaker } from './blocks.js';
import {
  type DeployedContract,
  deployContract,
  deployReentrantHolder,
  deployRouter,
  deploySplitter,
  encodeCall,
} from './deploy.js';
import { contractHolder, type Holder } from './holder.js';
import { SeededRandom } from './random.js';

/** A revenue token that shares ERC-20 assets too, in a random life. */
export interface AssetSharingToken {
  readonly contract: DeployedContract;
  /** What it shares from its deployment on. */
  readonly initial: DeployedContract;
  /** What it starts to share at some time of its life. */
  readonly later: DeployedContract;
  /** Tokens in circulation at the beginning. */
  readonly supply: bigint;
}

/** Tokens with the AltRevToken extension, the assets that they share, and who holds them. */
export interface AssetWorld {
  readonly chain: Chain;
  readonly random: SeededRandom;
  readonly blocks: BlockMaker;
  /** Of the tokens. */
  readonly owner: string;
  /** May do what everybody may. */
  readonly stranger: string;
  readonly tokens: readonly AssetSharingToken[];
  /** Every ERC-20 of this world; the last one is shared by nobody. */
  readonly assets: readonly DeployedContract[];
  /** Accounts, a router and a re-entrant holder. */
  readonly holders: readonly Holder[];
  readonly router: DeployedContract;
  /** Passes ETH on to the tokens. */
  readonly splitter: DeployedContract;
}

const ACCOUNTS = 6;
const INTERVAL_SECONDS = 60;
const TERMS = [
  { supply: 1_000n, percent: 33 },
  { supply: 10n ** 27n, percent: 80 },
] as const;
const ASSETS = [
  { name: 'Dollar', symbol: 'USD', decimals: 6 },
  { name: 'Wrapped ether', symbol: 'WETH', decimals: 18 },
  { name: 'Nobody asked for it', symbol: 'SPAM', decimals: 0 },
] as const;

/**
 * Deploys two tokens that share ERC-20 assets and distributes them among the holders. Takes
 * over the mining. The same seed gives the same world on chains with the same genesis.
 *
 * @param blocks of a life that this one is a part of. Default: its own.
 */
export async function createAssetWorld(
  chain: Chain,
  { seed, blocks: shared }: { seed: number | string; blocks?: BlockMaker },
): Promise<AssetWorld> {
  const random = new SeededRandom(`assets ${seed}`);
  const blocks = shared ?? (await BlockMaker.takeOver(chain));
  const accounts = await createActors(chain, `assets ${seed}`, ACCOUNTS);
  const [owner = '', stranger = ''] = accounts;
  const from = owner;
  const assets: DeployedContract[] = [];
  for (const { name, symbol, decimals } of ASSETS) {
    assets.push(await deployContract(chain, 'RevenueAsset', [name, symbol, decimals], { from }));
  }
  const tokens: AssetSharingToken[] = [];
  for (const [index, { supply, percent }] of TERMS.entries()) {
    const initial = assetAt(assets, index);
    const later = assetAt(assets, 1 - index);
    const terms = [`Model ${index}`, `M${index}`, supply, percent, 2, INTERVAL_SECONDS];
    const args = [...terms, [initial.address]];
    const valueWei = random.chance(50) ? random.amount(10n ** 20n) : 0n;
    const contract = await deployContract(chain, 'RevShareAltRev', args, { from, valueWei });
    tokens.push({ contract, initial, later, supply });
  }
  const router = await deployRouter(chain, { from });
  const receivers = tokens.map(({ contract }) => contract.address);
  const splitter = await deploySplitter(chain, receivers, { from });
  const reentrant = await deployReentrantHolder(chain, { from });
  await blocks.catchUp();
  const holders: Holder[] = [
    ...accounts.map((address): Holder => ({ kind: 'account', address })),
    contractHolder('router', router, owner),
    contractHolder('reentrant', reentrant, owner),
  ];
  for (const { contract, supply } of tokens) {
    const share = supply / BigInt(holders.length + 1);
    const to = contract.address;
    await blocks.mine(
      holders
        .filter(({ address }) => address !== owner)
        .map(({ address }) => ({
          from: owner,
          to,
          data: encodeCall(contract, 'transfer', [address, share]),
        })),
    );
  }
  return { chain, random, blocks, owner, stranger, tokens, assets, holders, router, splitter };
}

function assetAt(assets: readonly DeployedContract[], index: number): DeployedContract {
  const asset = assets[index];
  if (asset === undefined) throw new RangeError(`there is no asset ${index}`);
  return asset;
}
