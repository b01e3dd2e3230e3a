import type { GeneratedChain } from '../chain/chain.js';
import { quantity } from '../hex.js';
import { CHAIN_ID } from '../spec.js';
import { blockAnswer, heightOf, receiptAnswers, transactionAnswer } from './blocks.js';
import { RpcFault, SERVER_ERROR } from './fault.js';
import { logsAnswer } from './logs.js';
import { simulateAnswer } from './simulate.js';
import { balanceAnswer, callAnswer, codeAnswer, proofAnswer, storageAnswer } from './state.js';
import {
  callTreeAnswer,
  traceBlockAnswer,
  traceFilterAnswer,
  traceTransactionAnswer,
} from './traces.js';

type Method = (chain: GeneratedChain, params: readonly unknown[]) => unknown;

/** A block as some function answers it; `null` where the chain has none. */
const ofBlock =
  (
    answer: (chain: GeneratedChain, height: number, params: readonly unknown[]) => unknown,
  ): Method =>
  (chain, params) => {
    const height = heightOf(chain, params[0]);
    return height === null ? null : answer(chain, height, params);
  };

const block = ofBlock((chain, height, [, isWhole]) => blockAnswer(chain, height, isWhole === true));

const ofTransaction =
  (
    answer: (
      chain: GeneratedChain,
      place: { readonly number: number; readonly index: number },
      params: readonly unknown[],
    ) => unknown,
  ): Method =>
  (chain, params) => {
    const place = chain.placeOf(String(params[0]));
    return place === null ? null : answer(chain, place, params);
  };

const debugTraceBlock: Method = (chain, [tag, options]) => {
  const height = heightOf(chain, tag);
  if (height === null) throw new RpcFault(SERVER_ERROR, 'block not found');
  return chain.block(height).transactions.map(({ hash, frame }) => ({
    txHash: hash,
    result: callTreeAnswer(frame, options),
  }));
};

const METHODS: Readonly<Record<string, Method>> = {
  web3_clientVersion: () => 'generating-node/1',
  net_version: () => String(CHAIN_ID),
  eth_chainId: () => quantity(CHAIN_ID),
  eth_syncing: () => false,
  eth_blockNumber: ({ head }) => quantity(head),
  eth_getBlockByNumber: block,
  eth_getBlockByHash: block,
  eth_getBlockReceipts: ofBlock(receiptAnswers),
  eth_getTransactionReceipt: ofTransaction(
    (chain, { number, index }) => receiptAnswers(chain, number)[index],
  ),
  eth_getTransactionByHash: ofTransaction((chain, { number, index }) =>
    transactionAnswer(chain, chain.block(number), index),
  ),
  eth_getLogs: (chain, [filter]) => logsAnswer(chain, filter),
  eth_getCode: codeAnswer,
  eth_getBalance: balanceAnswer,
  eth_getStorageAt: storageAnswer,
  eth_getProof: proofAnswer,
  eth_call: callAnswer,
  eth_simulateV1: simulateAnswer,
  trace_block: ofBlock(traceBlockAnswer),
  trace_filter: (chain, [filter]) => traceFilterAnswer(chain, filter),
  trace_transaction: ofTransaction(traceTransactionAnswer),
  debug_traceBlockByHash: debugTraceBlock,
  debug_traceBlockByNumber: debugTraceBlock,
  debug_traceTransaction: ofTransaction((chain, { number, index }, [, options]) => {
    const frame = chain.block(number).transactions[index]?.frame;
    return frame === undefined ? null : callTreeAnswer(frame, options);
  }),
};

/** @throws RpcFault */
export function answer(chain: GeneratedChain, method: string, params: readonly unknown[]): unknown {
  const known = METHODS[method];
  if (known === undefined) {
    throw new RpcFault(-32_601, `the method ${method} does not exist/is not available`);
  }
  return known(chain, params);
}
