import { type Address, checksummed, ZERO_ADDRESS } from '../../../address.js';
import { trustedSymbol } from '../../../books/moneySymbols.js';
import type { Entitlement } from '../../../ledger/entitlement.js';
import { nettedMovement, personRevenue } from '../../../ledger/persons/netting.js';
import { sumOfStandings } from '../../../ledger/persons/person.js';
import {
  assertAddsUp,
  REVENUE_ACCOUNTS,
  type RevenueMovement,
  revenueMovements,
  standingOf,
  type WindowEvent,
} from '../../../ledger/statement.js';
import { rulesAt } from '../../../ledger/terms.js';
import { readEntitlements } from '../../../store/read/entitlements/entitlements.js';
import { readNames } from '../../../store/read/names/addressNames.js';
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
  placeName,
  type RevenueStatement,
  type StatedAsset,
  type StatementPlace,
  type TokenMovement,
  type TokenStatement,
} from './statement.js';

/** Whose statement of what. */
interface Subject {
  /** Those of one person. */
  readonly accounts: readonly Address[];
  readonly token: TokenRecord;
  readonly period: ChainPeriod;
}

/** The books of a token in one asset. */
interface Book {
  readonly number: number;
  readonly asset: StatedAsset;
}

/** What an account of a person is owed at both ends of the period, in one asset. */
interface Ends {
  readonly account: Address;
  /** `null`: the token was not there yet. */
  readonly opening: Entitlement | null;
  readonly closing: Entitlement;
}

/**
 * The statement of one token. Each account is proven to add up, and so is their sum.
 *
 * @throws LedgerError `LEDGER_STATEMENT_SUM` if it does not add up
 */
export async function tokenStatement(db: Queryable, subject: Subject): Promise<TokenStatement> {
  const { token, period } = subject;
  const assets = await readRevenueAssets(db, [token.number]);
  const books: Book[] = [
    { number: token.number, asset: coinOf(token.chainId) },
    ...assets.map(({ number, asset, symbol, decimals }) => ({
      number,
      asset: { address: asset, symbol: trustedSymbol(token.chainId, asset, symbol), decimals },
    })),
  ];
  const ends: Ends[][] = [];
  for (const { number } of books) ends.push(await endsOf(db, subject, number));
  const [native = []] = ends;
  const events = await eventsIn(db, subject, native[0]?.opening?.snapshots.length ?? 0);
  const revenue: RevenueStatement[] = [];
  for (const [index, book] of books.entries()) {
    revenue.push(await revenueStatement(db, subject, book, events, ends[index] ?? []));
  }
  const movements = await transfersIn(db, subject);
  const opening = native.reduce((sum, end) => sum + (end.opening?.balance ?? 0n), 0n);
  const closing = native.reduce((sum, end) => sum + end.closing.balance, 0n);
  const changes = movements.map(({ change }) => change);
  assertAddsUp({ name: nameOf(subject, 'balance'), opening, changes, closing });
  const { terms } = rulesAt(token.rules, period.closingBlock);
  return { token, terms, opening, movements, closing, revenue };
}

async function endsOf(
  db: Queryable,
  { accounts, token, period }: Subject,
  bookNumber: number,
): Promise<Ends[]> {
  const at = (block: number) =>
    readEntitlements(
      db,
      accounts.map((account) => ({ token, account, block, bookNumber })),
    );
  const openings = period.openingBlock < token.startBlock ? [] : await at(period.openingBlock);
  const closings = await at(period.closingBlock);
  return accounts.map((account, index) => {
    const closing = closings[index];
    if (closing === undefined) throw new RangeError(`no closing of book ${bookNumber}`);
    return { account, opening: openings[index] ?? null, closing };
  });
}

