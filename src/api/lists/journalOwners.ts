import { type Address, checksummed } from '../../address.js';
import { assertStarted } from '../../books/requestBooks.js';
import { ImoError } from '../../errors.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { BooksEnd } from '../../store/read/chains/heldBlock.js';
import { readOracles } from '../../store/read/oracles/oracles.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';
import { allSales } from './sales.js';

/** A contract that keeps a journal. */
export interface JournalOwner extends BooksEnd {
  /** Our number of it. Ids of its rows start with it. */
  readonly number: number;
  readonly chainId: number;
  readonly address: Address;
  readonly kind: 'token' | 'oracle' | 'sale';
  readonly startBlock: number;
}

/** The number of one of an owner's journals: its own number, or that of its books in an asset. */
export interface JournalNumber extends JournalOwner {
  readonly journalNumber: number;
}

/** All tokens, AI oracles and sales, read once for each request. */
export function journalOwners(context: ApiContext): Promise<readonly JournalOwner[]> {
  return readShared(context, ['journal owners'], async () => {
    const [tokens, oracles, sales] = await Promise.all([
      context.books.tokens(),
      readShared(context, ['oracles'], () => readOracles(context.db)),
      allSales(context),
    ]);
    return [
      ...tokens.map((token) => ownerOf(token, 'token')),
      ...oracles.map((oracle) => ownerOf(oracle, 'oracle')),
      ...sales.map((sale) => ownerOf(sale, 'sale')),
    ];
  });
}

/** Every journal: one of each owner, and one of a token in each asset that it shares. */
export async function journals(context: ApiContext): Promise<readonly JournalNumber[]> {
  const owners = await journalOwners(context);
  const assets = await context.books.revenueAssets();
  return owners.flatMap((owner) => {
    const ofToken =
      owner.kind === 'token'
        ? assets.filter(({ tokenNumber }) => tokenNumber === owner.number)
        : [];
    return [owner, ...ofToken].map(({ number }) => ({ ...owner, journalNumber: number }));
  });
}

/**
 * The journals of the given chains that pass a filter.
 *
 * @throws ImoError `UNKNOWN_TOKEN` or `UNKNOWN_CONTRACT` if no contract has the given address
 */
export async function journalOwnersOf(
  context: ApiContext,
  chains: ReadonlyMap<number, unknown>,
  filter: { readonly token?: Address | null; readonly contract?: Address | null },
): Promise<JournalNumber[]> {
  const { token, contract } = filter;
  if (token != null) await context.books.tokensOf(chains, token);
  const ofChains = (await journals(context)).filter(({ chainId }) => chains.has(chainId));
  const named = ofChains.filter(({ address }) => address === (contract ?? address));
  if (contract != null && named.length === 0) throw unknownContract(contract);
  const owners = named.filter(({ kind, address }) => {
    return token == null || (kind === 'token' && address === token);
  });
  for (const owner of owners) if (owner.kind === 'token') context.books.use(owner.number);
  return owners;
}

/**
 * A contract at a moment.
 *
 * @throws ImoError `UNKNOWN_CONTRACT`, or `BEFORE_START` if it was not indexed yet
 */
export async function journalOwnerAt(
  context: ApiContext,
  address: Address,
  asOf: AsOf,
): Promise<JournalOwner> {
  const owner = (await journalOwners(context)).find(
    (candidate) => candidate.chainId === asOf.chainId && candidate.address === address,
  );
  if (owner === undefined) throw unknownContract(address);
  assertStarted(owner, asOf);
  if (owner.kind === 'token') context.books.use(owner.number);
  return owner;
}

function ownerOf(
  { number, chainId, address, startBlock, archivedBlock, heldBlock }: Omit<JournalOwner, 'kind'>,
  kind: JournalOwner['kind'],
): JournalOwner {
  return { number, chainId, address, startBlock, archivedBlock, heldBlock, kind };
}

function unknownContract(address: Address): ImoError {
  return new ImoError(
    'UNKNOWN_CONTRACT',
    `${checksummed(address)} is not an indexed token, AI oracle or sale`,
    'The queries `tokens`, `oracles` and `sales` list those that are; add it to imo.yaml to index it.',
  );
}
