import { createActors } from '../../../devnet/actors.js';
import type { Chain } from '../../../devnet/anvil.js';
import { loadArtifact } from '../../../devnet/artifacts.js';
import { BlockMaker } from '../../../devnet/blocks.js';
import {
  type DeployedContract,
  deployContract,
  deployRouter,
  encodeCall,
} from '../../../devnet/deploy.js';
import { SeededRandom } from '../../../devnet/random.js';
import { TokenBook } from '../../../devnet/tokenBook.js';
import type { Address } from '../../../src/address.js';
import { ASSET, dealPlans, drawPlan, type OddChoice, type OddPlan } from './oddities.js';
import { type OddRules, tupleOf } from './oddRules.js';

/** A composed contract on the chain. */
export interface OddContract {
  readonly plan: OddPlan;
  /** What it goes by; setters and upgrades change it. */
  rules: OddRules;
  readonly contract: DeployedContract;
  readonly address: Address;
  readonly supply: bigint;
}

export interface OddWorld {
  readonly chain: Chain;
  readonly random: SeededRandom;
  readonly blocks: BlockMaker;
  readonly owner: string;
  readonly accounts: readonly string[];
  readonly router: DeployedContract;
  readonly asset: DeployedContract;
  readonly contracts: readonly OddContract[];
  readonly book: TokenBook;
}

const ACCOUNTS = 5;

/** Deploys contracts of random rules on a fresh chain and takes over the mining. */
export async function createOddWorld(
  chain: Chain,
  { seed, contracts: count, choice }: { seed: string; contracts: number; choice: OddChoice },
): Promise<OddWorld> {
  const random = new SeededRandom(`odd ${seed}`);
  const blocks = await BlockMaker.takeOver(chain);
  const accounts = await createActors(chain, `odd ${seed}`, ACCOUNTS);
  const [owner = ''] = accounts;
  const router = await deployRouter(chain, { from: owner });
  const asset = await deployContract(chain, 'RevenueAsset', ['Dollar', 'USD', 6], { from: owner });
  const contracts: OddContract[] = [];
  const plans =
    choice.apart === undefined
      ? Array.from({ length: count }, () => drawPlan(random, choice))
      : dealPlans(random, choice, count);
  for (const [index, plan] of plans.entries()) {
    contracts.push(await deployOdd(chain, random, plan, { owner, asset: asset.address, index }));
  }
  await blocks.catchUp();
  const addresses = contracts.map(({ address }) => address);
  const book = await TokenBook.open(chain, addresses);
  return { chain, random, blocks, owner, accounts, router, asset, contracts, book };
}

async function deployOdd(
  chain: Chain,
  random: SeededRandom,
  plan: OddPlan,
  { owner, asset, index }: { owner: string; asset: string; index: number },
): Promise<OddContract> {
  const rules = withAsset(plan.rules, asset);
  const supply = random.pick([1_000n, 10n ** 6n, 10n ** 27n]);
  const options = { from: owner, valueWei: random.chance(20) ? random.amount(10n ** 18n) : 0n };
  const args = [`Odd ${index}`, `ODD${index}`, supply, tupleOf(rules)];
  const contract = plan.oddities.includes('upgrade')
    ? await deployBehindProxy(chain, args, options)
    : await deployContract(chain, 'RevShareComposed', args, options);
  return { plan, rules, contract, address: contract.address as Address, supply };
}

async function deployBehindProxy(
  chain: Chain,
  args: readonly unknown[],
  options: { from: string; valueWei: bigint },
): Promise<DeployedContract> {
  const logic = await deployLogic(chain, args, options.from);
  const start = encodeCall(logic, 'initialize', args);
  const proxy = await deployContract(chain, 'UpgradeableProxy', [logic.address, start], options);
  return { ...proxy, interface: logic.interface };
}

/** Code for proxies, without books of its own. */
export async function deployLogic(
  chain: Chain,
  [name, symbol, , rules]: readonly unknown[],
  from: string,
): Promise<DeployedContract> {
  return deployContract(chain, 'RevShareComposed', [name, symbol, 0n, rules], { from });
}

/** Names the real asset where the rules have its place. */
export function withAsset(rules: OddRules, asset: string): OddRules {
  return rules.asset === ASSET ? { ...rules, asset } : rules;
}

/** Calldata of the proxy's own function. */
export function upgradeCall(logic: string, call: string): string {
  return loadArtifact('UpgradeableProxy').interface.encodeFunctionData('upgradeToAndCall', [
    logic,
    call,
  ]);
}
