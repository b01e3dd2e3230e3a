/**
 * The limit: our processor with our requests, whose handler and database do nothing. No
 * indexer on evm-processor that asks for the same data can be faster than this.
 */
import { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { Address } from '../../src/address.js';
import { FIELDS, requestTokens } from '../../src/chain/reading/source.js';
import type { HotDatabase } from '../../src/processor/run/squid/squid.js';

const database: HotDatabase<object> = {
  supportsHotBlocks: true,
  connect: async () => ({ height: -1, hash: '0x', top: [] }),
  transact: async (_info, handle) => handle({}),
  transactHot: async () => undefined,
  transactHot2: async (info, handle) => handle({}, 0, info.newBlocks.length),
};

const startBlock = Number(required('FROM_BLOCK'));
const processor = new EvmBatchProcessor()
  .setRpcEndpoint({ url: required('RPC_ENDPOINT'), maxBatchCallSize: 100 })
  .setRpcDataIngestionSettings({ preferTraceApi: true })
  .setFinalityConfirmation(Number(required('FINALITY_CONFIRMATION')))
  .setFields(FIELDS)
  .setBlockRange({ from: startBlock, to: Number(required('TO_BLOCK')) });
const address = required('TOKEN') as Address;
requestTokens(processor, [{ address, startBlock, sharesAssets: false }]);
processor.run(database, async () => undefined);

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}
