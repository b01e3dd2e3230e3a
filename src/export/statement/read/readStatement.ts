import { type Address, checksummed } from '../../../address.js';
import { trustedSymbol } from '../../../books/moneySymbols.js';
import { personOf } from '../../../books/person.js';
import { beforeStart } from '../../../books/requestBooks.js';
import { ImoError } from '../../../errors.js';
import type { Moment } from '../../../store/read/chains/asOf.js';
import { type ChainHead, readChainHeads } from '../../../store/read/chains/chainHeads.js';
import { readChainStarts } from '../../../store/read/chains/chainStarts.js';
import { readBalances } from '../../../store/read/holders/holderPositions.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import { readSales } from '../../../store/read/sales/sales.js';
import { readTokens, type TokenRecord } from '../../../store/read/tokens/tokens.js';
import { periodOf } from './period.js';
import { saleStatement } from './saleStatement.js';
import { statedEnds, upToTheEnd } from './statedEnds.js';
import type { ChainPeriod, SaleStatement, Statement, TokenStatement } from './statement.js';
import { throughPools } from './throughPools.js';
import { tokenStatement } from './tokenStatement.js';
import { withWorth } from './worth.js';

/** Whose statement, of what, from when to when. */
export interface StatementRequest {
  /** Those of one person: what moves between them is netted. */
  readonly accounts: readonly Address[];
  /** Only these tokens and their sales; empty: all. */
  readonly tokens: readonly Address[];
  /** Only this chain. */
  readonly chainId: number | null;
  /** The last moment before the period; `null`: from the beginning. */
  readonly from: Moment | null;
  /** The last moment of the period; `null`: the newest indexed block. */
  readonly to: Moment | null;
  /** The currency of the values of lines; default: no values. */
  readonly currency?: string | null;
}

/**
 * Reads a statement. All reads must see the same state of the database: `db` is inside of a
 * REPEATABLE READ transaction.
 *
 * @throws ImoError `BAD_PERSON`, `UNKNOWN_CHAIN`, `UNKNOWN_TOKEN`, `NOTHING_INDEXED`, `STATEMENT_NEEDS_CHAIN`,
 *   `STATEMENT_EMPTY_PERIOD`, `BEFORE_START`, `EXPORT_BAD_OPTION`, and as `resolveAsOf`; LedgerError `LEDGER_STATEMENT_SUM` if it
 *   does not add up
 */
export async function readStatement(db: Queryable, request: StatementRequest): Promise<Statement> {
  const accounts = personOf(request.accounts);
  const tokens = await tokensOf(db, request);
  const heads = headsOf(await readChainHeads(db), request, tokens);
  const periods: ChainPeriod[] = [];
  for (const head of heads) periods.push(await periodOf(db, head, request));
  if (request.to !== null) await assertStarted(db, periods);
  const statements: TokenStatement[] = [];
  const started = startedTokens(tokens, periods);
  for (const held of await heldTokens(db, accounts, started)) {
    statements.push(await tokenStatement(db, held));
  }
  const sales = await saleStatements(db, { ...request, accounts }, periods);
  const ended = await statedEnds(db, periods, statements, sales);
  const through = await throughPools(db, accounts, started);
  const statement = {
    ...{ accounts, currency: null, periods, ended },
    ...{ tokens: statements, sales, through },
  };
  const { currency = null } = request;
  return currency === null ? statement : withWorth(db, statement, currency);
}

/** @throws ImoError `BEFORE_START` if the period ends before anything was indexed */
async function assertStarted(db: Queryable, periods: readonly ChainPeriod[]): Promise<void> {
  const starts = await readChainStarts(db);
  const startOf = ({ chainId }: ChainPeriod) => starts.get(chainId) ?? 0;
  const [first] = periods;
  if (first === undefined || periods.some((one) => one.closingBlock >= startOf(one))) return;
  throw beforeStart(`chain ${first.chainId}`, startOf(first), { block: first.closingBlock });
}

