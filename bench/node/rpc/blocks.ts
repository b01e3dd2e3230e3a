import type { Block, GeneratedChain } from '../chain/chain.js';
import { BASE_FEE_WEI, headerFields } from '../chain/header.js';
import { quantity } from '../hex.js';
import { CHAIN_ID } from '../spec.js';
import { INVALID_PARAMS, RpcFault, SERVER_ERROR } from './fault.js';

/** Above any gas that a transaction uses. */
const GAS_OF_CALL = 30_000_000;

/** The height that a number, a tag or `{blockHash}` names; `null`: the chain has no such block. */
export function heightOf(chain: GeneratedChain, tag: unknown): number | null {
  if (tag === 'latest' || tag === 'safe' || tag === 'finalized') return chain.head;
  if (tag === 'earliest') return 0;
  if (typeof tag === 'object' && tag !== null) {
    if ('blockHash' in tag) return chain.heightOf(String(tag.blockHash));
    if ('blockNumber' in tag) return heightOf(chain, tag.blockNumber);
  }
  if (typeof tag !== 'string' || !/^0x[0-9a-f]+$/i.test(tag)) {
    throw new RpcFault(INVALID_PARAMS, `invalid argument: ${JSON.stringify(tag)} is not a block`);
  }
  if (tag.length === 66) return chain.heightOf(tag);
  const height = Number(tag);
  return height <= chain.head ? height : null;
}

/** The same for questions about a state, which fail where the block is missing. */
export function stateHeight(chain: GeneratedChain, tag: unknown): number {
  const height = heightOf(chain, tag);
  if (height === null) throw new RpcFault(SERVER_ERROR, 'header not found');
  return height;
}

export function blockAnswer(chain: GeneratedChain, height: number, isWhole: boolean) {
  const block = chain.block(height);
  return {
    hash: chain.hashOf(height),
    ...headerFields(chain.ownFields(height)),
    size: '0x400',
    uncles: [],
    withdrawals: [],
    transactions: block.transactions.map(({ hash }, index) =>
      isWhole ? transactionAnswer(chain, block, index) : hash,
    ),
  };
}

export function transactionAnswer(chain: GeneratedChain, block: Block, index: number) {
  const transaction = block.transactions[index];
  if (transaction === undefined) return null;
  const { hash, frame } = transaction;
  return {
    hash,
    ...placeOf(chain, block, index),
    type: '0x2',
    chainId: quantity(CHAIN_ID),
    nonce: '0x0',
    from: frame.from,
    to: frame.type === 'CALL' ? frame.to : null,
    value: quantity(frame.valueWei),
    input: frame.input,
    gas: quantity(GAS_OF_CALL),
    gasPrice: quantity(BASE_FEE_WEI),
    maxFeePerGas: quantity(BASE_FEE_WEI),
    maxPriorityFeePerGas: '0x0',
    accessList: [],
  };
}

export function receiptAnswers(chain: GeneratedChain, height: number) {
  const block = chain.block(height);
  let gas = 0;
  let logIndex = 0;
  return block.transactions.map(({ hash, frame, receipt }, index) => {
    gas += receipt.gasUsed;
    const first = logIndex;
    logIndex += receipt.logs.length;
    const isCall = frame.type === 'CALL';
    return {
      transactionHash: hash,
      ...placeOf(chain, block, index),
      type: '0x2',
      status: '0x1',
      from: frame.from,
      to: isCall ? frame.to : null,
      contractAddress: isCall ? null : frame.to,
      cumulativeGasUsed: quantity(gas),
      gasUsed: quantity(receipt.gasUsed),
      effectiveGasPrice: quantity(BASE_FEE_WEI),
      logsBloom: `0x${receipt.bloom.toString('hex')}`,
      logs: receipt.logs.map((log, at) => logAnswer(chain, block, index, first + at, log)),
    };
  });
}

export function logAnswer(
  chain: GeneratedChain,
  block: Block,
  index: number,
  logIndex: number,
  {
    address,
    topics,
    data,
  }: { readonly address: string; readonly topics: readonly string[]; readonly data: string },
) {
  return {
    address,
    topics,
    data,
    ...placeOf(chain, block, index),
    transactionHash: block.transactions[index]?.hash,
    logIndex: quantity(logIndex),
    removed: false,
  };
}

function placeOf(chain: GeneratedChain, { number }: Block, index: number) {
  return {
    blockHash: chain.hashOf(number),
    blockNumber: quantity(number),
    transactionIndex: quantity(index),
  };
}
