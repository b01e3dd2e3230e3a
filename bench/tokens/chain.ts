import { AbiCoder, keccak256 } from 'ethers';
import { defaultAccounts } from '../../devnet/actors.js';
import { type Anvil, startAnvil } from '../../devnet/anvil.js';
import { loadArtifact } from '../../devnet/artifacts.js';
import {
  DevnetTransactionError,
  latestBlock,
  mineBlock,
  mineBlocks,
  sendTransaction,
  setAutomine,
  type TransactionReceipt,
  type TransactionRequest,
} from '../../devnet/chain.js';
import {
  creationCode,
  type DeployedContract,
  deployContract,
  encodeCall,
} from '../../devnet/deploy.js';
import { toQuantity } from '../../devnet/rpc.js';

/** How many tokens share the operations of a chain. */
export interface TokensSpec {
  readonly tokens: number;
  /** Transactions, whatever the number of tokens: a multiple of it, and of 6. */
  readonly operations: number;
  /** Empty blocks after each block with operations. */
  readonly gap: number;
}

/** A chain whose factory created the tokens. */
export interface TokensChain {
  readonly node: Anvil;
  readonly factory: string;
  readonly lastBlock: number;
}

const TOKENS_PER_BLOCK = 10;
const OPERATIONS_PER_BLOCK = 4;
const TRANSFERS = 25;
const BLOCK_SECONDS = 12;
const FINAL_BLOCKS = 20;
const GAS = 90_000_000n;
const SENDER_BALANCE_WEI = 10n ** 24n;
/** Kinds of operations, one after the other, each once for every token. */
const KINDS = ['distribute', 'transfers', 'receipt', 'snapshot', 'claim', 'burn'] as const;

/** Creates the tokens, and spreads the operations over them in turns. */
export async function buildTokensChain(spec: TokensSpec): Promise<TokensChain> {
  const node = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  const [owner = '', payer = ''] = await defaultAccounts(node);
  const factory = await deployContract(node, 'ContractFactory', [], { from: owner });
  await setAutomine(node, false);
  const tokens: DeployedContract[] = [];
  for (let first = 0; first < spec.tokens; first += TOKENS_PER_BLOCK) {
    const count = Math.min(TOKENS_PER_BLOCK, spec.tokens - first);
    tokens.push(...(await createTokens(node, factory, owner, { first, count })));
  }
  const requests = operationsOn(tokens, spec, { owner, payer });
  for (let start = 0; start < requests.length; start += OPERATIONS_PER_BLOCK) {
    await mine(node, requests.slice(start, start + OPERATIONS_PER_BLOCK));
    if (spec.gap > 0) await mineBlocks(node, spec.gap, BLOCK_SECONDS);
  }
  const { number: lastBlock } = await latestBlock(node);
  await mineBlocks(node, FINAL_BLOCKS, BLOCK_SECONDS);
  return { node, factory: factory.address, lastBlock };
}

async function createTokens(
  node: Anvil,
  factory: DeployedContract,
  from: string,
  { first, count }: { readonly first: number; readonly count: number },
): Promise<DeployedContract[]> {
  const code = creationCode('RevShareBench', ['Bench', 'BCH', 10n ** 27n, 80, 2, 1]);
  const data = encodeCall(factory, 'createTokens', [code, first, count]);
  const [receipt] = await mine(node, [{ from, to: factory.address, data, gas: GAS }]);
  const created = receipt?.logs.filter(({ address }) => address === factory.address) ?? [];
  return created.map((log) => ({
    contractName: 'RevShareBench',
    address: String(factory.interface.parseLog(log)?.args[0]).toLowerCase(),
    deploymentBlock: Number(receipt?.blockNumber),
    interface: loadArtifact('RevShareBench').interface,
  }));
}

function operationsOn(
  tokens: readonly DeployedContract[],
  { operations }: TokensSpec,
  { owner, payer }: { readonly owner: string; readonly payer: string },
): TransactionRequest[] {
  const rounds = operations / tokens.length / KINDS.length;
  if (!Number.isInteger(rounds)) {
    throw new RangeError(`${operations} operations cannot be shared by ${tokens.length} tokens`);
  }
  const requests: TransactionRequest[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const kind of KINDS) {
      for (const token of tokens) requests.push(operation(kind, round, token, { owner, payer }));
    }
  }
  return requests;
}

function operation(
  kind: (typeof KINDS)[number],
  round: number,
  token: DeployedContract,
  { owner, payer }: { readonly owner: string; readonly payer: string },
): TransactionRequest {
  const to = token.address;
  const holder = benchHolder(round % TRANSFERS);
  const call = (from: string, name: string, args: readonly unknown[] = []) => ({
    from,
    to,
    data: encodeCall(token, name, args),
    gas: GAS,
  });
  switch (kind) {
    case 'distribute':
      return call(owner, 'benchDistribute', [0, TRANSFERS]);
    case 'transfers':
      return call(owner, 'benchTransfers', [round, TRANSFERS, TRANSFERS]);
    case 'receipt':
      return { from: payer, to, valueWei: 10n ** 18n };
    case 'snapshot':
      return call(payer, 'snapshot');
    case 'claim':
      return call(holder, 'claim', [round + 1]);
    case 'burn':
      return call(holder, 'burn', [10n ** 15n]);
  }
}

/** `benchHolder(index)` of the contract, lower case. */
function benchHolder(index: number): string {
  const encoded = AbiCoder.defaultAbiCoder().encode(['string', 'uint256'], ['bench holder', index]);
  return `0x${keccak256(encoded).slice(26)}`;
}

/** One block of these transactions, sent one after the other. @throws DevnetTransactionError if one reverts */
async function mine(
  node: Anvil,
  requests: readonly TransactionRequest[],
): Promise<TransactionReceipt[]> {
  for (const sender of new Set(requests.map(({ from }) => from))) {
    await node.rpc.call('anvil_setBalance', [sender, toQuantity(SENDER_BALANCE_WEI)]);
  }
  for (const request of requests) await sendTransaction(node, request);
  const { timestamp } = await latestBlock(node);
  await mineBlock(node, timestamp + BLOCK_SECONDS);
  const receipts = await node.rpc.call<TransactionReceipt[]>('eth_getBlockReceipts', ['latest']);
  for (const [index, request] of requests.entries()) {
    const receipt = receipts[index];
    if (receipt?.status === '0x1') continue;
    throw new DevnetTransactionError(receipt?.transactionHash ?? 'not mined', request);
  }
  return receipts;
}
