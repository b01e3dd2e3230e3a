import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { connectionType, counted } from '../connection.js';
import type { ApiContext } from '../context.js';
import { operationList } from '../operationList.js';
import { SALE_ENTRY_SET } from '../saleEntrySet.js';
import { SaleEntriesArgs } from '../saleInputs.js';
import { type SaleNode, SaleType, saleNode } from '../types/sale.js';
import { type SaleEntryNode, SaleEntryType } from '../types/saleEntry.js';

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
