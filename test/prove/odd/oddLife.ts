import type { TransactionReceipt, TransactionRequest } from '../../../devnet/chain.js';
import { encodeCall } from '../../../devnet/deploy.js';
import { type Action, type BundleStep, routerBundle } from '../../../devnet/holder.js';
import { drawOddAction } from './oddActions.js';
import { drawUpgrade } from './oddities.js';
import { tupleOf } from './oddRules.js';
import {
  deployLogic,
  type OddContract,
  type OddWorld,
  upgradeCall,
  withAsset,
} from './oddWorld.js';

/** What a life came to. */
export interface OddLife {
  readonly operations: number;
  readonly reverted: number;
  readonly firstBlock: number;
  readonly lastBlock: number;
}

const OPERATIONS_PER_BLOCK = 6;
/** Of a life, in percent: after it every upgradeable contract is upgraded once. */
const UPGRADE_AFTER = 45;

/**
 * Random actors do random things to the contracts, `operations` with each on the average. An
 * operation may revert, as on any chain.
 */
export async function liveOddly(world: OddWorld, operations: number): Promise<OddLife> {
  const { chain, random, blocks, contracts } = world;
  await spread(world);
  const firstBlock = Number(await chain.rpc.call<string>('eth_blockNumber'));
  const all = operations * contracts.length;
  let done = 0;
  let reverted = 0;
  let isUpgraded = false;
  while (done < all) {
    if (!isUpgraded && done * 100 > all * UPGRADE_AFTER) {
      isUpgraded = true;
      await upgradeAll(world);
    }
    const count = random.integer(1, OPERATIONS_PER_BLOCK);
    const transactions = Array.from({ length: count }, () => drawTransaction(world));
    reverted += await mine(world, transactions);
    done += count;
  }
  // So that nothing is at the very head.
  await blocks.mine([]);
  const lastBlock = Number(await chain.rpc.call<string>('eth_blockNumber'));
  return { operations: done, reverted, firstBlock, lastBlock };
}

/** The owner gives most of its tokens away, one contract a block. */
async function spread(world: OddWorld): Promise<void> {
  const { owner, accounts, router, contracts, random } = world;
  for (const { address, contract, supply, plan } of contracts) {
    const receivers = [...accounts.slice(1), router.address];
    const parts = receivers.map(() => random.bigint(supply / 7n) + 1n);
    const transfers = receivers.map((to, index) => ({
      from: owner,
      to: address,
      data: encodeCall(contract, 'transfer', [to, parts[index]]),
    }));
    const isAtOnce = plan.oddities.includes('first holders');
    const data = encodeCall(contract, 'initHolder', [receivers, parts]);
    await mine(world, isAtOnce ? [{ from: owner, to: address, data }] : transfers);
  }
}

async function mine(world: OddWorld, transactions: TransactionRequest[]): Promise<number> {
  const receipts: TransactionReceipt[] = await world.blocks.mine(transactions);
  world.book.record(receipts);
  return receipts.filter(({ status }) => status !== '0x1').length;
}

function drawTransaction(world: OddWorld): TransactionRequest {
  const { random, contracts, accounts, router } = world;
  const subject = random.pick(contracts);
  if (random.chance(18)) {
    const steps: BundleStep[] = Array.from({ length: random.integer(2, 5) }, () => ({
      ...drawOddAction(world, subject, router.address),
      mayFail: true,
    }));
    return routerBundle(router, random.pick(accounts), steps);
  }
  const from = random.pick(accounts);
  const { target, data, valueWei }: Action = drawOddAction(world, subject, from);
  return { from, to: target, data, valueWei };
}

async function upgradeAll(world: OddWorld): Promise<void> {
  for (const subject of world.contracts) {
    if (subject.plan.oddities.includes('upgrade')) await upgrade(world, subject);
  }
  await world.blocks.catchUp();
}

async function upgrade(world: OddWorld, subject: OddContract): Promise<void> {
  const { chain, random, owner, asset } = world;
  const rules = withAsset(drawUpgrade(random, subject.plan), asset.address);
  const logic = await deployLogic(chain, ['', '', 0n, tupleOf(rules)], owner);
  await world.blocks.catchUp();
  const call = encodeCall(subject.contract, 'reconfigure', [tupleOf(rules)]);
  const data = upgradeCall(logic.address, call);
  await mine(world, [{ from: owner, to: subject.address, data }]);
  subject.rules = rules;
}
