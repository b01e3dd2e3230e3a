import { defaultAccounts } from '../../../devnet/actors.js';
import { execute, latestBlock, mineBlock, sendTransaction } from '../../../devnet/chain.js';
import {
  type DeployedContract,
  deployContract,
  deployRouter,
  deployWindowed,
  encodeCall,
  readContract,
} from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import { resolvePoolMapping } from '../../../src/config/pools/poolMapping.js';
import type { PoolConfig } from '../../../src/config/pools/pools.js';
import { type Anvil, startAnvil } from '../nodes/anvil.js';

/** What the events of the odd pool mean, as a config says it. */
export const ODD_MAPPING = {
  raise: { event: 'Locked', depositor: 'owner', shares: 'weight' },
  lower: { event: 'Unlocked', depositor: 'owner', shares: 'weight' },
  move: { event: 'Handed', from: 'from', to: 'to', shares: 'weight' },
  set: { event: 'Boosted', depositor: 'owner', shares: 'newWeight' },
  sharesView: 'weightOf',
  totalView: 'totalWeight',
};

/** What a router does in one transaction. */
export type PoolStep = readonly [
  contract: DeployedContract,
  name: string,
  args: readonly unknown[],
];

/** A token with p = 80 and W = 2, pools of it, and a router that brings tokens to them for others. */
export class PoolScene {
  readonly pools: PoolConfig[] = [];

  private constructor(
    readonly chain: Anvil,
    readonly token: DeployedContract,
    readonly router: DeployedContract,
    readonly founder: string,
    readonly payer: string,
  ) {}

  static async start(supply = 10n ** 24n): Promise<PoolScene> {
    const chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
    const [founder = '', payer = ''] = await defaultAccounts(chain);
    const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
      from: founder,
      name: 'Model',
      symbol: 'MDL',
      supply,
      percentClaimable: 80,
      window: 2,
      snapshotInterval: 10,
    });
    const router = await deployRouter(chain, { from: founder });
    return new PoolScene(chain, token, router, founder, payer);
  }

  /** Deploys a pool over the token, or over another pool, and looks through it. */
  async add(
    contractName: string,
    kind: PoolConfig['kind'],
    holds: DeployedContract = this.token,
    args: readonly unknown[] = [holds.address],
  ): Promise<DeployedContract> {
    const { chain, founder } = this;
    const contract = await deployContract(chain, contractName, args, { from: founder });
    this.pools.push({
      address: contract.address as Address,
      kind,
      token: holds.address as Address,
      startBlock: null,
      label: null,
      custom: kind === 'custom' ? oddMapping(contract) : null,
    });
    return contract;
  }

  call(from: string, contract: DeployedContract, name: string, args: unknown[] = []) {
    return execute(this.chain, {
      from,
      to: contract.address,
      data: encodeCall(contract, name, args),
    });
  }

  /** The same, to be mined with others. */
  send(from: string, contract: DeployedContract, name: string, args: unknown[] = []) {
    const data = encodeCall(contract, name, args);
    return sendTransaction(this.chain, { from, to: contract.address, data });
  }

  /** The call data of one transaction of the router. */
  routed(steps: readonly PoolStep[]) {
    const calls = steps.map(([contract, name, args]) => ({
      target: contract.address,
      value: 0n,
      data: encodeCall(contract, name, args),
      mayFail: false,
    }));
    const data = encodeCall(this.router, 'execute', [calls]);
    return { from: this.founder, to: this.router.address, data, gas: 25_000_000n };
  }

  route(steps: readonly PoolStep[]) {
    return execute(this.chain, this.routed(steps));
  }

  /** Gives the router tokens, and the use of them to the pools. */
  async fund(amount: bigint, pools: readonly DeployedContract[]): Promise<void> {
    await this.call(this.founder, this.token, 'transfer', [this.router.address, amount]);
    await this.route(pools.map((pool) => [this.token, 'approve', [pool.address, 2n ** 255n]]));
  }

  /** Revenue and a snapshot of it, each in a block of its own. */
  async share(valueWei: bigint) {
    await execute(this.chain, { from: this.payer, to: this.token.address, valueWei });
    await mineBlock(this.chain, (await latestBlock(this.chain)).timestamp + 20);
    return this.call(this.founder, this.token, 'snapshot');
  }

  view<T>(contract: DeployedContract, name: string, args: unknown[] = [], block?: number) {
    return readContract<T>(this.chain, contract, name, args, block);
  }

  /** What the indexer is asked to do. */
  request(databaseUrl: string) {
    const { chain, token } = this;
    return { chain, databaseUrl, tokens: [token.address], more: { lookThrough: this.pools } };
  }
}

function oddMapping(contract: DeployedContract): PoolConfig['custom'] {
  const abi: unknown = JSON.parse(contract.interface.formatJson());
  const { pool, problems } = resolvePoolMapping(abi, ODD_MAPPING);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return pool;
}
