import type { Address } from '../../../address.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import { readHolds } from '../../../store/read/tokens/holds.js';
import type { ChainPeriod, SaleStatement, StatedEnd, TokenStatement } from './statement.js';

/** The part of a period that archived books cover: they have no figure after their end. */
export function upToTheEnd(
  { archivedBlock }: { readonly archivedBlock: number | null },
  period: ChainPeriod,
): ChainPeriod {
  if (archivedBlock === null || period.closingBlock <= archivedBlock) return period;
  const openingBlock = Math.min(period.openingBlock, archivedBlock);
  return { ...period, openingBlock, closingBlock: archivedBlock, closingTime: null };
}

/** Which of the stated books end before the period of their chain. */
export async function statedEnds(
  db: Queryable,
  periods: readonly ChainPeriod[],
  tokens: readonly TokenStatement[],
  sales: readonly SaleStatement[],
): Promise<StatedEnd[]> {
  const books = [
    ...tokens.map(({ token }) => ({ ...of(token), kind: 'token' as const })),
    ...sales.map(({ sale }) => ({ ...of(sale), kind: 'sale' as const })),
  ];
  const holds = books.length === 0 ? [] : await readHolds(db, null);
  const ended = books.flatMap(({ archivedBlock, ...own }): StatedEnd[] => {
    if (archivedBlock !== null) return [{ ...own, lastBlock: archivedBlock, why: 'archived' }];
    return holds
      .filter(({ chainId, address, kind }) => {
        return chainId === own.chainId && address === own.address && kind === own.kind;
      })
      .map(({ lastBlock, code }) => ({ ...own, lastBlock, why: code }));
  });
  return ended.filter(({ chainId, lastBlock }) =>
    periods.some((period) => period.chainId === chainId && period.closingBlock > lastBlock),
  );
}

function of({
  chainId,
  address,
  archivedBlock,
}: {
  readonly chainId: number;
  readonly address: Address;
  readonly archivedBlock: number | null;
}) {
  return { chainId, address, archivedBlock };
}
