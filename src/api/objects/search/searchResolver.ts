import { Args, ArgsType, Ctx, Field, Int, Query, Resolver } from 'type-graphql';
import { HITS_AT_MOST, type SearchAnswer, search } from '../../../books/search.js';
import type { ApiContext } from '../../request/context.js';
import { SearchResultType } from './searchResult.js';

const HITS_BY_DEFAULT = 20;

@ArgsType()
class SearchArgs {
  @Field(() => String, {
    description:
      'A name, a symbol, a label, an address or its first 6 hex digits, or the hash of a transaction.',
  })
  readonly text!: string;

  @Field(() => Int, {
    defaultValue: HITS_BY_DEFAULT,
    description: `Hits at most, up to ${HITS_AT_MOST}.`,
  })
  readonly first!: number;
}

@Resolver()
export class SearchResolver {
  @Query(() => SearchResultType, {
    nullable: true,
    description:
      'Searches addresses, names, symbols, labels and transaction hashes, on all chains. Names match without case, from the start of a word on.',
  })
  async search(
    @Args(() => SearchArgs) request: SearchArgs,
    @Ctx() { db, books, budget }: ApiContext,
  ): Promise<SearchAnswer> {
    budget.spendPage();
    const answer = await search(db, books, request);
    budget.spendRows(answer.hits.length);
    return answer;
  }
}
