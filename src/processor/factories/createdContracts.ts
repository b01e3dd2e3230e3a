import type { Address } from '../../address.js';
import { type FactoryConfig, factoryKey } from '../../config/factories/factories.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import type { CreatedContract, CreatedRefusal } from '../../store/registry/factories.js';
import { isChainTrouble } from '../reorgs/chainTrouble.js';

/** The config with what factories created, and the addresses that come from factories. */
export interface EffectiveChain {
  readonly chain: ChainConfig;
  readonly created: ReadonlySet<Address>;
}

/** Adds the contracts that factories created to a config. What the config names itself, it describes better. */
export function withCreated(
  chain: ChainConfig,
  created: readonly CreatedContract[],
): EffectiveChain {
  const factories = new Map(
    (chain.factories ?? []).map((factory) => [factoryKey(factory), factory] as const),
  );
  const named = new Set<string>(
    [...chain.tokens, ...chain.collections, ...chain.sales, ...chain.oracles].map(
      ({ address }) => address,
    ),
  );
  const lists = {
    tokens: [...chain.tokens],
    collections: [...chain.collections],
    sales: [...chain.sales],
  };
  const addresses = new Set<Address>();
  for (const contract of created) {
    const factory = factories.get(contract.factory);
    if (factory === undefined || named.has(contract.address)) continue;
    if (contract.refusal !== null || contract.startBlock === null) continue;
    addresses.add(contract.address);
    addTo(lists, factory, contract, contract.startBlock);
  }
  return { chain: { ...chain, ...lists }, created: addresses };
}

function addTo(
  lists: {
    readonly tokens: ChainConfig['tokens'][number][];
    readonly collections: ChainConfig['collections'][number][];
    readonly sales: ChainConfig['sales'][number][];
  },
  factory: FactoryConfig,
  { address, soldToken }: CreatedContract,
  startBlock: number,
): void {
  if (factory.makes === 'token') {
    const { policy, assets } = factory;
    lists.tokens.push({ address, policy, startBlock, assets });
  } else if (factory.makes === 'collection') {
    lists.collections.push({ address, startBlock, label: null });
  } else {
    const { kind, raiseAsset, custom } = factory;
    const token = typeof factory.token === 'string' ? factory.token : soldToken;
    if (token === null) return;
    lists.sales.push({ address, kind, raiseAsset, custom, token, startBlock, label: null });
  }
}

/** Tells which sales were refused for a token that a factory is known to have created by now. */
export function salesOfKnownTokens(
  { factories = [] }: ChainConfig,
  created: readonly CreatedContract[],
): (contract: CreatedContract) => boolean {
  const byKey = new Map(factories.map((factory) => [factoryKey(factory), factory] as const));
  const tokens = new Set<Address | null>(
    created.flatMap(({ factory, address, refusal }) =>
      byKey.get(factory)?.makes === 'token' && refusal === null ? address : [],
    ),
  );
  return ({ factory, soldToken, refusal }) => {
    const config = byKey.get(factory);
    if (refusal?.code !== 'SALE_TOKEN_UNKNOWN' || config?.makes !== 'sale') return false;
    return tokens.has(typeof config.token === 'string' ? config.token : soldToken);
  };
}

/** Created contracts that cannot be indexed: the others are. */
export class Refusals {
  private readonly refused = new Map<Address, CreatedRefusal>();

  /** @param by the program and config that refuse */
  constructor(
    private readonly created: ReadonlySet<Address>,
    private readonly by: string,
    private readonly say: (line: string) => void,
  ) {}

  /** Whether an error is about a created contract, which is left out then. */
  take(address: Address, error: unknown): boolean {
    if (!this.created.has(address) || !(error instanceof ImoError)) return false;
    if (isPassing(error) || error.code.startsWith('DATABASE_')) return false;
    this.refused.set(address, { code: error.code, reason: error.message, by: this.by });
    this.say(`${error.message}. A factory created it, and it is left out; the others are indexed`);
    return true;
  }

  get all(): ReadonlyMap<Address, CreatedRefusal> {
    return this.refused;
  }

  /** A config without what was refused. */
  without(chain: ChainConfig): ChainConfig {
    if (this.refused.size === 0) return chain;
    const isLeft = ({ address }: { readonly address: Address }) => !this.refused.has(address);
    return {
      ...chain,
      tokens: chain.tokens.filter(isLeft),
      collections: chain.collections.filter(isLeft),
      sales: chain.sales.filter(isLeft),
    };
  }

  /** Refuses created sales of tokens that are not indexed; where no token is, sales are indexed for themselves. */
  refuseSales(chain: ChainConfig): void {
    const tokens = new Set(chain.tokens.map(({ address }) => address));
    if (tokens.size === 0) return;
    for (const { address, token } of chain.sales) {
      if (tokens.has(token)) continue;
      const error = new ImoError(
        'SALE_TOKEN_UNKNOWN',
        `sale ${address} sells ${token}, which is not indexed`,
        'Add the token to `tokens`, or its factory to `tokensFrom`.',
      );
      this.take(address, error);
    }
  }
}

function isPassing(error: unknown): boolean {
  return isChainTrouble(error);
}
