import { EvmBatchProcessor } from '@subsquid/evm-processor';
import * as erc20 from './abi/erc20.js';
import { environment } from './environment.js';

const { rpcUrl, token, fromBlock, toBlock, finality } = environment();

export const processor = new EvmBatchProcessor()
  .setRpcEndpoint(rpcUrl)
  .setFinalityConfirmation(finality)
  .setBlockRange({ from: fromBlock, to: toBlock })
  .setFields({ log: { transactionHash: true } })
  .addLog({ address: [token], topic0: [erc20.events.Transfer.topic] });
