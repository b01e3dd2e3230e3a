import type pg from 'pg';
import type { Chain } from '../../devnet/anvil.js';
import { encodeCall } from '../../devnet/deploy.js';
import type { LivingSale } from '../../devnet/saleWorld.js';
import type { Address } from '../../src/address.js';
import {
  allocationOf,
  hasSucceeded,
  NO_PARTICIPATION,
  type Participation,
  refundOf,
} from '../../src/ledger/sale.js';
import { readParticipations } from '../../src/store/read/participations.js';
import type { SaleRecord } from '../../src/store/read/sales.js';
import { readSaleVersions, type SaleVersion } from '../../src/store/read/saleVersions.js';
import type { Comparison } from './compare.js';
import { callViews } from './contractViews.js';

interface Question {
  /** A view of the contract. */
  readonly name: string;
  readonly account?: Address;
  readonly ours: bigint;
}

/**
 * Compares every figure of a sale and of each participant at the end of a block with the
 * contract's own views at the same block.
 */
export async function compareSale(
  db: pg.Pool,
  chain: Chain,
  living: LivingSale,
  record: SaleRecord,
  participants: readonly Address[],
  block: number,
): Promise<Comparison> {
  const asOf = { saleNumber: record.number, block };
  const [version] = await readSaleVersions(db, [asOf]);
  if (version === undefined) throw new Error(`no version of sale ${record.address}`);
  const rows = await readParticipations(db, asOf, participants);
  const byAccount = new Map(rows.map((row) => [row.participant, row.participation]));
  const questions = [
    ...questionsOfSale(living, record, version),
    ...participants.flatMap((account) => {
      const of = byAccount.get(account) ?? NO_PARTICIPATION;
      return questionsOfParticipant(living, record, version, of).map((question) => ({
        ...question,
        account,
      }));
    }),
  ];
  const answers = await callViews(
    chain.url,
    questions.map(({ name, account }) => ({
      to: record.address,
      data: encodeCall(living.contract, name, account === undefined ? [] : [account]),
      block,
    })),
  );
  const mismatches = questions.flatMap(({ name, account, ours }, index) => {
    const contract = answers[index] ?? null;
    if (contract === ours) return [];
    const figure = `${living.kind} ${living.fate ?? ''} ${name}(${account ?? ''})`;
    return [{ figure, token: record.address, block, ours, contract }];
  });
  return { figures: questions.length, mismatches };
}

function questionsOfSale(
  { kind }: LivingSale,
  { terms }: SaleRecord,
  { state, participants }: SaleVersion,
): Question[] {
  const finalised = BigInt(state.isFinalised);
  switch (kind) {
    case 'launchpad': {
      const outcome = { true: 1n, false: 2n, null: 0n }[`${hasSucceeded(terms, state)}`];
      return [
        { name: 'totalRaised', ours: state.raised },
        { name: 'participants', ours: BigInt(participants) },
        { name: 'state', ours: state.isFinalised ? 3n : outcome },
        { name: 'target', ours: terms?.target ?? -1n },
        { name: 'tokensForSale', ours: terms?.tokensForSale ?? -1n },
      ];
    }
    case 'fixed-price':
      return [
        { name: 'weiRaised', ours: state.raised },
        { name: 'finalized', ours: finalised },
      ];
    case 'lbp':
      return [
        { name: 'totalPurchased', ours: state.allocated - state.sold },
        { name: 'closed', ours: finalised },
      ];
    case 'custom':
      return [{ name: 'totalAmount', ours: state.raised }];
  }
}

function questionsOfParticipant(
  { kind }: LivingSale,
  { terms }: SaleRecord,
  { state }: SaleVersion,
  of: Participation,
): Question[] {
  switch (kind) {
    case 'launchpad':
      return [
        { name: 'depositOf', ours: of.deposited },
        { name: 'allocationOf', ours: allocationOf(terms, state, of) },
        { name: 'refundOf', ours: refundOf(terms, state, of) },
        { name: 'claimedOf', ours: of.claimed },
        { name: 'refundedOf', ours: of.refunded },
      ];
    case 'fixed-price':
      return [
        { name: 'paidFor', ours: of.deposited },
        { name: 'boughtBy', ours: of.allocated },
        { name: 'boughtBy', ours: of.claimed },
      ];
    case 'lbp':
      return [
        { name: 'purchasedShares', ours: of.allocated - of.sold - of.claimed },
        { name: 'redeemedShares', ours: of.claimed },
      ];
    case 'custom':
      return [
        { name: 'deposited', ours: of.deposited },
        { name: 'claimedOf', ours: of.claimed },
        { name: 'claimedOf', ours: of.allocated },
        { name: 'refundedOf', ours: of.refunded },
      ];
  }
}
