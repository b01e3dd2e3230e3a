import { type DocumentNode, Kind } from 'graphql';
import { operationOf } from './amounts.js';
import { ImoLedgerFailure } from './failure.js';

/** A page of a list, as far as reading on needs it. */
export interface ListPage<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
  /** The moments of the page, one for each chain; ask for them to read all pages as of the first one. */
  readonly asOf?: readonly PageMoment[];
}

/** A moment of a page. */
export interface PageMoment {
  readonly chainId: number;
  readonly block: number;
  readonly hash?: string | null;
}

/** @throws TypeError if pages after the first one cannot be asked for */
export function assertPageable(document: DocumentNode): void {
  if (!hasVariable(document, 'after')) {
    throw new TypeError('declare the variable $after in the query, and pass it to the list');
  }
}

/**
 * The variables of the next page: all pages of one chain are read as of the block of the first one, if
 * the query has the variable `$at` and selects `asOf { chainId block }`.
 */
export function nextPage<Variables extends object>(
  document: DocumentNode,
  variables: Variables,
  first: readonly PageMoment[],
  after: string,
): Variables {
  const [moment, other] = first;
  const isPinned =
    moment !== undefined &&
    other === undefined &&
    (variables as { at?: unknown }).at == null &&
    hasVariable(document, 'at');
  return { ...variables, after, ...(isPinned ? { at: { block: moment.block } } : {}) };
}

/** @throws ImoLedgerFailure `MOMENT_REPLACED` if a reorg replaced the block between two pages */
export function assertSameMoment(first: readonly PageMoment[], now: readonly PageMoment[]): void {
  for (const { chainId, block, hash } of first) {
    const same = now.find((moment) => moment.chainId === chainId && moment.block === block);
    if (hash == null || same?.hash == null || same.hash === hash) continue;
    throw new ImoLedgerFailure(
      'MOMENT_REPLACED',
      `a reorg replaced block ${block} of chain ${chainId} between two pages`,
      'Read the list again from its first page.',
    );
  }
}

function hasVariable(document: DocumentNode, name: string): boolean {
  const { variableDefinitions = [] } = operationOf(document);
  return variableDefinitions.some(
    ({ variable }) => variable.kind === Kind.VARIABLE && variable.name.value === name,
  );
}
