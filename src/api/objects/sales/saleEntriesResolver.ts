import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { connectionType, counted } from '../../lists/engine/connection.js';
import { operationList } from '../../lists/engine/operationList.js';
import { SaleEntriesArgs } from '../../lists/inputs/saleInputs.js';
import { SALE_ENTRY_SET } from '../../lists/saleEntries.js';
import type { ApiContext } from '../../request/context.js';
import { type SaleNode, SaleType, saleNode } from './sale.js';
import { type SaleEntryNode, SaleEntryType } from './saleEntry.js';

const SaleEntryConnection = connectionType(SaleEntryType, 'SaleEntry', 'entries of sales');

@Resolver(() => SaleEntryType)
export class SaleEntryResolver {
  @Query(() => SaleEntryConnection, {
    nullable: true,
    description: 'What happened in sales: deposits, purchases, claims, refunds and so on.',
  })
  saleEntries(@Args(() => SaleEntriesArgs) args: SaleEntriesArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, SALE_ENTRY_SET, args));
  }

  @FieldResolver(() => SaleType, { description: 'The sale, as of the moment of the list.' })
  sale(@Root() { saleRecord, asOf }: SaleEntryNode): SaleNode {
    return saleNode(saleRecord, asOf);
  }
}
