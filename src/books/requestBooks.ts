import { type Address, checksummed } from '../address.js';
import { ImoError } from '../errors.js';
import { booksDetached, type DetachedBooks } from '../store/partitions/detached.js';
import { type AsOf, type Moment, resolveAsOf } from '../store/read/chains/asOf.js';
import type { ChainHead } from '../store/read/chains/chainHeads.js';
import { readChainStarts } from '../store/read/chains/chainStarts.js';
import type { IndexedTokens, ProvisionalToken } from '../store/read/chains/indexedTokens.js';
import { type LedgerHashPoint, readHashPoints } from '../store/read/chains/ledgerHashes.js';
import type { Queryable } from '../store/read/query/queryable.js';
import { type RevenueAsset, readRevenueAssets } from '../store/read/tokens/revenueAssets.js';
import type { TokenRecord } from '../store/read/tokens/tokens.js';
import { type AskedRange, assertBeforeMoments, assertIndexedRange } from './askedRange.js';

/** The books of a token in one asset, `null` for ETH. */
export interface RevenueBooks {
  /** The rows of the books begin with it. */
  readonly number: number;
  readonly token: TokenRecord;
  readonly asset: Address | null;
}

type ResolveMoment = (head: ChainHead, at: Moment | null | undefined) => Promise<AsOf>;

/**
 * How far the books go and which tokens are in them, read once for each request of the API and
 * for each export: all of it that asks for "now" means the same block, whatever is committed
 * meanwhile.
 */
export class RequestBooks {
  /** Every moment that an answer of this request was read as of. */
  readonly moments = new Map<string, AsOf>();
  /** Numbers of the tokens whose books an answer of this request was read from. */
  readonly tokensUsed = new Set<number>();
  /** Numbers of the tokens whose holders an answer is narrowed by kind, while some have not been read. */
  readonly unreadTokens = new Set<number>();
  private indexedRead: Promise<IndexedTokens> | null = null;
  private hashPointsRead: Promise<ReadonlyMap<number, LedgerHashPoint>> | null = null;
  private assetsRead: Promise<readonly RevenueAsset[]> | null = null;
  private readonly resolved = new Map<string, Promise<AsOf>>();

  /**
   * @param readIndexed how far each chain is indexed, and the tokens: `readIndexedTokens`, or a
   *   read that requests share
   * @param chains those that are to be indexed, whether they are yet or not
   * @param resolve finds the block of a moment: `resolveAsOf`, or a look at those found before
   */
  constructor(
    private readonly db: Queryable,
    private readonly readIndexed: () => Promise<IndexedTokens>,
    private readonly chains: readonly { readonly id: number }[],
    private readonly resolve: ResolveMoment = (head, at) => resolveAsOf(db, head, at),
  ) {}

  async heads(): Promise<ReadonlyMap<number, ChainHead>> {
    return (await this.indexed()).heads;
  }

  /** How far each chain is hashed. */
  hashPoints(): Promise<ReadonlyMap<number, LedgerHashPoint>> {
    this.hashPointsRead ??= readHashPoints(this.db);
    return this.hashPointsRead;
  }

  async tokens(): Promise<readonly TokenRecord[]> {
    return (await this.indexed()).tokens;
  }

  /** Tokens with money that no frame shows in blocks that are not final. */
  async provisional(): Promise<readonly ProvisionalToken[]> {
    return (await this.indexed()).provisional;
  }

  /** Tokens that no answer has until they are attached. */
  async detached(): Promise<readonly DetachedBooks[]> {
    return (await this.indexed()).detached;
  }

  /** The same, of what the request has read: an answer without books, or with an error in their place, lacks nothing. */
  async detachedOfRead(): Promise<readonly DetachedBooks[]> {
    return (await this.indexedRead?.catch(() => null))?.detached ?? [];
  }

  /** Whether pools of any chain are looked through. */
  async hasPools(): Promise<boolean> {
    return (await this.indexed()).pooledChains.size > 0;
  }

  private indexed(): Promise<IndexedTokens> {
    this.indexedRead ??= this.readIndexed();
    return this.indexedRead;
  }

  /** Every ERC-20 that a token shares or has shared. */
  revenueAssets(): Promise<readonly RevenueAsset[]> {
    this.assetsRead ??= readRevenueAssets(this.db);
    return this.assetsRead;
  }

  /** What the amounts of some books are in: `native`, or the address of an ERC-20. */
  async assetOf(bookNumber: number): Promise<string> {
    const shared = (await this.revenueAssets()).find(({ number }) => number === bookNumber);
    return shared?.asset ?? 'native';
  }

