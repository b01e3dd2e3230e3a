import type pg from 'pg';
import type { Address } from '../../address.js';
import { readHolderTotals } from '../../store/read/holders/holderAccounts.js';
import { type DepositPoolRecord, readDepositPools } from '../../store/read/pools/depositPools.js';
import { countDepositors } from '../../store/read/pools/poolShares.js';
import { readSales, type SaleRecord } from '../../store/read/sales/sales.js';
import { readSaleVersions } from '../../store/read/sales/saleVersions.js';
import { readTokens, type TokenRecord } from '../../store/read/tokens/tokens.js';
import { continues } from '../../store/registry/continues.js';
import { readContracts } from '../../store/registry/contracts.js';
import { type AuditedCollection, compareCollection } from './compareCollection.js';
import { type AuditedOracle, compareModels } from './compareModels.js';
import { accountsEarlier, auditEarlier } from './earlier.js';
import type { AuditContext, AuditPart, HolderChoice } from './parts.js';
import { auditPool } from './poolStep.js';
import { auditSale } from './saleStep.js';
import { auditToken } from './tokenStep.js';

/** One contract of an audit. */
export type AuditStep =
  | { readonly kind: 'token'; readonly record: TokenRecord; readonly size: number }
  | { readonly kind: 'earlier'; readonly record: TokenRecord; readonly size: number }
  | { readonly kind: 'sale'; readonly record: SaleRecord; readonly size: number }
  | { readonly kind: 'pool'; readonly record: DepositPoolRecord; readonly size: number }
  | {
      readonly kind: 'oracle';
      readonly record: AuditedOracle & { readonly startBlock: number };
      readonly size: number;
    }
  | {
      readonly kind: 'collection';
      readonly record: AuditedCollection & { readonly startBlock: number };
      readonly size: number;
    };

/**
 * The contracts of a chain that were there at the block, always in the same order, with the
 * number of accounts to ask about.
 *
 * @param token only this one, its sales and its pools
 * @param earlier how many earlier blocks are drawn for each token; `null`: none are audited
 */
export async function auditSteps(
  db: pg.Pool,
  chainId: number,
  block: number,
  holders: HolderChoice,
  token: Address | null,
  earlier: number | null,
): Promise<AuditStep[]> {
  const isThere = (contract: { readonly startBlock: number }) => contract.startBlock <= block;
  // The contract of archived books has moved on: its newest figures differ from them rightly.
  const isAudited = (record: TokenRecord | SaleRecord | DepositPoolRecord) =>
    isThere(record) && continues(record);
  const steps: AuditStep[] = [];
  for (const record of (await readTokens(db, { chainId, address: token })).filter(isAudited)) {
    const totals = await readHolderTotals(db, { tokenNumber: record.number, block });
    const size = holders === 'all' ? totals.holders : Math.min(holders, totals.holders);
    steps.push({ kind: 'token', record, size });
  }
  for (const record of (await readSales(db, { chainId })).filter(isAudited)) {
    if (token !== null && record.token !== token) continue;
    const [version] = await readSaleVersions(db, [{ saleNumber: record.number, block }]);
    steps.push({ kind: 'sale', record, size: version?.participants ?? 0 });
  }
  for (const record of (await readDepositPools(db, chainId)).filter(isAudited)) {
    if (token !== null && record.token !== token) continue;
    const size = await countDepositors(db, { poolNumber: record.number, block });
    steps.push({ kind: 'pool', record, size });
  }
  if (earlier !== null) {
    for (const record of steps.flatMap((step) => (step.kind === 'token' ? step.record : []))) {
      const { holders: all } = await readHolderTotals(db, { tokenNumber: record.number, block });
      const size = await accountsEarlier(db, record, block, earlier, all);
      steps.push({ kind: 'earlier', record, size });
    }
  }
  if (token !== null) return steps;
  for (const record of (await readContracts(db, chainId, 'oracle')).filter(isThere)) {
    steps.push({ kind: 'oracle', record, size: 0 });
  }
  for (const record of (await readContracts(db, chainId, 'collection')).filter(isThere)) {
    steps.push({ kind: 'collection', record, size: 0 });
  }
  return steps;
}

/**
 * Compares the next figures of a contract: never more than a page of accounts, whatever their
 * number.
 *
 * @param after where the part before ended; `null`: nothing is done yet
 */
export async function auditPart(
  context: AuditContext,
  step: AuditStep,
  after: string | null,
): Promise<AuditPart> {
  switch (step.kind) {
    case 'token':
      return auditToken(context, step.record, after);
    case 'earlier':
      return auditEarlier(context, step.record, after);
    case 'sale':
      return auditSale(context, step.record, after);
    case 'pool':
      return auditPool(context, step.record, after);
    case 'collection': {
      const { db, node, views } = context;
      const part = await compareCollection(db, node, step.record, views.block, { after });
      return { comparison: part.comparison, notCompared: [], accounts: 0, next: part.next };
    }
    case 'oracle': {
      const { db, node, views } = context;
      const comparison = await compareModels(db, node, step.record, views.block);
      return { comparison, notCompared: [], accounts: 0, next: null };
    }
  }
}
