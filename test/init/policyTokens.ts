import { createActors } from '../../devnet/actors.js';
import type { Chain } from '../../devnet/anvil.js';
import { execute, mineBlocks } from '../../devnet/chain.js';
import { type DeployedContract, deployContract, encodeCall } from '../../devnet/deploy.js';
import {
  FUNCTION,
  GETTER,
  type OddRules,
  PART,
  PLAIN_RULES,
  ROLL_OVER,
  tupleOf,
} from '../prove/odd/oddRules.js';

const HIDDEN = GETTER.percent | GETTER.interval | GETTER.lastSnapshot;
const ONE_ASSET = GETTER.interval | GETTER.lastSnapshot;
const THREE = { window: 3n, rollOver: ROLL_OVER.nextSnapshot, getters: HIDDEN };

/** A token of each policy that no contract of the devnet's offering has, by the name of the policy. */
export async function livePolicyTokens(chain: Chain): Promise<ReadonlyMap<string, string>> {
  const [founder = '', alice = '', bob = ''] = await createActors(chain, 'policies for init', 3);
  const terms = ['Dollar', 'USD', 6];
  const dollar = await deployContract(chain, 'RevenueAsset', terms, { from: founder });
  const asset = { percentClaimable: 100n, asset: dollar.address };
  const rules: Readonly<Record<string, Partial<OddRules>>> = {
    'windowed-three': { ...THREE, parts: PART.windowedRounding },
    'windowed-three-reference': THREE,
    'reference-interval': { getters: HIDDEN },
    'reference-interval-windowed': { getters: HIDDEN, parts: PART.windowedRounding },
    'one-asset': { ...asset, getters: ONE_ASSET },
    'one-asset-windowed': {
      ...asset,
      window: 2n,
      rollOver: ROLL_OVER.nextSnapshot,
      parts: PART.windowedRounding,
      getters: ONE_ASSET | GETTER.window,
    },
  };
  const found = new Map<string, string>();
  for (const [policy, own] of Object.entries(rules)) {
    const tuple = tupleOf({ ...PLAIN_RULES, functions: FUNCTION.claimBatch, ...own });
    const args = [`A ${policy} token`, 'PLC', 1_000n, tuple];
    const token = await deployContract(chain, 'RevShareComposed', args, { from: founder });
    const isPaidInAsset = own.asset !== undefined;
    const send = (to: DeployedContract, from: string, name: string, values: unknown[]) =>
      execute(chain, { from, to: to.address, data: encodeCall(to, name, values) });
    await send(token, founder, 'transfer', [alice, 317n]);
    for (const revenue of [997n, 503n]) {
      if (isPaidInAsset) await send(dollar, bob, 'mint', [token.address, revenue]);
      else await execute(chain, { from: bob, to: token.address, valueWei: revenue });
      await mineBlocks(chain, 6);
      await send(token, bob, 'snapshot', []);
    }
    await send(token, alice, 'claim', [2n]);
    await send(token, alice, 'burn', [17n]);
    found.set(policy, token.address);
  }
  return found;
}
