import { defaultAccounts } from '../../../devnet/actors.js';
import { execute, latestBlock, mineBlock, mineBlocks } from '../../../devnet/chain.js';
import { deployWindowed, encodeCall } from '../../../devnet/deploy.js';
import { type Anvil, startAnvil } from '../nodes/anvil.js';

/** A chain on which a token had transfers, receipts, snapshots, claims and a burn. */
export interface LivedToken {
  readonly chain: Anvil;
  readonly tokens: readonly string[];
  readonly founder: string;
}

/** @param rounds each of about ten blocks with every kind of operation */
export async function liveToken(rounds = 3): Promise<LivedToken> {
  const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  const [founder = '', friend = '', payer = ''] = await defaultAccounts(chain);
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    from: founder,
    name: 'Model',
    symbol: 'MDL',
    supply: 1_000_000n,
    percentClaimable: 80,
    snapshotInterval: 10,
  });
  const to = token.address;
  const call = (from: string, name: string, args: unknown[] = []) =>
    execute(chain, { from, to, data: encodeCall(token, name, args) });
  for (let round = 1; round <= rounds; round += 1) {
    await call(founder, 'transfer', [friend, 400n]);
    await execute(chain, { from: payer, to, valueWei: 1_000_000n });
    await mineBlock(chain, (await latestBlock(chain)).timestamp + 20);
    await call(founder, 'snapshot');
    await call(founder, 'claim', [round]);
    await call(friend, 'burn', [10n]);
    await mineBlocks(chain, 4, 1);
  }
  return { chain, tokens: [to], founder };
}

/** One more receipt, in a block of its own. */
export async function payToken({ chain, tokens, founder }: LivedToken): Promise<void> {
  await execute(chain, { from: founder, to: tokens[0], valueWei: 5n });
}
