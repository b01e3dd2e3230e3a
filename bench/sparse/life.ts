import { defaultAccounts } from '../../devnet/actors.js';
import type { Chain } from '../../devnet/anvil.js';
import { execute, mineBlock } from '../../devnet/chain.js';
import {
  type DeployedContract,
  deployRouter,
  deployWindowed,
  encodeCall,
} from '../../devnet/deploy.js';

/** Real blocks: a token's life in which each block does something else. */
export async function liveToken(chain: Chain, blocks: number): Promise<DeployedContract> {
  const [founder = '', friend = '', payer = ''] = await defaultAccounts(chain);
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    from: founder,
    name: 'Sparse',
    symbol: 'SPR',
    supply: 10n ** 24n,
    percentClaimable: 80,
    window: 2,
    snapshotInterval: 10,
  });
  const router = await deployRouter(chain, { from: founder });
  const to = token.address;
  const call = (from: string, name: string, args: unknown[] = []) =>
    execute(chain, { from, to, data: encodeCall(token, name, args) });
  let snapshots = 0n;
  for (let block = 0; block < blocks; block++) {
    switch (block % 6) {
      case 0:
        await call(founder, 'transfer', [friend, 1_000n]);
        break;
      case 1:
        await execute(chain, { from: payer, to, valueWei: 1_000_000n });
        break;
      case 2: {
        const steps = [{ target: to, value: 500n, data: '0x', mayFail: false }];
        const data = encodeCall(router, 'execute', [steps]);
        await execute(chain, { from: founder, to: router.address, data, valueWei: 500n });
        break;
      }
      case 3:
        await mineBlock(chain, 1_750_000_000 + 100 * (block + 10));
        break;
      case 4:
        await call(founder, 'snapshot');
        snapshots++;
        break;
      default:
        await call(founder, 'claim', [snapshots]);
    }
  }
  return token;
}
