import { type Address, checksummed, ZERO_ADDRESS } from '../../../address.js';
import { trustedSymbol } from '../../../books/moneySymbols.js';
import type { Entitlement } from '../../../ledger/entitlement.js';
import {
  assertAddsUp,
  REVENUE_ACCOUNTS,
  revenueMovements,
  standingOf,
  type WindowEvent,
} from '../../../ledger/statement.js';
import { rulesAt } from '../../../ledger/terms.js';
import { readEntitlements } from '../../../store/read/entitlements/entitlements.js';
import { CLAIMS } from '../../../store/read/operations/claims.js';
import { REDEMPTIONS } from '../../../store/read/operations/redemptions.js';
import { TRANSFERS, type Transfer } from '../../../store/read/operations/transfers.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import { readRevenueAssets } from '../../../store/read/tokens/revenueAssets.js';
import { readSnapshotPage, snapshotKey } from '../../../store/read/tokens/snapshotPage.js';
import type { SnapshotRecord } from '../../../store/read/tokens/snapshots.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { readTermsChanges } from '../../../store/read/tokens/tokenTerms.js';
import { readEveryPage, readOperations, statementPlaceOf } from './readAll.js';
import {
  byPlace,
  type ChainPeriod,
  coinOf,
  type RevenueStatement,
  type StatedAsset,
  type StatementPlace,
  type TokenMovement,
  type TokenMovementKind,
  type TokenStatement,
} from './statement.js';

/** Whose statement of what. */
interface Subject {
  readonly account: Address;
  readonly token: TokenRecord;
  readonly period: ChainPeriod;
}

/** The books of a token in one asset. */
interface Book {
  readonly number: number;
  readonly asset: StatedAsset;
}

/**
 * The statement of one token.
 *
 * @throws LedgerError `LEDGER_STATEMENT_SUM` if it does not add up
 */
export async function tokenStatement(db: Queryable, subject: Subject): Promise<TokenStatement> {
  const { account, token, period } = subject;
  const assets = await readRevenueAssets(db, [token.number]);
  const books: Book[] = [
    { number: token.number, asset: coinOf(token.chainId) },
    ...assets.map(({ number, asset, symbol, decimals }) => ({
      number,
      asset: { address: asset, symbol: trustedSymbol(token.chainId, asset, symbol), decimals },
    })),
  ];
  const at = (block: number) =>
    readEntitlements(
      db,
      books.map(({ number }) => ({ token, account, block, bookNumber: number })),
    );
  const openings = period.openingBlock < token.startBlock ? [] : await at(period.openingBlock);
  const closings = await at(period.closingBlock);
  const transfers = await readOperations(db, TRANSFERS, token.number, period, { account });
  const snapshots = await snapshotsIn(db, subject, openings[0]?.snapshots.length ?? 0);
  const events = [
    ...snapshots.map((snapshot) => ({
      snapshotId: snapshot.snapshotId,
      place: statementPlaceOf(snapshot),
    })),
    ...(await windowsIn(db, subject)),
  ].sort(byPlace);
  const revenue: RevenueStatement[] = [];
  for (const [index, book] of books.entries()) {
    const [opening, closing] = [openings[index] ?? null, closings[index]];
    if (closing === undefined) throw new RangeError(`no closing of book ${book.number}`);
    revenue.push(await revenueStatement(db, subject, book, events, opening, closing));
  }
  const movements = transfers.map((transfer) => movementOf(transfer, account)).sort(byPlace);
  const opening = openings[0]?.balance ?? 0n;
  const closing = closings[0]?.balance ?? 0n;
  const changes = movements.map(({ change }) => change);
  assertAddsUp({ name: nameOf(subject, 'balance'), opening, changes, closing });
  const { terms } = rulesAt(token.rules, period.closingBlock);
  return { token, terms, opening, movements, closing, revenue };
}

/** The windows that the contract was given in the period. */
async function windowsIn(db: Queryable, { token, period }: Subject) {
  const changes = await readTermsChanges(db, token.number, {
    after: period.openingBlock,
    upTo: period.closingBlock,
    limit: null,
  });
  return changes.map((change) => ({ window: change.window, place: statementPlaceOf(change) }));
}

/** The snapshots that were taken in the period. */
function snapshotsIn(db: Queryable, { token, period }: Subject, taken: number) {
  const query = {
    tokenNumber: token.number,
    block: period.closingBlock,
    figure: null,
    direction: 'ASC',
  } as const;
  return readEveryPage(
    (row: SnapshotRecord) => snapshotKey(row, query.figure),
    (request) => readSnapshotPage(db, query, request),
    { value: 0n, snapshotId: taken },
  );
}

async function revenueStatement(
  db: Queryable,
  subject: Subject,
  { number, asset }: Book,
  events: readonly WindowEvent<StatementPlace>[],
  opening: Entitlement | null,
  closing: Entitlement,
): Promise<RevenueStatement> {
  const { account, token, period } = subject;
  const filter = { holder: account };
  const claims = await readOperations(db, CLAIMS, number, period, filter);
  const redemptions = await readOperations(db, REDEMPTIONS, number, period, filter);
  const movements = revenueMovements({
    window: rulesAt(token.rules, Math.max(period.openingBlock, 0)).terms.window,
    opening,
    closing,
    events,
    claims: claims.map((claim) => ({ ...claim, place: statementPlaceOf(claim) })),
    redemptions: redemptions.map((redemption) => ({
      ...redemption,
      place: statementPlaceOf(redemption),
    })),
  })
    .sort(byPlace)
    .map((movement) => ({ ...movement, value: null }));
  const statement = {
    asset,
    opening: standingOf(opening),
    movements,
    closing: standingOf(closing),
  };
  for (const name of REVENUE_ACCOUNTS) {
    assertAddsUp({
      name: nameOf(subject, `${name} in ${asset.address ?? 'the native coin'}`),
      opening: statement.opening[name],
      changes: movements.map(({ changes }) => changes[name] ?? 0n),
      closing: statement.closing[name],
    });
  }
  return statement;
}

function movementOf(transfer: Transfer, account: Address): TokenMovement {
  const { from, to, amount } = transfer;
  const place = statementPlaceOf(transfer);
  const isIn = to === account;
  const isOut = from === account;
  const change = (isIn ? amount : 0n) - (isOut ? amount : 0n);
  const counterparty = isIn ? from : to;
  const kind = kindOf(isIn, isOut, counterparty);
  return { kind, place, counterparty, change, value: null };
}

function kindOf(isIn: boolean, isOut: boolean, counterparty: Address): TokenMovementKind {
  if (isIn && isOut) return 'kept';
  if (counterparty === ZERO_ADDRESS) return isIn ? 'minted' : 'burned';
  return isIn ? 'received' : 'sent';
}

function nameOf({ account, token, period }: Subject, what: string): string {
  return (
    `${what} of ${checksummed(account)} in ${checksummed(token.address)} on chain ` +
    `${token.chainId}, blocks ${period.openingBlock + 1} to ${period.closingBlock}`
  );
}
