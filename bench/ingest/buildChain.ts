import { AbiCoder, keccak256 } from 'ethers';
import { defaultAccounts } from '../../devnet/actors.js';
import type { Chain } from '../../devnet/anvil.js';
import {
  DevnetTransactionError,
  getBalance,
  latestBlock,
  mineBlock,
  mineBlocks,
  sendTransaction,
  setAutomine,
  type TransactionReceipt,
  type TransactionRequest,
} from '../../devnet/chain.js';
import { type DeployedContract, deployWindowed, encodeCall } from '../../devnet/deploy.js';
import { toQuantity } from '../../devnet/rpc.js';
import {
  type BlockWork,
  type ChainSpec,
  planBlocks,
  type RevenueWork,
  type TransferWork,
} from './chainSpec.js';

/** Where the benchmark's token is on its chain. */
export interface BuiltChain {
  /** Lower case. */
  readonly token: string;
  readonly deploymentBlock: number;
  /** The last block with work in it. Empty ones come after it, so that it is final. */
  readonly lastBlock: number;
  readonly headBlock: number;
  /** The token's ETH from a block on, in wei, ascending: [block, balance]. */
  readonly balanceHistory: readonly (readonly [number, string])[];
  /** What view functions answered in the block of the deployment, by call data. */
  readonly viewsAtDeployment: Readonly<Record<string, string>>;
}

export const GENESIS_TIMESTAMP = 1_750_000_000;
export const BLOCK_SECONDS = 12;
const SUPPLY = 10n ** 27n;
const EMPTY_BLOCKS_AT_END = 20;
const GENERATOR_GAS = 90_000_000n;
const PERCENT_CLAIMABLE = 80;

/** Gas is free, but the node wants to see that a sender could pay for it. */
const SENDER_BALANCE_WEI = 10n ** 24n;

/** Deploys the token on an empty chain and does everything that the spec asks for. */
export async function buildChain(
  chain: Chain,
  spec: ChainSpec,
  onProgress: (block: number) => void = () => undefined,
): Promise<BuiltChain> {
  const [owner = '', payer = ''] = await defaultAccounts(chain);
  const token = await deployWindowed(chain, 'RevShareBench', {
    from: owner,
    name: 'Benchmark Revenue Share',
    symbol: 'BRS',
    supply: SUPPLY,
    percentClaimable: PERCENT_CLAIMABLE,
    snapshotInterval: BLOCK_SECONDS,
    valueWei: 10n ** 18n,
  });
  const viewsAtDeployment = await readViews(chain, token, ['lastSnapshotTimestamp']);
  await setAutomine(chain, false);

  let timestamp = (await latestBlock(chain)).timestamp;
  const balanceHistory: [number, string][] = [[token.deploymentBlock, String(10n ** 18n)]];
  for (const [index, work] of planBlocks(spec).entries()) {
    timestamp += BLOCK_SECONDS;
    const requests = [
      transferRequest(token, owner, spec, work.transfers),
      ...work.revenue.map((revenue) => revenueRequest(token, payer, revenue)),
    ];
    await mine(chain, requests, timestamp);
    if (work.revenue.length > 0) {
      const { number } = await latestBlock(chain);
      balanceHistory.push([number, String(await getBalance(chain, token.address))]);
    }
    onProgress(index + 1);
  }
  const { number: lastBlock } = await latestBlock(chain);
  await mineBlocks(chain, EMPTY_BLOCKS_AT_END, BLOCK_SECONDS);
  return {
    token: token.address,
    deploymentBlock: token.deploymentBlock,
    lastBlock,
    headBlock: lastBlock + EMPTY_BLOCKS_AT_END,
    balanceHistory,
    viewsAtDeployment,
  };
}

async function readViews(
  chain: Chain,
  token: DeployedContract,
  names: readonly string[],
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const name of names) {
    const data = encodeCall(token, name);
    const call = { to: token.address, data };
    answers[data] = await chain.rpc.call<string>('eth_call', [call, 'latest']);
  }
  return answers;
}

/** One block of these transactions. @throws DevnetTransactionError if one reverts. */
async function mine(
  chain: Chain,
  requests: readonly TransactionRequest[],
  timestamp: number,
): Promise<void> {
  const senders = new Set(requests.map(({ from }) => from));
  await chain.rpc.batch(
    [...senders].map((sender) => ({
      method: 'anvil_setBalance',
      params: [sender, toQuantity(SENDER_BALANCE_WEI)],
    })),
  );
  for (const request of requests) await sendTransaction(chain, request);
  await mineBlock(chain, timestamp);
  const receipts = await chain.rpc.call<Omit<TransactionReceipt, 'logs'>[]>(
    'eth_getBlockReceipts',
    ['latest'],
  );
  requests.forEach((request, index) => {
    const receipt = receipts[index];
    if (receipt?.status !== '0x1') {
      throw new DevnetTransactionError(receipt?.transactionHash ?? 'not mined', request);
    }
  });
}

function transferRequest(
  token: DeployedContract,
  owner: string,
  { holders }: ChainSpec,
  work: TransferWork,
): TransactionRequest {
  const data =
    work.kind === 'distribute'
      ? encodeCall(token, 'benchDistribute', [work.first, work.last])
      : encodeCall(token, 'benchTransfers', [work.seed, work.count, holders]);
  return { from: owner, to: token.address, data, gas: GENERATOR_GAS };
}

function revenueRequest(
  token: DeployedContract,
  payer: string,
  work: BlockWork['revenue'][number],
): TransactionRequest {
  const to = token.address;
  switch (work.kind) {
    case 'receipt':
      return { from: payer, to, valueWei: work.amountWei };
    case 'snapshot':
      return { from: payer, to, data: encodeCall(token, 'snapshot') };
    case 'claim':
      return { from: holderAddress(work.holder), to, data: claimCall(token, work) };
    case 'burn':
      return {
        from: holderAddress(work.holder),
        to,
        data: encodeCall(token, 'burn', [10n ** 15n * BigInt(work.holder + 1)]),
      };
  }
}

function claimCall(
  token: DeployedContract,
  { snapshotIds }: Extract<RevenueWork, { kind: 'claim' }>,
): string {
  return snapshotIds.length === 1
    ? encodeCall(token, 'claim', snapshotIds)
    : encodeCall(token, 'claimBatch', [snapshotIds]);
}

/** `benchHolder(index)` of the contract, lower case. */
function holderAddress(index: number): string {
  const encoded = AbiCoder.defaultAbiCoder().encode(['string', 'uint256'], ['bench holder', index]);
  return `0x${keccak256(encoded).slice(26)}`;
}
