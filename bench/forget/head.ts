import { setTimeout as delay } from 'node:timers/promises';
import { defaultAccounts } from '../../devnet/actors.js';
import type { Anvil } from '../../devnet/anvil.js';
import { execute } from '../../devnet/chain.js';
import { deployWindowed } from '../../devnet/deploy.js';
import type { Address } from '../../src/address.js';
import type { ChainConfig } from '../../src/config/types.js';
import { runIndexer } from '../../src/processor/run.js';

/** An indexer that follows a chain with a payment in every block. */
export interface Head {
  /** Milliseconds from a block to its commit. */
  readonly lags: number[];
  stop(): Promise<void>;
}

const PAUSE_MS = 50;

export async function followNewToken(chain: Anvil, databaseUrl: string): Promise<Head> {
  const [founder = '', payer = ''] = await defaultAccounts(chain);
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    from: founder,
    name: 'Live',
    symbol: 'LIVE',
    supply: 1000n,
    percentClaimable: 80,
    window: 2,
    snapshotInterval: 10,
  });
  const stopping = new AbortController();
  const minedAt = new Map<number, number>();
  const lags: number[] = [];
  const running = runIndexer({
    chain: configOf(chain, token.address),
    databaseUrl,
    toBlock: null,
    onProgress: ({ indexedBlock }) => {
      for (const [block, at] of minedAt) {
        if (block > indexedBlock) continue;
        lags.push(performance.now() - at);
        minedAt.delete(block);
      }
    },
    signal: stopping.signal,
  });
  const paying = (async () => {
    while (!stopping.signal.aborted) {
      const { blockNumber } = await execute(chain, {
        from: payer,
        to: token.address,
        valueWei: 1n,
      });
      minedAt.set(Number(blockNumber), performance.now());
      await delay(PAUSE_MS);
    }
  })();
  while (lags.length === 0) await delay(PAUSE_MS);
  return {
    lags,
    async stop() {
      stopping.abort();
      await Promise.all([running, paying]);
    },
  };
}

function configOf(chain: Anvil, token: string): ChainConfig {
  return {
    id: chain.chainId,
    name: 'devnet',
    rpcUrl: chain.url,
    fallbackRpcUrls: [],
    gatewayUrl: null,
    finalityConfirmation: 10,
    startBlock: null,
    headPollIntervalSeconds: 0.05,
    sales: [],
    prices: [],
    audit: null,
    collections: [],
    oracles: [],
    labels: [],
    tokens: [
      { address: token.toLowerCase() as Address, policy: 'auto', startBlock: null, assets: [] },
    ],
  };
}
