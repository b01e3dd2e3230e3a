import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ImoError } from '../../../errors.js';
import { readHashedBlocks, readNumberedBooks } from '../../../store/ledgerHash/blockParts.js';
import { genesisHash } from '../../../store/ledgerHash/ledgerDigest.js';
import { readLedgerHash } from '../../../store/read/chains/ledgerHashes.js';
import type { ApiContext } from '../../request/context.js';
import { SafeIntScalar } from '../../values/scalars.js';
import type { LedgerPartNode } from './ledgerHash.js';
import { LedgerHashType, LedgerPartType } from './ledgerHash.js';

@Resolver(() => LedgerHashType)
export class LedgerHashResolver {
  @Query(() => LedgerHashType, {
    nullable: true,
    description: 'The ledger hash of a chain at the end of a final block.',
  })
  async ledgerHash(
    @Arg('chainId', () => SafeIntScalar, { description: 'EIP-155 chain id.' }) chainId: number,
    @Arg('block', () => SafeIntScalar, {
      nullable: true,
      description: 'Default: the newest block that is hashed.',
    })
    asked: number | null,
    @Ctx() { books, db }: ApiContext,
  ): Promise<LedgerHashType> {
    await books.asOf(chainId, null);
    const point = (await books.hashPoints()).get(chainId);
    const block = asked ?? point?.block ?? 0;
    if (point === undefined || block > point.block) throw notHashed(chainId, block, point?.block);
    const found = await readLedgerHash(db, chainId, block);
    return { chainId, block, hash: found?.hash ?? genesisHash(chainId) };
  }

  @FieldResolver(() => [LedgerPartType], {
    description: 'What this very block added to the books, digested again from the rows.',
  })
  async parts(
    @Root() { chainId, block }: LedgerHashType,
    @Ctx() { budget, db }: ApiContext,
  ): Promise<readonly LedgerPartType[]> {
    budget.spendPage();
    const numbered = await readNumberedBooks(db, chainId);
    const range = { after: block - 1, upTo: block, limit: 1 };
    const [found] = await readHashedBlocks(db, chainId, numbered, range);
    return (found?.parts ?? []).map((part): LedgerPartNode => ({ ...part, chainId }));
  }
}

function notHashed(chainId: number, block: number, upTo: number | undefined): ImoError {
  const hashed = upTo === undefined ? 'nothing of it is' : `it is up to block ${upTo}`;
  return new ImoError(
    'NOT_HASHED',
    `block ${block} of chain ${chainId} is not hashed yet: ${hashed}`,
    'Blocks are hashed soon after they are final; the query `status` shows how far that is.',
  );
}