async function tokensOf(
  db: Queryable,
  { tokens: named, chainId }: StatementRequest,
): Promise<TokenRecord[]> {
  const all = await readTokens(db, { chainId });
  const unknown = named.find((wanted) => !all.some(({ address }) => address === wanted));
  if (unknown !== undefined) {
    throw new ImoError(
      'UNKNOWN_TOKEN',
      `${checksummed(unknown)} is not an indexed token${chainId === null ? '' : ` of chain ${chainId}`}`,
      'Name one that is in the config and indexed.',
    );
  }
  const tokens = all.filter(({ address }) => named.length === 0 || named.includes(address));
  return tokens.map(withTrustedSymbol);
}

/** Only an address identifies money: a contract may choose a symbol that looks like it. */
function withTrustedSymbol(token: TokenRecord): TokenRecord {
  return { ...token, symbol: trustedSymbol(token.chainId, token.address, token.symbol) };
}

function headsOf(
  all: ReadonlyMap<number, ChainHead>,
  { chainId, tokens: named, from, to }: StatementRequest,
  tokens: readonly TokenRecord[],
): ChainHead[] {
  if (all.size === 0) {
    throw new ImoError('NOTHING_INDEXED', 'no block is indexed yet', 'Run `imo-ledger index`.');
  }
  const ofTokens = new Set(tokens.map((record) => record.chainId));
  const heads = [...all.values()].filter(
    (head) =>
      (chainId === null || head.chainId === chainId) &&
      (named.length === 0 || ofTokens.has(head.chainId)),
  );
  const ids = [...all.keys()].join(', ');
  if (heads.length === 0) {
    throw new ImoError(
      'UNKNOWN_CHAIN',
      `no block of chain ${chainId ?? [...ofTokens].join(', ')} is indexed`,
      `Indexed chains: ${ids}.`,
    );
  }
  if (heads.length > 1 && (from?.block != null || to?.block != null)) {
    throw new ImoError(
      'STATEMENT_NEEDS_CHAIN',
      `a block number needs a chain id: chains ${ids} are indexed`,
      'Name the chain ("chain"), or give dates.',
    );
  }
  return heads;
}

interface StartedToken {
  readonly token: TokenRecord;
  readonly period: ChainPeriod;
}

/** The tokens that were there by the end of their periods. */
function startedTokens(
  tokens: readonly TokenRecord[],
  periods: readonly ChainPeriod[],
): StartedToken[] {
  return tokens.flatMap((token) => {
    const period = periods.find(({ chainId }) => chainId === token.chainId);
    return period === undefined || period.closingBlock < token.startBlock
      ? []
      : [{ token, period: upToTheEnd(token, period) }];
  });
}

/** The tokens that an account had by the end of their periods, and which accounts had them. */
async function heldTokens(
  db: Queryable,
  accounts: readonly Address[],
  started: readonly StartedToken[],
): Promise<(StartedToken & { readonly accounts: readonly Address[] })[]> {
  const keys = started.flatMap(({ token, period }) =>
    accounts.map((account) => {
      return { tokenNumber: token.number, block: period.closingBlock, account };
    }),
  );
  const balances = await readBalances(db, keys);
  const held = keys.filter((_, index) => balances[index] !== null);
  return started
    .map((one) => ({
      ...one,
      accounts: held
        .filter(({ tokenNumber }) => tokenNumber === one.token.number)
        .map(({ account }) => account),
    }))
    .filter((one) => one.accounts.length > 0);
}

async function saleStatements(
  db: Queryable,
  { accounts, tokens }: StatementRequest,
  periods: readonly ChainPeriod[],
): Promise<SaleStatement[]> {
  const allTokens = (await readTokens(db)).map(withTrustedSymbol);
  const statements: SaleStatement[] = [];
  for (const sale of await readSales(db)) {
    const period = periods.find(({ chainId }) => chainId === sale.chainId);
    if (period === undefined) continue;
    if (tokens.length > 0 && !tokens.includes(sale.token)) continue;
    const token = allTokens.find(
      ({ chainId, address }) => chainId === sale.chainId && address === sale.token,
    );
    const statement = await saleStatement(db, accounts, sale, upToTheEnd(sale, period), token);
    if (statement !== null) statements.push(statement);
  }
  return statements;
}
