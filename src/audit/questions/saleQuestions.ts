import { id } from 'ethers';
import { type Address, ZERO_ADDRESS } from '../../address.js';
import type { SaleFigures, SaleViews } from '../../chain/sales/saleKind.js';
import { NO_PARTICIPATION } from '../../ledger/sales/sale.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readParticipations } from '../../store/read/sales/participations.js';
import type { SaleRecord } from '../../store/read/sales/sales.js';
import { EMPTY_SALE_VERSION, readSaleVersions } from '../../store/read/sales/saleVersions.js';
import type { ChainViews } from './chainViews.js';
import type { Lookup, Question } from './question.js';

/**
 * Which views the contract has: each is called once, with the zero address for an account.
 * The others are named as signatures.
 */
export async function presentViews(
  views: ChainViews,
  { address }: SaleRecord,
  { sale, participant }: SaleViews,
): Promise<{ readonly present: SaleViews; readonly missing: readonly string[] }> {
  const signatures = [...new Set([...sale, ...participant].map(({ signature }) => signature))];
  const answers = await views.read(
    signatures.map((signature) => viewCall(address, signature, ZERO_ADDRESS)),
  );
  const missing = signatures.filter((_, index) => answers[index] == null);
  const isThere = ({ signature }: { readonly signature: string }) => !missing.includes(signature);
  return {
    present: { sale: sale.filter(isThere), participant: participant.filter(isThere) },
    missing,
  };
}

/** The figures of a sale itself at the end of a block. */
export async function saleQuestions(
  db: Queryable,
  sale: SaleRecord,
  views: SaleViews,
  block: number,
): Promise<Question[]> {
  const figures = await figuresOf(db, sale, block);
  return views.sale.map(({ signature, ours }) => ({
    figure: `${sale.kind} ${signature}`,
    token: sale.address,
    account: null,
    lookup: viewCall(sale.address, signature, null),
    ours: ours(figures),
    mayRevert: false,
  }));
}

/** What accounts did in a sale by the end of a block. */
export async function participantQuestions(
  db: Queryable,
  sale: SaleRecord,
  views: SaleViews,
  participants: readonly Address[],
  block: number,
): Promise<Question[]> {
  const figures = await figuresOf(db, sale, block);
  const rows = await readParticipations(db, { saleNumber: sale.number, block }, participants);
  const byAccount = new Map(rows.map((row) => [row.participant, row.participation]));
  return participants.flatMap((account) => {
    const of = byAccount.get(account) ?? NO_PARTICIPATION;
    return views.participant.map(({ signature, ours }) => ({
      figure: `${sale.kind} ${signature.replace('address', account)}`,
      token: sale.address,
      account,
      lookup: viewCall(sale.address, signature, account),
      ours: ours(of, figures),
      mayRevert: false,
    }));
  });
}

async function figuresOf(
  db: Queryable,
  { number: saleNumber, terms }: SaleRecord,
  block: number,
): Promise<SaleFigures> {
  const [version = EMPTY_SALE_VERSION] = await readSaleVersions(db, [{ saleNumber, block }]);
  return { ...version, terms };
}

function viewCall(to: Address, signature: string, account: Address | null): Lookup {
  const selector = id(signature).slice(0, 10);
  const takesAccount = signature.endsWith('(address)') && account !== null;
  const argument = takesAccount ? account.slice(2).padStart(64, '0') : '';
  return { kind: 'call', to, data: selector + argument };
}