  /**
   * The books of tokens in one asset: their own for ETH, those of the asset for an ERC-20.
   *
   * @throws ImoError `UNKNOWN_ASSET` if none of the tokens shares it.
   */
  async booksIn(
    asset: Address | null | undefined,
    tokens: readonly TokenRecord[],
  ): Promise<RevenueBooks[]> {
    if (asset == null) return tokens.map((token) => ({ number: token.number, token, asset: null }));
    const numbers = new Map(tokens.map((token) => [token.number, token]));
    const books = (await this.revenueAssets()).flatMap((shared) => {
      const token = numbers.get(shared.tokenNumber);
      return shared.asset === asset && token !== undefined
        ? [{ number: shared.number, token, asset }]
        : [];
    });
    if (books.length === 0) throw unknownAsset(asset);
    return books;
  }

  /** @throws ImoError `UNKNOWN_CHAIN`, `NOTHING_INDEXED`, `BAD_AT` or `BLOCK_NOT_INDEXED` */
  async asOf(chainId: number, at: Moment | null | undefined): Promise<AsOf> {
    const head = (await this.heads()).get(chainId);
    if (head === undefined) throw await this.noHead(chainId);
    const name = `${chainId} ${at?.block ?? ''} ${at?.timestamp?.toISOString() ?? ''}`;
    let asOf = this.resolved.get(name);
    if (asOf === undefined) {
      asOf = this.resolve(head, at);
      this.resolved.set(name, asOf);
    }
    this.moments.set(name, await asOf);
    return asOf;
  }

  /**
   * The moment on each chain: on one chain, or on all that are indexed.
   *
   * @throws ImoError as `asOf`, and `BAD_AT` for a block number without a chain where there
   *   are several.
   */
  async asOfChains(
    chainId: number | null | undefined,
    at: Moment | null | undefined,
  ): Promise<ReadonlyMap<number, AsOf>> {
    const chainIds = chainId == null ? [...(await this.heads()).keys()] : [chainId];
    if (at?.block != null && chainIds.length > 1) {
      throw new ImoError(
        'BAD_AT',
        `block ${at.block} needs a chain: chains ${chainIds.join(', ')} are indexed`,
        'Name the chain too, or give "at" a timestamp.',
      );
    }
    const moments = new Map(
      await Promise.all(chainIds.map(async (id) => [id, await this.asOf(id, at)] as const)),
    );
    if (at != null) await this.assertStarted([...moments.values()]);
    return moments;
  }

  /**
   * Rejects a range that would select nothing.
   *
   * @param starts by chain id: from which block on it can have rows; default: the chain's start
   * @throws ImoError `BAD_RANGE`, `BLOCK_NOT_INDEXED`, or `BEFORE_START` if it ends too early
   */
  async assertRange(
    moments: ReadonlyMap<number, AsOf>,
    range: AskedRange,
    starts?: ReadonlyMap<number, number>,
  ): Promise<void> {
    assertIndexedRange(await this.heads(), moments, range);
    const { block, timestamp } = range;
    const { lte: lastBlock } = block ?? {};
    const { lte: lastTime } = timestamp ?? {};
    const all = [...moments.values()];
    if (all.length > 0) await assertBeforeMoments(this.db, all, range);
    if (lastBlock != null) {
      await this.assertStarted(
        all.map((moment) => ({ ...moment, block: lastBlock })),
        starts,
      );
    }
    if (lastTime != null) await this.assertStarted(await this.blocksAt(all, lastTime), starts);
  }

  /** The blocks of a time, where it has passed; elsewhere the moment itself. */
  private async blocksAt(moments: readonly AsOf[], time: Date): Promise<AsOf[]> {
    const heads = await this.heads();
    const blockAt = (moment: AsOf) => {
      const head = heads.get(moment.chainId);
      const isPast = head !== undefined && head.timestamp !== null && time <= head.timestamp;
      return isPast ? resolveAsOf(this.db, head, { timestamp: time }) : moment;
    };
    return Promise.all(moments.map(blockAt));
  }

  /** @throws ImoError `BEFORE_START` if nothing was indexed yet at any of the moments */
  private async assertStarted(
    moments: readonly AsOf[],
    starts?: ReadonlyMap<number, number>,
  ): Promise<void> {
    const tokens = starts === undefined ? await this.tokens() : [];
    const mayBeEarly = ({ chainId, block }: AsOf) =>
      !tokens.some((token) => token.chainId === chainId && token.startBlock <= block);
    const [first] = moments;
    if (first === undefined || !moments.every(mayBeEarly)) return;
    const from = starts ?? (await readChainStarts(this.db));
    const isEarly = ({ chainId, block }: AsOf) => block < (from.get(chainId) ?? 0);
    if (!moments.every(isEarly)) return;
    throw beforeStart(`chain ${first.chainId}`, from.get(first.chainId) ?? 0, first);
  }

  /** @throws ImoError `UNKNOWN_CHAIN` or `NOTHING_INDEXED` */
  async assertChain(chainId: number): Promise<void> {
    if (!(await this.heads()).has(chainId)) throw await this.noHead(chainId);
  }

  /** @throws ImoError `NOTHING_INDEXED` if no chain has an indexed block. */
  async assertIndexed(): Promise<void> {
    if ((await this.heads()).size === 0) throw nothingIndexed('no chain');
  }

