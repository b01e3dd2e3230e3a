import type { Chain } from '../../../devnet/anvil.js';
import type { Address } from '../../../src/address.js';
import type { AuditConfig } from '../../../src/config/audit.js';
import type { PriceFeedConfig } from '../../../src/config/contracts/prices.js';
import type { SaleConfig } from '../../../src/config/sales/sales.js';
import type { ChainConfig } from '../../../src/config/types.js';
import type { IndexerOptions, IndexProgress } from '../../../src/processor/indexerOptions.js';
import { runIndexer } from '../../../src/processor/run.js';
import { runGroup } from '../../../src/processor/runGroup.js';
import { query } from '../databases/postgres.js';

export interface IndexRequest {
  readonly chain: Chain;
  readonly databaseUrl: string;
  readonly tokens: readonly string[];
  /** ERC-20 assets that every one of the tokens shares from its deployment on. */
  readonly assets?: readonly string[];
  readonly sales?: readonly SaleConfig[];
  readonly collections?: readonly string[];
  readonly oracles?: readonly { address: string; startBlock?: number }[];
  readonly prices?: readonly PriceFeedConfig[];
  readonly labels?: readonly { address: string; name: string }[];
  /** What is audited while the chain is followed; default: nothing. */
  readonly audit?: AuditConfig | null;
  /** Called with each failure that is tried again. */
  readonly onWarning?: (line: string) => void;
  /** More endpoints than that of the chain. */
  readonly fallbackRpcUrls?: readonly string[];
  /** How long an endpoint may take for an answer. */
  readonly rpcTimeoutSeconds?: number;
  /** Blocks on top of a final one; default 10. */
  readonly finality?: number;
  /** Milliseconds since 1970, as the follower sees it; default: the clock. */
  readonly now?: () => number;
  /** Index only this group of `more.groups`. */
  readonly group?: string;
  /** Anything else of the config. */
  readonly more?: Partial<ChainConfig>;
}

/** The config of a local chain. */
export function chainConfig({
  chain,
  tokens,
  assets = [],
  labels = [],
  sales = [],
  collections = [],
  oracles = [],
  prices = [],
  finality = 10,
  audit = null,
  fallbackRpcUrls = [],
  rpcTimeoutSeconds = 30,
  more = {},
}: IndexRequest): ChainConfig {
  return {
    id: chain.chainId,
    name: 'devnet',
    rpcUrl: chain.url,
    fallbackRpcUrls,
    rpcTimeoutSeconds,
    gatewayUrl: null,
    finalityConfirmation: finality,
    startBlock: null,
    headPollIntervalSeconds: 0.05,
    sales,
    prices,
    audit,
    collections: collections.map((address) => ({
      address: address.toLowerCase() as Address,
      startBlock: null,
      label: null,
    })),
    oracles: oracles.map(({ address, startBlock = null }) => ({
      address: address.toLowerCase() as Address,
      startBlock,
      label: null,
    })),
    labels: labels.map(({ address, name }) => ({
      address: address.toLowerCase() as Address,
      name,
    })),
    tokens: tokens.map((address) => ({
      address: address.toLowerCase() as Address,
      policy: 'auto',
      startBlock: null,
      assets: assets.map((asset) => asset.toLowerCase() as Address),
    })),
    ...more,
  };
}

/** Indexes up to a block (default: the newest) and returns it. */
export async function indexTo(request: IndexRequest, toBlock?: number): Promise<number> {
  const last = toBlock ?? (await headOf(request.chain));
  await run(request, {
    toBlock: last,
    onProgress: () => undefined,
    onWarning: request.onWarning,
    signal: new AbortController().signal,
  });
  return last;
}

function run(
  request: IndexRequest,
  more: Omit<IndexerOptions, 'chain' | 'databaseUrl'>,
): Promise<void> {
  const options = { chain: chainConfig(request), databaseUrl: request.databaseUrl, ...more };
  return request.group === undefined ? runIndexer(options) : runGroup(options, request.group);
}

/** An indexer that follows the chain until `stop`. */
export interface Follower {
  /** Waits until the newest block of the chain is committed, by hash. */
  caughtUp(): Promise<void>;
  /** Waits until the run ends by itself, and returns what ended it. */
  failure(): Promise<unknown>;
  stop(): Promise<void>;
}

export function follow(request: IndexRequest): Follower {
  const stopping = new AbortController();
  let failure: unknown;
  let wake: () => void = () => undefined;
  const running = run(request, {
    toBlock: null,
    onProgress: (_: IndexProgress) => wake(),
    ...(request.onWarning === undefined ? {} : { onWarning: request.onWarning }),
    ...(request.now === undefined ? {} : { now: request.now }),
    signal: stopping.signal,
  }).catch((error: unknown) => {
    failure = error;
    wake();
  });
  const atHead = async () => {
    const head = await request.chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', [
      'latest',
      false,
    ]);
    const [cursor] = await query<{ hash: Buffer }>(
      request.databaseUrl,
      'SELECT hash FROM chain_cursor WHERE chain_id > 0',
    );
    return `0x${cursor?.hash.toString('hex')}` === head.hash;
  };
  return {
    async caughtUp() {
      for (;;) {
        if (failure !== undefined) throw failure;
        const commit = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (await atHead()) return;
        await commit;
      }
    },
    async failure() {
      await running;
      return failure;
    },
    async stop() {
      stopping.abort();
      await running;
      if (failure !== undefined) throw failure;
    },
  };
}

async function headOf(chain: Chain): Promise<number> {
  return Number(await chain.rpc.call<string>('eth_blockNumber'));
}
