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
): Promise<readonly HostileToken[]> {
  const [from = '', thief = ''] = await defaultAccounts(chain);
  const terms = { symbol: 'BAD', supply: 1_000n, percentClaimable: 80, window: 2 };
  const windowed = (name: string) =>
    deployWindowed(chain, 'RevShareWindowedSeconds', {
      ...{ ...terms, name, from },
      snapshotInterval: 10,
    });
  const pay = (to: string) => execute(chain, { from, to, valueWei: ETHER });
  const before = (block: string) => Number(block) - 1;

  const hostile = (await windowed('Hostile')).address;
  await pay(hostile);
  const theft = await execute(chain, { from: hostile, to: thief, valueWei: 1n });
  await pay(hostile);

  const drained = (await windowed('Drained')).address;
  await pay(drained);
  // Some of it pays for the gas.
  const valueWei = (await getBalance(chain, drained)) - ETHER / 10n;
  const drain = await execute(chain, { from: drained, to: thief, valueWei });
  await pay(drained);

  const asset = await deployContract(chain, 'ShrinkingAsset', [], { from });
  const sharingTerms = ['Sharing', 'SHA', 1_000n, 80n, 2n, 10n, [asset.address]];
  const sharing = await deployContract(chain, 'RevShareAltRev', sharingTerms, { from });
  const mint = () =>
    execute(chain, {
      ...{ from, to: asset.address },
      data: encodeCall(asset, 'mint', [sharing.address, ETHER]),
    });
  await mint();
  const shrinking = await execute(chain, {
    ...{ from, to: asset.address },
    data: encodeCall(asset, 'shrink', [sharing.address, ETHER / 2n]),
  });
  await mint();

  const storm = await deployContract(chain, 'FrameStorm', [], { from });
  for (const victim of [...victims, hostile, drained]) {
    const data = new Interface(STORM).encodeFunctionData('calls', [victim, STORM_FRAMES, 0n]);
    await execute(chain, { from, to: storm.address, data, gas: STORM_GAS });
  }
  return [
    { address: hostile, lastBlock: before(theft.blockNumber) },
    { address: drained, lastBlock: before(drain.blockNumber) },
    { address: sharing.address, lastBlock: before(shrinking.blockNumber) },
  ];
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

/** What an audit found of all other tokens: of these it compares books that had to end. */
export function withoutHostiles<
  Audited extends { mismatchCount: number; mismatches: readonly string[] },
>(audited: Audited, hostiles: readonly HostileToken[]): Audited {
  const others = audited.mismatches.filter(
    (line) => !hostiles.some(({ address }) => line.includes(`"token":"${address}"`)),
  );
  const left = audited.mismatchCount - (audited.mismatches.length - others.length);
  return { ...audited, mismatchCount: left, mismatches: others };
}