  /**
   * A token at a moment.
   *
   * @throws ImoError `UNKNOWN_TOKEN`, or `BEFORE_START` if it was not yet deployed.
   */
  async token(address: Address, asOf: AsOf): Promise<TokenRecord> {
    const token = (await this.tokens()).find(
      (candidate) => candidate.chainId === asOf.chainId && candidate.address === address,
    );
    if (token === undefined) {
      throw await this.unknown(address, [asOf.chainId], ` on chain ${asOf.chainId}`);
    }
    assertStarted(token, asOf);
    this.use(token.number);
    return token;
  }

  /**
   * The tokens that a filter lets through, of the given chains.
   *
   * @throws ImoError `UNKNOWN_TOKEN` if an address is given that none of them has.
   */
  async tokensOf(
    chains: ReadonlyMap<number, unknown>,
    address: Address | null | undefined,
  ): Promise<TokenRecord[]> {
    const tokens = (await this.tokens()).filter(
      (token) => chains.has(token.chainId) && (address == null || token.address === address),
    );
    if (address != null && tokens.length === 0) {
      throw await this.unknown(address, [...chains.keys()], '');
    }
    for (const { number } of tokens) this.use(number);
    return tokens;
  }

  /** @throws ImoError `BOOKS_DETACHED` if a token of the chains is detached: all of them are wanted */
  async assertNothingDetached(chains: ReadonlyMap<number, unknown>, what: string): Promise<void> {
    const detached = (await this.detached()).filter(({ chainId }) => chains.has(chainId));
    if (detached.length > 0) throw booksDetached(what, detached);
  }

  /** Says why an address is not a token here: its books may be detached. */
  private async unknown(
    address: Address,
    chains: readonly number[],
    where: string,
  ): Promise<ImoError> {
    const detached = (await this.detached()).filter(
      (token) => token.address === address && chains.includes(token.chainId),
    );
    return detached.length > 0
      ? booksDetached('figures of the token cannot be read', detached)
      : unknownToken(address, where);
  }

  /** @throws RangeError for a number that no row has: rows and tokens are read together. */
  async tokenNumbered(number: number): Promise<TokenRecord> {
    const token = (await this.tokens()).find((candidate) => candidate.number === number);
    if (token === undefined)
      throw new RangeError(`a row belongs to token ${number}, which is not there`);
    this.use(number);
    return token;
  }

  /** The answer depends on the books of a token: should they be in disagreement, it says so. */
  use(tokenNumber: number): void {
    this.tokensUsed.add(tokenNumber);
  }

  /** Whether a chain is to be indexed and has no indexed block yet. */
  async isAwaited(chainId: number): Promise<boolean> {
    if ((await this.heads()).has(chainId)) return false;
    return (
      this.chains.some(({ id }) => id === chainId) ||
      (await this.tokens()).some((token) => token.chainId === chainId)
    );
  }

  private async noHead(chainId: number): Promise<ImoError> {
    if (await this.isAwaited(chainId)) return nothingIndexed(`chain ${chainId}`);
    const known = new Set([...this.chains.map(({ id }) => id), ...(await this.heads()).keys()]);
    return new ImoError(
      'UNKNOWN_CHAIN',
      `chain ${chainId} is not indexed here`,
      known.size === 0 ? 'No chain is indexed.' : `Indexed chains: ${[...known].join(', ')}.`,
    );
  }
}

/** @throws ImoError `BEFORE_START` if a contract was not yet indexed at the moment. */
export function assertStarted(
  { address, startBlock }: { readonly address: Address; readonly startBlock: number },
  { chainId, block }: AsOf,
): void {
  if (startBlock <= block) return;
  throw beforeStart(`${checksummed(address)} of chain ${chainId}`, startBlock, { block });
}

export function beforeStart(
  what: string,
  startBlock: number,
  { block }: { readonly block: number },
): ImoError {
  return new ImoError(
    'BEFORE_START',
    `${what} is indexed from block ${startBlock}; the question is about block ${block}`,
    `Ask about block ${startBlock} or later.`,
  );
}

function nothingIndexed(what: string): ImoError {
  return new ImoError(
    'NOTHING_INDEXED',
    `no block of ${what} is indexed yet`,
    'Start `imo-ledger index`, or ask again when its first commit is done; `status` shows it.',
  );
}

function unknownAsset(asset: Address): ImoError {
  return new ImoError(
    'UNKNOWN_ASSET',
    `no token in question shares ${checksummed(asset)}`,
    'The field `assets` of a token lists what it shares in addition to ETH; leave "asset" out for ETH.',
  );
}

function unknownToken(address: Address, where: string): ImoError {
  return new ImoError(
    'UNKNOWN_TOKEN',
    `${checksummed(address)} is not an indexed token${where}`,
    'The query `tokens` lists those that are; add it to imo.yaml to index it.',
  );
}
