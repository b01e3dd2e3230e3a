import type { Marks } from '@imo-ledger/client';
import { ledger } from '../../ledger/client.js';
import {
  type AtInput,
  PersonBurnsDocument,
  PersonClaimsDocument,
  PersonTransfersDocument,
} from '../../ledger/generated/holder.js';
import type { Placed } from '../offering/withdrawn.js';

/** What can be listed, as the URL names it. */
export const HISTORY_KINDS = ['claims', 'burns', 'transfers'] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

/** A claim, a burn or a transfer. */
export interface Event extends Placed {
  readonly timestamp: string;
  readonly transactionHash: string | null;
  readonly token: { readonly chainId: number; readonly address: string };
  /** Of money, or token units of a transfer. */
  readonly amount: bigint;
  /** Of money; `null`: the chain's own coin. */
  readonly asset: string | null;
  readonly snapshotId?: number;
  /** Token units. */
  readonly burned: bigint;
  readonly from?: string;
  readonly to?: string;
}

/** Whose history, of which token, and when. */
export interface HistoryRequest {
  readonly addresses: readonly string[];
  /** `null`: of all. */
  readonly token: { readonly chainId: number; readonly address: string } | null;
  readonly at: AtInput | undefined;
  readonly rows: number;
}

/** Asks for the newest events of one kind. */
export async function askHistory(
  kind: HistoryKind,
  { addresses, token, at, rows: first }: HistoryRequest,
  signal: AbortSignal,
): Promise<{
  readonly data: { readonly events: readonly Event[]; readonly hasMore: boolean };
  readonly marks: Marks;
}> {
  const own = { _in: [...addresses] };
  const of =
    token === null ? {} : { chainId: { _eq: token.chainId }, token: { _eq: token.address } };
  if (kind === 'transfers') {
    const where = { ...of, _or: [{ from: own }, { to: own }] };
    const { data, marks } = await ledger.query(
      PersonTransfersDocument,
      { where, at, first },
      signal,
    );
    return { data: pageOf(data.transfers), marks };
  }
  const where = { ...of, holder: own };
  if (kind === 'burns') {
    const { data, marks } = await ledger.query(PersonBurnsDocument, { where, at, first }, signal);
    return { data: pageOf(data.redemptions), marks };
  }
  const { data, marks } = await ledger.query(PersonClaimsDocument, { where, at, first }, signal);
  return { data: pageOf(data.claims), marks };
}

interface Node {
  readonly id: string;
  readonly timestamp: string;
  readonly block: number;
  readonly transactionIndex?: number | null | undefined;
  readonly position: number;
  readonly transactionHash?: string | null | undefined;
  readonly token: { readonly chainId: number; readonly address: string };
  readonly amountWei?: bigint;
  readonly amount?: bigint;
  readonly asset?: string | null | undefined;
  readonly burned?: bigint;
  readonly snapshotId?: number;
  readonly from?: string;
  readonly to?: string;
}

function pageOf(
  page:
    | { readonly nodes: readonly Node[]; readonly pageInfo: { readonly hasNextPage: boolean } }
    | null
    | undefined,
): { events: Event[]; hasMore: boolean } {
  const events = (page?.nodes ?? []).map(
    ({ transactionHash, asset, amountWei, amount, burned, ...node }): Event => ({
      ...node,
      transactionHash: transactionHash ?? null,
      asset: asset ?? null,
      amount: amountWei ?? amount ?? 0n,
      burned: burned ?? 0n,
      place: [node.block, node.transactionIndex ?? 0, node.position],
    }),
  );
  return { events, hasMore: page?.pageInfo.hasNextPage ?? false };
}
