// SPDX-License-Identifier: GPL-3.0-or-later
import { createActors } from './actors.js';
import type { Chain } from './anvil.js';
import { BlockMaker } from './blocks.js';
import { execute } from './chain.js';
import {
  type DeployedContract,
  deployOtherToken,
  deployRejectingHolder,
  encodeCall,
} from './deploy.js';
import {
  deployFirstOracle,
  deployFlatOracle,
  deployOracle,
  deployOracleUser,
} from './oracleContracts.js';
import { SeededRandom } from './random.js';

/** What the actors know of a model; it decides what they send, not what is right. */
export interface KnownModel {
  exists: boolean;
  fee: bigint;
  /** `null`: ETH. */
  token: string | null;
}

/** An oracle of the world. */
export interface LivingOracle {
  readonly contract: DeployedContract;
  readonly isFirst: boolean;
  readonly models: Map<bigint, KnownModel>;
  /** Ids of its requests, as logged. */
  readonly requestIds: bigint[];
  /** At the end of the block before, in wei. */
  gasPrice: bigint;
}

/** The first public oracle, with one fee for all models. */
export interface FlatOracle {
  readonly contract: DeployedContract;
  /** Ids of its requests, as logged. */
  readonly requestIds: bigint[];
  /** In wei, as the actors know it. */
  fee: bigint;
}

/** The newest oracle, the first one, and everybody who has to do with them. */
export interface OracleWorld {
  readonly chain: Chain;
  readonly random: SeededRandom;
  readonly blocks: BlockMaker;
  readonly oracles: readonly LivingOracle[];
  /** `null`: the world has none. */
  readonly flat: FlatOracle | null;
  /** The asset that pays for models, in addition to ETH. */
  readonly money: DeployedContract;
  /** A contract that asks from inside and is called back. */
  readonly user: DeployedContract;
  /** Owns the oracles. */
  readonly owner: string;
  readonly clients: readonly string[];
  /** Accounts that nobody else pays: what they hold, the oracles paid. */
  readonly plainReceivers: readonly string[];
  /** All that models may pay, one that refuses ETH among them. */
  readonly receivers: readonly string[];
}

export interface OracleWorldOptions {
  readonly seed: number | string;
  /** Further receivers of model revenue, as revenue tokens. */
  readonly revenueTokens?: readonly string[];
  /** With the oracle of one flat fee too; left out: without it. */
  readonly hasFlat?: boolean;
}

/** Ids that are in use, small ones, and some of the size of addresses (docs/domain.md#ai-oracles). */
export const MODEL_IDS: readonly bigint[] = [
  0n,
  1n,
  11n,
  50n,
  503n,
  2n ** 159n + 7n,
  2n ** 160n - 1n,
  2n ** 256n - 1n,
];

const FLAT_FEE_WEI = 300_000_000_000_000n;
const SUPPLY = 10n ** 30n;
const UNLIMITED = 2n ** 256n - 1n;

/** Deploys the contracts; the blocks are made by the world from then on. */
export async function createOracleWorld(
  chain: Chain,
  { seed, revenueTokens = [], hasFlat = false }: OracleWorldOptions,
): Promise<OracleWorld> {
  const random = new SeededRandom(seed).fork('oracles');
  const [owner = '', ...clients] = await createActors(chain, 'oracle client', 4);
  const plainReceivers = [1, 2, 3].map((digit) => `0x${`5${digit}`.repeat(20)}`);
  const from = { from: owner };
  const blocks = await BlockMaker.takeOver(chain);
  const newest = await deployOracle(chain, from);
  const shape = { indexesLogs: random.chance(50), paysOnRemoval: random.chance(50) };
  const first = await deployFirstOracle(chain, { ...from, ...shape });
  const flat = hasFlat ? await deployFlatOracle(chain, { ...from, fee: FLAT_FEE_WEI }) : null;
  const names = { name: 'Compute', symbol: 'CMP', supply: SUPPLY };
  const money = await deployOtherToken(chain, 'PlainToken', { ...from, ...names });
  const user = await deployOracleUser(chain, from);
  const rejecting = await deployRejectingHolder(chain, from);

  await execute(chain, { from: owner, to: user.address, valueWei: 10n ** 21n });
  const approve = encodeCall(money, 'approve', [newest.address, UNLIMITED]);
  for (const holder of [...clients, user.address]) {
    const data = encodeCall(money, 'transfer', [holder, SUPPLY / 10n]);
    await execute(chain, { ...from, to: money.address, data });
    if (holder !== user.address) {
      await execute(chain, { from: holder, to: money.address, data: approve });
    }
  }
  const args = [money.address, newest.address, UNLIMITED];
  await execute(chain, { ...from, to: user.address, data: encodeCall(user, 'approve', args) });
  await blocks.catchUp();
  const living = (contract: DeployedContract, isFirst: boolean): LivingOracle => ({
    contract,
    isFirst,
    models: new Map(),
    requestIds: [],
    gasPrice: 0n,
  });
  return {
    chain,
    random,
    blocks,
    oracles: [living(newest, false), living(first, true)],
    flat: flat === null ? null : { contract: flat, requestIds: [], fee: FLAT_FEE_WEI },
    money,
    user,
    owner,
    clients,
    plainReceivers,
    receivers: [...plainReceivers, ...plainReceivers, ...revenueTokens, rejecting.address],
  };
}
