import { functions } from '../../abi/erc7641.js';
import { type Address, checksummed } from '../../address.js';
import { readHolderAccounts, readHolderTotals } from '../../store/read/holders/holderAccounts.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { assetHolderQuestions, assetQuestions } from '../questions/assetQuestions.js';
import type { AuditComparison, Question } from '../questions/question.js';
import { storageQuestions } from '../questions/storageQuestions.js';
import { holderQuestions, tokenQuestions } from '../questions/tokenQuestions.js';
import { compare } from './compare.js';
import type { AuditContext, AuditPart } from './parts.js';

/** Holders in memory at a time; each has a few figures for every open snapshot and asset. */
const HOLDERS_PER_PART = 250;

/** Before the first holder. */
const TOTALS_DONE = '0x';

/** The totals of a token first, then its holders, page by page. A page is still compared when this answers. */
export async function auditToken(
  context: AuditContext,
  token: TokenRecord,
  after: string | null,
): Promise<AuditPart> {
  if (after === null) return auditTotals(context, token);
  const accounts = await nextHolders(context, token, after);
  const last = accounts.at(-1) ?? null;
  const isOver = accounts.length < HOLDERS_PER_PART;
  return {
    comparison: compareHolders(context, token, accounts),
    notCompared: [],
    accounts: accounts.length,
    next: isOver ? null : last,
  };
}

async function compareHolders(
  { db, views }: AuditContext,
  token: TokenRecord,
  accounts: readonly Address[],
): Promise<AuditComparison> {
  const block = views.block.number;
  return compare(views, [
    ...(await holderQuestions(db, token, accounts, block, 'open')),
    ...(await assetHolderQuestions(db, token, accounts, block, 'open')),
  ]);
}

async function auditTotals(context: AuditContext, token: TokenRecord): Promise<AuditPart> {
  const { db, views, holders } = context;
  const block = views.block.number;
  const storage = await storageQuestions(db, views, token);
  const comparison = await compare(views, [
    ...(await tokenQuestions(db, token, block)),
    ...(await assetQuestions(db, token, block)),
    ...(storage.questions ?? []),
    ...(holders === 'all' ? [await sumOfBalances(context, token)] : []),
  ]);
  const notCompared =
    storage.notCompared === null ? [] : [`${checksummed(token.address)} ${storage.notCompared}`];
  return { comparison, notCompared, accounts: 0, next: TOTALS_DONE };
}

/** A holder that is missing from our books would not be asked about: the sum shows it. */
async function sumOfBalances(
  { db, views }: AuditContext,
  { number: tokenNumber, address: to }: TokenRecord,
): Promise<Question> {
  const { balance } = await readHolderTotals(db, { tokenNumber, block: views.block.number });
  return {
    figure: 'sum of all balances',
    token: to,
    account: null,
    lookup: { kind: 'call', to, data: functions.totalSupply.encode({}) },
    ours: balance,
    mayRevert: false,
  };
}

async function nextHolders(
  { db, views, holders }: AuditContext,
  { number: tokenNumber }: TokenRecord,
  after: string,
): Promise<Address[]> {
  const asOf = { tokenNumber, block: views.block.number };
  const start = after === TOTALS_DONE ? null : (after as Address);
  if (holders === 'all') return readHolderAccounts(db, asOf, start, HOLDERS_PER_PART);
  const drawn = await holders.read(asOf, views.block.hash);
  return drawn.filter((account) => start === null || account > start).slice(0, HOLDERS_PER_PART);
}
