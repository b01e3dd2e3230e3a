import { concat, Interface } from 'ethers';
import { defaultAccounts } from '../../devnet/actors.js';
import type { Chain } from '../../devnet/anvil.js';
import { execute, mineBlock } from '../../devnet/chain.js';
import {
  type DeployedContract,
  deployContract,
  deployReference,
  encodeCall,
} from '../../devnet/deploy.js';
import { toQuantity } from '../../devnet/rpc.js';
import { answerWith, deployBulky } from './bulkyToken.js';

/** No block of a public chain has more; a block of the scenes has as much as it needs. */
const BLOCK_GAS = 20_000_000_000n;
const TRANSACTION_GAS = 10_000_000_000n;

/** A chain with a revenue token and one block that was made to hurt. */
export interface HurtChain {
  readonly token: DeployedContract;
  readonly storm: DeployedContract;
  readonly founder: string;
}

/**
 * What a block is filled with, by name. `size` is what there is most of: frames, logs, or tens or hundreds
 * of bytes. All of it reaches the token in one way or another.
 */
export const SCENES = {
  /** Calls without data and money. */
  calls: (chain, hurt, size) => storm(chain, hurt, 'calls', [hurt.token.address, size, 0n]),
  /** Calls that pay one wei each. */
  payments: (chain, hurt, size) =>
    storm(chain, hurt, 'calls', [hurt.token.address, size, 1n], BigInt(size)),
  /** Calls of somebody else, around one payment to the token. */
  strangers: async (chain, hurt, size) => {
    await storm(chain, hurt, 'calls', [hurt.founder, size, 0n]);
  },
  /** Trees as deep as the gas of a block allows. */
  deep: async (chain, hurt, size) => {
    for (let tree = 0; tree < Math.max(1, Math.round(size / DEPTH)); tree++) {
      await storm(chain, hurt, 'deep', [hurt.token.address, DEPTH], 7n);
    }
  },
  /** Logs that say that units of an asset nobody knows came to the token. */
  logs: (chain, hurt, size) => storm(chain, hurt, 'logs', [hurt.token.address, size]),
  /** Data of a call to the token, in hundreds of bytes: the gas of a block of Ethereum buys 4 MB. */
  inputs: async (chain, { token, founder }, size) => {
    const transfer = encodeCall(token, 'transfer', [founder, 0n]);
    const data = concat([transfer, new Uint8Array(size * 100)]);
    await execute(chain, { from: founder, to: token.address, data, gas: TRANSACTION_GAS });
  },
  /** Answers of each view from the block on, in hundreds of bytes: 10 MB where nobody needs more than 32 bytes. */
  views: async (chain, { token, founder }, size) => {
    const data = answerWith(size * BYTES_OF_VIEW);
    await execute(chain, { from: founder, to: token.address, data });
    // Snapshots are compared with the views of holders.
    const snapshot = encodeCall(token, 'snapshot', []);
    const gas = TRANSACTION_GAS;
    await execute(chain, { from: founder, to: token.address, data: snapshot, gas });
  },
  /** Name and symbol, in tens of bytes, since the deployment. */
  names: async (chain, { token, founder }) => {
    const data = encodeCall(token, 'transfer', [founder, 1n]);
    await execute(chain, { from: founder, to: token.address, data });
  },
} as const satisfies Record<string, Scene>;

type Scene = (chain: Chain, hurt: HurtChain, size: number) => Promise<unknown>;
export type SceneName = keyof typeof SCENES;

const DEPTH = 300;
const BYTES_OF_VIEW = 100;
const BYTES_OF_NAME = 10;

/** Deploys a token and the contract that hurts it. The token also shares assets if logs can hurt it. */
export async function startHurting(
  chain: Chain,
  scene: SceneName,
  size: number,
): Promise<HurtChain> {
  await chain.rpc.call('evm_setBlockGasLimit', [toQuantity(BLOCK_GAS)]);
  const [from = ''] = await defaultAccounts(chain);
  const terms = { name: 'Hurt', symbol: 'HRT', supply: 1_000n, percentClaimable: 80n };
  const sharing = ['Hurt', 'HRT', 1_000n, 80n, 2n, 10n, []];
  const name = scene === 'names' ? 'N'.repeat(Math.max(1, size * BYTES_OF_NAME)) : 'Bulky';
  const token =
    scene === 'logs'
      ? await deployContract(chain, 'RevShareAltRev', sharing, { from })
      : scene === 'views' || scene === 'names'
        ? await deployBulky(chain, { from, name, gas: TRANSACTION_GAS })
        : await deployReference(chain, { ...terms, from });
  const storm = await deployContract(chain, 'FrameStorm', [], { from });
  return { token, storm, founder: from };
}

/** A block of the scene, with a payment before and after it, and blocks on top that make it final. */
export async function hurt(
  chain: Chain,
  { name, size, final }: { name: SceneName; size: number; final: number },
  on: HurtChain,
): Promise<number> {
  const pay = () => execute(chain, { from: on.founder, to: on.token.address, valueWei: 1_000n });
  await pay();
  await SCENES[name](chain, on, size);
  const { blockNumber } = await pay();
  for (let block = 0; block < final; block++) await mineBlock(chain);
  return Number(blockNumber);
}

function storm(
  chain: Chain,
  { storm: { address: to }, founder: from }: HurtChain,
  name: string,
  args: unknown[],
  valueWei = 0n,
) {
  const data = new Interface(STORM).encodeFunctionData(name, args);
  return execute(chain, { from, to, data, valueWei, gas: TRANSACTION_GAS });
}

const STORM = [
  'function calls(address target, uint256 count, uint256 each) payable',
  'function deep(address target, uint256 depth) payable',
  'function logs(address to, uint256 count)',
];
