// SPDX-License-Identifier: GPL-3.0-or-later
import type { AssetSharingToken, AssetWorld } from './assetWorld.js';
import type { TransactionRequest } from './chain.js';
import { type DeployedContract, encodeCall, readContract } from './deploy.js';
import { type Action, actAs, type Holder, programReentrant, routerBundle } from './holder.js';

export { type AssetWorld, createAssetWorld } from './assetWorld.js';

const TRANSACTIONS_PER_BLOCK = 6;
const BUNDLE_STEPS = 6;
const LONG_SECONDS = 75;
const MOST_ETHER = 10n ** 19n;
const MOST_OF_AN_ASSET = 10n ** 24n;

/**
 * Lets the tokens of the world live: ETH and assets come in by every way, with and without a
 * log; snapshots, claims, burns and transfers by accounts, a router and from within payments;
 * several in one transaction and in one block, some of them undone. Each token starts to share
 * its second asset at a random time, when some of it is there already.
 *
 * @returns how many transactions were mined, and how many of them were reverted
 */
export async function liveAssets(
  world: AssetWorld,
  transactions: number,
): Promise<{ transactions: number; reverted: number }> {
  const { random, blocks } = world;
  const report = { transactions: 0, reverted: 0 };
  while (report.transactions < transactions) {
    const size = Math.min(
      transactions - report.transactions,
      random.integer(1, TRANSACTIONS_PER_BLOCK),
    );
    const requests: TransactionRequest[] = [];
    while (requests.length < size) requests.push(await drawTransaction(world));
    const receipts = await blocks.mine(requests, random.chance(40) ? LONG_SECONDS : undefined);
    report.transactions += receipts.length;
    report.reverted += receipts.filter(({ status }) => status !== '0x1').length;
  }
  return report;
}

async function drawTransaction(world: AssetWorld): Promise<TransactionRequest> {
  const { random, tokens, owner, stranger, holders, splitter } = world;
  const token = random.pick(tokens);
  switch (
    random.weighted([
      ['act', 60],
      ['bundle', 18],
      ['program', 8],
      ['split', 6],
      ['accept', 3],
    ])
  ) {
    case 'bundle':
      return drawBundle(world, token);
    case 'program':
      return drawProgram(world, token);
    case 'split':
      return { from: owner, to: splitter.address, valueWei: random.amount(MOST_ETHER) };
    case 'accept': {
      const data = encodeCall(token.contract, 'addRevenueToken', [token.later.address]);
      return { from: random.chance(80) ? owner : stranger, to: token.contract.address, data };
    }
    default: {
      const holder = random.pick(holders);
      return actAs(holder, await drawAction(world, token, holder));
    }
  }
}

/** One thing that a holder does, or that somebody does for the token. */
async function drawAction(
  world: AssetWorld,
  token: AssetSharingToken,
  holder: Holder,
): Promise<Action> {
  const { random, holders, assets } = world;
  const { contract } = token;
  const toToken = (name: string, args: readonly unknown[]) => call(contract, name, args);
  switch (
    random.weighted([
      ['pay', 12],
      ['asset', 30],
      ['snapshot', 14],
      ['claim', 24],
      ['burn', 8],
      ['transfer', 12],
    ])
  ) {
    case 'pay':
      return { target: contract.address, data: '0x', valueWei: random.amount(MOST_ETHER) };
    case 'asset': {
      const asset = random.pick(assets);
      const amount = random.amount(MOST_OF_AN_ASSET);
      // Without a log now and then, as rebasing tokens do.
      const way = random.chance(20) ? 'accrue' : 'mint';
      const to = random.chance(85) ? contract.address : holder.address;
      if (random.chance(60)) return call(asset, way, [to, amount]);
      return call(asset, 'transfer', [contract.address, (await held(asset, holder, world)) / 3n]);
    }
    case 'snapshot':
      return toToken('snapshot', []);
    case 'claim': {
      const last = await lastSnapshotId(world, contract);
      const id = last - BigInt(random.integer(0, 2));
      return toToken('claim', [id > 0n ? id : 1n]);
    }
    case 'burn':
      return toToken('burn', [
        (await held(contract, holder, world)) / BigInt(random.integer(2, 9)),
      ]);
    default: {
      const amount = (await held(contract, holder, world)) / BigInt(random.integer(1, 5));
      return toToken('transfer', [random.pick(holders).address, amount]);
    }
  }
}

/** The router does several things in one transaction; some fail, some are undone together. */
async function drawBundle(
  world: AssetWorld,
  token: AssetSharingToken,
): Promise<TransactionRequest> {
  const { random, router, holders, owner } = world;
  const holder = holders.find(({ kind }) => kind === 'router') ?? random.pick(holders);
  const steps: Action[] = [];
  while (steps.length < BUNDLE_STEPS) steps.push(await drawAction(world, token, holder));
  const last = call(router, 'alwaysRevert', []);
  return routerBundle(router, owner, [
    ...steps.map((step) => ({ ...step, mayFail: true })),
    { ...last, mayFail: !random.chance(15) },
  ]);
}

/** What the re-entrant holder does from within its next payments in ETH. */
async function drawProgram(
  world: AssetWorld,
  token: AssetSharingToken,
): Promise<TransactionRequest> {
  const { random, holders } = world;
  const holder = holders.find(({ kind }) => kind === 'reentrant') ?? random.pick(holders);
  const steps = [];
  for (let count = random.integer(1, 3); count > 0; count -= 1) {
    const action = { ...(await drawAction(world, token, holder)), valueWei: 0n };
    steps.push({ ...action, propagate: random.chance(20), pause: random.chance(30) });
  }
  return programReentrant(holder, token.contract, steps);
}

function call(contract: DeployedContract, name: string, args: readonly unknown[]): Action {
  return { target: contract.address, data: encodeCall(contract, name, args), valueWei: 0n };
}

function held(erc20: DeployedContract, holder: Holder, { chain }: AssetWorld): Promise<bigint> {
  return readContract(chain, erc20, 'balanceOf', [holder.address]);
}

/** Counted by its logs: the contract does not tell. */
async function lastSnapshotId({ chain }: AssetWorld, { address }: DeployedContract) {
  const filter = { address, topics: [SNAPSHOT_TOPIC], fromBlock: '0x0', toBlock: 'latest' };
  const logs = await chain.rpc.call<unknown[]>('eth_getLogs', [filter]);
  return BigInt(logs.length);
}

/** `Snapshot(uint256)`, docs/domain.md#telling-policies-apart. */
const SNAPSHOT_TOPIC = '0x8030e83b04d87bef53480e26263266d6ca66863aa8506aca6f2559d18aa1cb67';
