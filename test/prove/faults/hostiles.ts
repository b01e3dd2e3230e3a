import { Interface } from 'ethers';
import { defaultAccounts } from '../../../devnet/actors.js';
import type { Chain } from '../../../devnet/anvil.js';
import { execute, getBalance } from '../../../devnet/chain.js';
import { deployContract, deployWindowed, encodeCall } from '../../../devnet/deploy.js';
import { query } from '../../support/query.js';

/** A token whose books have to end, and where. */
export interface HostileToken {
  readonly address: string;
  /** The block at whose end its books are right for the last time. */
  readonly lastBlock: number;
}

/** What is done to tokens: a wei that no rule explains, all of its money, half of its asset; and a storm of frames. */
export const HOSTILITIES = ['theft', 'drain', 'shrinking', 'storm'] as const;
export type Hostility = (typeof HOSTILITIES)[number];

const STORM = ['function calls(address target, uint256 count, uint256 each) payable'];
/** Empty calls of each token. */
const STORM_FRAMES = 2_000;
const STORM_GAS = 50_000_000n;
const ETHER = 10n ** 18n;

/**
 * Lets the worst happen to some tokens, in blocks that no fork replaces: one pays out a wei that no rule
 * explains, one is drained, one shares an asset that shrinks. Then a storm of frames hits all others.
 */
export async function deployHostiles(
  chain: Chain,
  victims: readonly string[],
  hostilities: readonly Hostility[],
): Promise<readonly HostileToken[]> {
  const [from = '', thief = ''] = await defaultAccounts(chain);
  const actors = { from, thief };
  const hostiles: HostileToken[] = [];
  for (const hostility of HOSTILITIES) {
    if (!hostilities.includes(hostility)) continue;
    if (hostility === 'shrinking') hostiles.push(await shrink(chain, actors));
    else if (hostility !== 'storm') hostiles.push(await rob(chain, actors, hostility));
    else await storm(chain, actors, [...victims, ...hostiles.map(({ address }) => address)]);
  }
  return hostiles;
}

interface Actors {
  readonly from: string;
  readonly thief: string;
}

/** A token that pays somebody, and no claim and no burn says why. */
async function rob(
  chain: Chain,
  { from, thief }: Actors,
  hostility: 'theft' | 'drain',
): Promise<HostileToken> {
  const { address } = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    ...{ name: 'Robbed', symbol: 'BAD', supply: 1_000n, percentClaimable: 80, window: 2 },
    ...{ from, snapshotInterval: 10 },
  });
  const pay = () => execute(chain, { from, to: address, valueWei: ETHER });
  await pay();
  // Some of all that it has pays for the gas.
  const all = (await getBalance(chain, address)) - ETHER / 10n;
  const valueWei = hostility === 'drain' ? all : 1n;
  const { blockNumber } = await execute(chain, { from: address, to: thief, valueWei });
  await pay();
  return { address, lastBlock: Number(blockNumber) - 1 };
}

/** A token that shares an asset of which it loses half, without a log. */
async function shrink(chain: Chain, { from }: Actors): Promise<HostileToken> {
  const asset = await deployContract(chain, 'ShrinkingAsset', [], { from });
  const terms = ['Sharing', 'SHA', 1_000n, 80n, 2n, 10n, [asset.address]];
  const { address } = await deployContract(chain, 'RevShareAltRev', terms, { from });
  const call = (name: string, amount: bigint) =>
    execute(chain, {
      ...{ from, to: asset.address },
      data: encodeCall(asset, name, [address, amount]),
    });
  await call('mint', ETHER);
  const { blockNumber } = await call('shrink', ETHER / 2n);
  await call('mint', ETHER);
  return { address, lastBlock: Number(blockNumber) - 1 };
}

/** A block for each token, with thousands of empty calls of it. */
async function storm(chain: Chain, { from }: Actors, victims: readonly string[]): Promise<void> {
  const { address: to } = await deployContract(chain, 'FrameStorm', [], { from });
  for (const victim of victims) {
    const data = new Interface(STORM).encodeFunctionData('calls', [victim, STORM_FRAMES, 0n]);
    await execute(chain, { from, to, data, gas: STORM_GAS });
  }
}

/** Where books ended in another block than they had to, or other books ended too. */
export async function wrongHolds(
  databaseUrl: string,
  hostiles: readonly HostileToken[],
): Promise<string[]> {
  const rows = await query<{ address: string; last_block: string }>(
    databaseUrl,
    "SELECT '0x' || encode(address, 'hex') AS address, last_block::text FROM contract_hold",
  );
  const found = rows.map(({ address, last_block }) => `hold: ${address} ends at ${last_block}`);
  const expected = hostiles.map(
    ({ address, lastBlock }) => `hold: ${address} ends at ${lastBlock}`,
  );
  return [
    ...found.filter((line) => !expected.includes(line)).map((line) => `${line}: too much`),
    ...expected.filter((line) => !found.includes(line)).map((line) => `${line}: missing`),
  ];
}