/** The transfers of all accounts, each once. */
async function transfersIn(db: Queryable, subject: Subject): Promise<TokenMovement[]> {
  const { accounts, token, period } = subject;
  const transfers = new Map<string, Transfer>();
  for (const account of accounts) {
    const own = await readOperations(db, TRANSFERS, token.number, period, { account });
    for (const transfer of own) transfers.set(placeName(transfer), transfer);
  }
  const own = new Set(accounts);
  const movements = [...transfers.values()].map((transfer) => ({
    ...nettedMovement(transfer, (account) => own.has(account), ZERO_ADDRESS),
    place: statementPlaceOf(transfer),
    value: null,
    noPrice: null,
  }));
  const labels = await labelsOf(db, token.chainId, movements);
  return movements
    .map((movement) => {
      return { ...movement, counterpartyLabel: labels.get(movement.counterparty) ?? null };
    })
    .sort(byPlace);
}

/** The labels of those with whom tokens moved. */
async function labelsOf(
  db: Queryable,
  chainId: number,
  movements: readonly Pick<TokenMovement, 'counterparty'>[],
): Promise<ReadonlyMap<Address, string | null>> {
  const addresses = [...new Set(movements.map(({ counterparty }) => counterparty))];
  const names = await readNames(
    db,
    addresses.map((address) => ({ chainId, address })),
  );
  return new Map(addresses.map((address, index) => [address, names[index] ?? null]));
}

/** What moves claim windows in the period. */
async function eventsIn(
  db: Queryable,
  subject: Subject,
  taken: number,
): Promise<WindowEvent<StatementPlace>[]> {
  const snapshots = await snapshotsIn(db, subject, taken);
  const taking = snapshots.map((snapshot) => ({
    snapshotId: snapshot.snapshotId,
    place: statementPlaceOf(snapshot),
  }));
  return [...taking, ...(await windowsIn(db, subject))].sort(byPlace);
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

/** The revenue of all accounts in one asset. */
async function revenueStatement(
  db: Queryable,
  subject: Subject,
  book: Book,
  events: readonly WindowEvent<StatementPlace>[],
  ends: readonly Ends[],
): Promise<RevenueStatement> {
  const accounts = [];
  for (const end of ends) {
    accounts.push({
      account: end.account,
      movements: await movementsOf(db, subject, book, events, end),
    });
  }
  const movements = personRevenue(accounts, placeName)
    .sort(byPlace)
    .map((movement) => ({ ...movement, value: null, noPrice: null }));
  const statement = {
    asset: book.asset,
    opening: sumOfStandings(ends.map(({ opening }) => standingOf(opening))),
    movements,
    closing: sumOfStandings(ends.map(({ closing }) => standingOf(closing))),
  };
  assertRevenueAddsUp(subject, statement);
  return statement;
}

/** What happened to the revenue of one account, proven to add up. */
async function movementsOf(
  db: Queryable,
  { token, period }: Subject,
  { number, asset }: Book,
  events: readonly WindowEvent<StatementPlace>[],
  { account, opening, closing }: Ends,
): Promise<RevenueMovement<StatementPlace>[]> {
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
  });
  assertRevenueAddsUp(
    { accounts: [account], token, period },
    { asset, opening: standingOf(opening), movements, closing: standingOf(closing) },
  );
  return movements;
}

/** @throws LedgerError `LEDGER_STATEMENT_SUM` */
function assertRevenueAddsUp(
  subject: Subject,
  {
    asset,
    opening,
    movements,
    closing,
  }: Omit<RevenueStatement, 'movements'> & {
    readonly movements: readonly RevenueMovement<StatementPlace>[];
  },
): void {
  for (const name of REVENUE_ACCOUNTS) {
    assertAddsUp({
      name: nameOf(subject, `${name} in ${asset.address ?? 'the native coin'}`),
      opening: opening[name],
      changes: movements.map(({ changes }) => changes[name] ?? 0n),
      closing: closing[name],
    });
  }
}

function nameOf({ accounts, token, period }: Subject, what: string): string {
  return (
    `${what} of ${accounts.map(checksummed).join(', ')} in ${checksummed(token.address)} on chain ` +
    `${token.chainId}, blocks ${period.openingBlock + 1} to ${period.closingBlock}`
  );
}
