import type { ChainNode } from '../../chain/node.js';
import type { SqlClient } from '../../store/database/sqlClient.js';
import { type BlockPoint, readCursor } from '../../store/write/cursor.js';
import { newestKnownBlock } from '../../store/write/knownBlocks.js';

/** What a node's chain is to ours. */
export type HeadView =
  /** It is ours, as far as the node goes; that may be less far than we are. */
  | { readonly kind: 'ours'; readonly tipHeight: number; readonly finalizedHeight: number }
  /** The node is behind, or contradicts itself: no evidence of anything. */
  | { readonly kind: 'unclear'; readonly reason: string }
  /** Another block is at a height that we have indexed, on a chain that links up. */
  | {
      readonly kind: 'fork';
      readonly tip: BlockPoint;
      /** `hash` is absent where the node is higher than we are. */
      readonly head: { readonly height: number; readonly hash?: string };
      /** Newest block that both have; `null`: it lies below our finalised block. */
      readonly base: BlockPoint | null;
    };

/** Compares the chain of a node with what is indexed, by the hashes of blocks. */
export class ForkWatch {
  constructor(
    private readonly db: SqlClient,
    private readonly node: ChainNode,
    private readonly chainId: number,
  ) {}

  /** @param head the height that the node says it has */
  async look(head: number): Promise<HeadView> {
    const cursor = await readCursor(this.db, this.chainId);
    const known = await newestKnownBlock(this.db, this.chainId, head);
    if (cursor === null) return { kind: 'ours', tipHeight: -1, finalizedHeight: -1 };
    const { head: tip, finalized, hot } = cursor;
    const ours = {
      kind: 'ours',
      tipHeight: tip.height,
      finalizedHeight: finalized.height,
    } as const;
    if (known === null) return ours;

    const [seen] = await this.node.headers(known.height, known.height);
    if (seen === undefined) return unclear(`it has no block ${known.height}`);
    if (seen.hash === known.hash) return ours;

    const from = Math.min(finalized.height, known.height);
    const to = Math.min(head, tip.height + 1);
    const headers = await this.node.headers(from, to);
    if (headers.length !== to - from + 1) return unclear(`its blocks up to ${to} do not link up`);
    const hashes = new Map(headers.map(({ number, hash }) => [number, hash]));
    if (hashes.get(known.height) === known.hash) return unclear('it changed its mind');
    // Only archived books know blocks above ours: they end where the chains part, below our final block.
    const isArchived = known.height > tip.height;
    const base = isArchived
      ? undefined
      : [finalized, ...hot].findLast(({ height, hash }) => hashes.get(height) === hash);
    return {
      kind: 'fork',
      tip,
      head: head > tip.height ? { height: head } : { height: head, hash: hashes.get(head) ?? '' },
      base: base ?? null,
    };
  }
}

function unclear(reason: string): HeadView {
  return { kind: 'unclear', reason };
}
