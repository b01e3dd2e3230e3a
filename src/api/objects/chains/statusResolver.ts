import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { lagOf } from '../../../books/lag.js';
import { nativeSymbol } from '../../../books/nativeCoins.js';
import type { JoiningProgress } from '../../../store/joining/joiningBooks.js';
import { readChainReadings } from '../../../store/read/accounts/accountReadings.js';
import { readGroupHeads } from '../../../store/read/chains/groupHeads.js';
import { knownChainIds } from '../../reads/knownChains.js';
import type { ApiContext } from '../../request/context.js';
import { ChainEndpointType } from './endpoint.js';
import { ChainGroupType } from './group.js';
import type { JoiningBooksType } from './joining.js';
import { ChainStatusType } from './status.js';

@Resolver(() => ChainStatusType)
export class StatusResolver {
  @Query(() => [ChainStatusType], {
    nullable: true,
    description: 'For each chain: how far it is indexed, and how far behind its node that is.',
  })
  async status(
    @Ctx() { books, chains, chainTips, audits, db }: ApiContext,
  ): Promise<ChainStatusType[]> {
    const [heads, hashPoints, results, readings] = await Promise.all([
      books.heads(),
      books.hashPoints(),
      audits.read(),
      readChainReadings(db),
    ]);
    const { summaries, holds, archives, joining, refused, unrehearsed, sourceRanges } = results;
    return Promise.all(
      knownChainIds(chains, heads).map(async (chainId) => {
        const head = heads.get(chainId) ?? null;
        const served = chains.find(({ id }) => id === chainId);
        const tip = await chainTips.read(chainId);
        return {
          chainId,
          name: served?.name ?? null,
          explorer: served?.explorer ?? null,
          nativeSymbol: nativeSymbol(chainId),
          indexed: head,
          finalizedBlock: head === null || head.finalizedBlock < 0 ? null : head.finalizedBlock,
          ledgerHash: hashPoints.get(chainId) ?? null,
          chainHead: tip.block,
          chainHeadUnavailable: tip.unavailable,
          lagBlocks: lagOf(tip.block, head?.block ?? null),
          audit: summaries.get(chainId) ?? null,
          held: holds.filter((hold) => hold.chainId === chainId),
          archived: archives.filter((archive) => archive.chainId === chainId),
          joining: joiningOf(joining.find((books) => books.chainId === chainId)),
          refusedCreations: refused.filter((one) => one.chainId === chainId),
          unrehearsedCode: unrehearsed.filter((code) => code.chainId === chainId),
          unreadHolders: readings.find((one) => one.chainId === chainId)?.unreadHolders ?? 0,
          sourceRanges: sourceRanges.filter((range) => range.chainId === chainId),
        };
      }),
    );
  }

  @FieldResolver(() => Boolean, { nullable: true })
  async isOnChain(
    @Root() { chainId }: ChainStatusType,
    @Ctx() { books, chainForks }: ApiContext,
  ): Promise<boolean | null> {
    return chainForks.has(chainId, (await books.heads()).get(chainId) ?? null);
  }

  @FieldResolver(() => [ChainGroupType], {
    description:
      'The groups of contracts that processes of their own index; empty: one process indexes the chain.',
  })
  async groups(
    @Root() { chainId, chainHead }: ChainStatusType,
    @Ctx() { db }: ApiContext,
  ): Promise<readonly ChainGroupType[]> {
    const groups = (await readGroupHeads(db)).filter((group) => group.chainId === chainId);
    return groups.map((group) => ({ ...group, lagBlocks: lagOf(chainHead, group.indexedBlock) }));
  }

  @FieldResolver(() => [ChainEndpointType], {
    description: 'How the endpoints of the chain answer this server; empty if it was given none.',
  })
  endpoints(
    @Root() { chainId }: ChainStatusType,
    @Ctx() { endpoints }: ApiContext,
  ): Promise<readonly ChainEndpointType[]> {
    return endpoints.read(chainId);
  }
}

function joiningOf(books: JoiningProgress | undefined): JoiningBooksType | null {
  if (books === undefined) return null;
  const { leftMs, chainId } = books;
  const contracts = books.contracts.map((contract) => ({ ...contract, chainId }));
  return { ...books, contracts, leftMs: leftMs === null ? null : BigInt(leftMs) };
}
