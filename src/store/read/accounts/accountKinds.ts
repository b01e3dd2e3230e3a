import { addressBytes } from '../../../address.js';
import type { ChainAddress } from '../names/addressNames.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { booleanColumn, textColumn, type WhereColumn } from '../query/where.js';

/** What an account is. The first five are contracts that are indexed. */
export const ACCOUNT_KINDS = [
  'token',
  'oracle',
  'collection',
  'sale',
  'pool',
  'contract',
  'burned',
  'wallet',
] as const;

export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** What is known of an account. */
export interface AccountFacts {
  /** `null`: its code has not been read yet. */
  readonly kind: AccountKind | null;
  /** The block at whose end its code was read; `null`: not yet. */
  readonly codeBlock: number | null;
}

/** Nobody has the key of these: what they hold is lost. */
const BURN_ADDRESSES = [
  '0x0000000000000000000000000000000000000000',
  '0x000000000000000000000000000000000000dead',
] as const;

const BURNED = BURN_ADDRESSES.map((address) => `'\\x${address.slice(2)}'::bytea`).join(', ');

/** FROM items that `joinedKindSql` needs: for many accounts at once. Parameters as of `kindSql`. */
export function kindJoins(chain: string, address: string): string {
  const tables = { token: 'known_token', contract: 'known_contract', account_code: 'known_code' };
  return Object.entries(tables)
    .map(
      ([table, row]) =>
        `LEFT JOIN ${table} ${row} ON ${row}.chain_id = ${chain} AND ${row}.address = ${address}`,
    )
    .join('\n');
}

/** The same as `kindSql`, after `kindJoins`. */
export function joinedKindSql(address: string): string {
  return `CASE WHEN ${address} IN (${BURNED}) THEN 'burned'
    WHEN known_token.address IS NOT NULL THEN 'token'
    WHEN known_contract.address IS NOT NULL THEN known_contract.kind
    WHEN known_code.code = 'contract' THEN 'contract'
    WHEN known_code.code IS NOT NULL THEN 'wallet' END`;
}

/** Whether an account is a contract in SQL, by its kind in SQL; NULL where that is not known. */
export function isContractOf(kind: string): string {
  return `(${kind} NOT IN ('wallet', 'burned'))`;
}

/** Whether an account of this kind is a contract; `null`: not known. */
export function isContractKind(kind: AccountKind | null): boolean | null {
  return kind === null ? null : kind !== 'wallet' && kind !== 'burned';
}

/**
 * The kind of an account in SQL; NULL where its code has not been read.
 *
 * @param chain an SQL expression for the chain id
 * @param address an SQL expression for the 20 bytes
 * @param isRead whether every account in question has been read, so that the statement need not look
 */
function kindSql(chain: string, address: string, isRead = false): string {
  const has = hasSql(chain, address);
  return `CASE WHEN ${address} IN (${BURNED}) THEN 'burned'
    WHEN ${has('token')} THEN 'token'
    WHEN ${has('contract')} THEN (SELECT kind FROM contract k
      WHERE k.chain_id = ${chain} AND k.address = ${address})
    WHEN ${has('account_code', `k.code = 'contract'`)} THEN 'contract'
    WHEN ${isRead ? 'true' : has('account_code', 'k.code IS NOT NULL')} THEN 'wallet' END`;
}

/** Whether an account is a contract in SQL; NULL where its code has not been read. Parameters as of `kindSql`. */
function isContractSql(chain: string, address: string, isRead: boolean): string {
  const has = hasSql(chain, address);
  return `CASE WHEN ${address} IN (${BURNED}) THEN false
    WHEN ${has('account_code', `k.code = 'contract'`)} OR ${has('contract')} OR ${has('token')}
    THEN true
    WHEN ${isRead ? 'true' : has('account_code', 'k.code IS NOT NULL')} THEN false END`;
}

function hasSql(chain: string, address: string) {
  return (table: string, condition = 'true') => `EXISTS (SELECT FROM ${table} k
    WHERE k.chain_id = ${chain} AND k.address = ${address} AND ${condition})`;
}

/** The addresses of all known contracts of a chain, in SQL. @param chain an SQL expression for the chain id */
export function contractsSql(chain: string): string {
  return `SELECT address FROM token WHERE chain_id = ${chain}
    UNION SELECT address FROM contract WHERE chain_id = ${chain}
    UNION SELECT address FROM account_code WHERE chain_id = ${chain} AND code = 'contract'`;
}

/** Whether somebody may have the key of an account, in SQL. */
export function isNotBurnedSql(address: string): string {
  return `${address} NOT IN (${BURNED})`;
}

/** The columns of kinds in the cache of holders of one chain. */
export function holderKindColumns(
  chainId: number,
  isRead: boolean,
): { readonly kind: WhereColumn<string>; readonly isContract: WhereColumn<boolean> } {
  const of = [String(chainId), 'holder.account', isRead] as const;
  return {
    kind: textColumn(`(${kindSql(...of)})`),
    isContract: booleanColumn(`(${isContractSql(...of)})`),
  };
}

/** A condition that only contracts of a chain fulfil, for the cache of holders: there are few of them. */
export function holderIsContract(chainId: number): string {
  return `holder.account IN (${contractsSql(String(chainId))})`;
}

/** Kinds of contracts. */
export const KINDS_OF_CONTRACTS: ReadonlySet<string> = new Set<AccountKind>([
  'token',
  'oracle',
  'collection',
  'sale',
  'pool',
  'contract',
]);

/** What is known of accounts, in their order. */
export async function readAccountFacts(
  db: Queryable,
  accounts: readonly ChainAddress[],
): Promise<AccountFacts[]> {
  const rows = await readRows<{
    readonly kind: AccountKind | null;
    readonly code_block: string | number | null;
  }>(
    db,
    'account_facts',
    `SELECT ${kindSql('asked.chain_id', 'asked.address')} AS kind, c.block_number AS code_block
     FROM unnest($1::bigint[], $2::bytea[]) WITH ORDINALITY AS asked(chain_id, address, place)
     LEFT JOIN account_code c ON c.chain_id = asked.chain_id AND c.address = asked.address
     ORDER BY place`,
    [accounts.map(({ chainId }) => chainId), accounts.map(({ address }) => addressBytes(address))],
  );
  return rows.map(({ kind, code_block }) => ({
    kind,
    codeBlock: code_block === null ? null : Number(code_block),
  }));
}
