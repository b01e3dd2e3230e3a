// SPDX-License-Identifier: GPL-3.0-or-later
import { createActors } from './actors.js';
import type { Chain } from './anvil.js';
import type { BlockMaker } from './blocks.js';
import { execute } from './chain.js';
import type { DeployedContract } from './deploy.js';
import type { OfferingToken } from './offeringContracts.js';
import { deployOracle, deployOracleUser, modelUpload } from './oracleContracts.js';
import type { LivingOracle, OracleWorld } from './oracleWorld.js';
import type { SeededRandom } from './random.js';

/** A model of the offering, whose receiver is one of the tokens. */
export interface OfferingModel {
  readonly name: string;
  /** At the oracle. */
  readonly modelId: bigint;
  readonly symbol: OfferingToken['symbol'];
  /** For one inference, in wei, when the model is uploaded. */
  readonly feeWei: bigint;
  /** Of the fee, to the token, when the model is uploaded. */
  readonly receiverPercentage: bigint;
  /** Inferences that a customer orders at once: from … to. */
  readonly batch: readonly [number, number];
}

/** The oracle of the offering with everybody who has to do with it. */
export interface OfferingOracles extends OracleWorld {
  /** The only one. */
  readonly oracle: LivingOracle;
}

/** The model that writes the content of the optimistic collection. */
export const PAINTER_MODEL_ID = 51n;

export const OFFERING_MODELS: readonly OfferingModel[] = [
  {
    name: 'Meridian 7B Chat',
    modelId: 21n,
    symbol: 'MRD',
    feeWei: 300_000_000_000_000n,
    receiverPercentage: 80n,
    batch: [250, 2_500],
  },
  {
    name: 'Meridian 7B Score',
    modelId: 22n,
    symbol: 'MRD',
    feeWei: 100_000_000_000_000n,
    receiverPercentage: 80n,
    batch: [700, 5_000],
  },
  {
    name: 'Atelier Diffusion XL',
    modelId: PAINTER_MODEL_ID,
    symbol: 'ATL',
    feeWei: 2_500_000_000_000_000n,
    receiverPercentage: 90n,
    batch: [40, 300],
  },
  {
    name: 'Lexicon Embed v2',
    modelId: 71n,
    symbol: 'LEX',
    feeWei: 50_000_000_000_000n,
    receiverPercentage: 75n,
    batch: [2_000, 15_000],
  },
];

/** Deploys the oracle with the models of the offering; an operator of its own runs it. */
export async function deployOfferingOracle(
  chain: Chain,
  blocks: BlockMaker,
  random: SeededRandom,
  { seed, tokens, clients, dollar }: OfferingOracleOptions,
): Promise<OfferingOracles> {
  const [owner = ''] = await createActors(chain, `oracle operator ${seed}`, 1);
  const contract = await deployOracle(chain, { from: owner });
  const user = await deployOracleUser(chain, { from: owner });
  const oracle: LivingOracle = {
    contract,
    isFirst: false,
    models: new Map(),
    requestIds: [],
    gasPrice: 0n,
  };
  for (const { modelId, feeWei: fee, receiverPercentage, symbol } of OFFERING_MODELS) {
    const receiver = tokens.find((token) => token.symbol === symbol)?.address ?? owner;
    const data = modelUpload(contract, 'uploadModel', {
      modelId,
      fee,
      receiver,
      receiverPercentage,
    });
    await execute(chain, { from: owner, to: contract.address, data });
    oracle.models.set(modelId, { exists: true, fee, token: null });
  }
  await blocks.catchUp();
  return {
    chain,
    random,
    blocks,
    oracle,
    oracles: [oracle],
    flat: null,
    money: dollar,
    user,
    owner,
    clients,
    plainReceivers: [],
    receivers: tokens.map(({ address }) => address),
  };
}

export interface OfferingOracleOptions {
  readonly seed: number | bigint | string;
  readonly tokens: readonly OfferingToken[];
  /** Who asks the models. */
  readonly clients: readonly string[];
  /** The ERC-20 of the offering; no model takes it. */
  readonly dollar: DeployedContract;
}
