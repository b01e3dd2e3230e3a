import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { DatabasePair } from './databasePair.js';
import type { FollowedChain } from './followedChain.js';

/** An answer as of the newest block that its server had. Times are those of this process, in milliseconds. */
export interface TimedAnswer {
  readonly chainId: number;
  readonly block: number;
  /** Before its first request was sent. */
  readonly askedAt: number;
  readonly answeredAt: number;
  /** What disturbed the servers when it was asked for. */
  readonly phase: string;
}

/** How old answers were when they were asked for. */
export interface Ages {
  readonly answers: number;
  /** Answers without a block that the primary had already. */
  readonly old: number;
  /** How long the primary had had the next block, at most. */
  readonly primaryMs: number;
  /** How long the node had had it, at most. */
  readonly nodeMs: number;
}

interface Seen {
  readonly block: number;
  readonly at: number;
}

interface Booked extends Seen {
  /** From then on, no server has it any more; `null`: it was not lost. */
  lostAt: number | null;
}

const POLL_MS = 40;

/**
 * Notes when blocks came to be at the nodes, and when the primary had them. It sees them a little late, and so takes
 * answers for a little younger than they are: what it calls too old is too old.
 */
export class BlockClock {
  private readonly mined = new Map<number, Seen[]>();
  private readonly booked = new Map<number, Booked[]>();
  private readonly loops: Promise<unknown>;
  private isOver = false;
  /** The primary has changed since then, and its blocks are still to be read. */
  private promotedAfter: number | null = null;

  constructor(
    private readonly pair: DatabasePair,
    private readonly chains: readonly FollowedChain[],
  ) {
    this.loops = Promise.all([
      this.watchPrimary(),
      ...chains.map((chain) => this.watchNode(chain)),
    ]);
  }

  /**
   * Another server has taken over: blocks that it does not have are lost.
   *
   * @param after when it had not taken over yet
   */
  promoted(after: number): void {
    this.promotedAfter = after;
  }

  /** The newest block of the primary, as far as it was seen; -1: none. */
  bookedBlock(chainId: number): number {
    const kept = this.booked.get(chainId)?.filter(({ lostAt }) => lostAt === null) ?? [];
    return Math.max(-1, ...kept.map(({ block }) => block));
  }

  /** How long the primary had had a block that the answer lacks, when it was asked for; 0: it lacks none. */
  primaryMs({ chainId, block, askedAt, answeredAt }: TimedAnswer): number {
    const next = this.booked
      .get(chainId)
      ?.find((seen) => seen.block > block && (seen.lostAt === null || answeredAt < seen.lostAt));
    return next === undefined ? 0 : Math.max(0, askedAt - next.at);
  }

  ages(answers: readonly TimedAnswer[]): Ages {
    let [old, primaryMs, nodeMs] = [0, 0, 0];
    for (const answer of answers) {
      const { chainId, block, askedAt } = answer;
      const age = this.primaryMs(answer);
      if (age > 0) old += 1;
      primaryMs = Math.max(primaryMs, age);
      const next = this.mined.get(chainId)?.find((seen) => seen.block > block);
      if (next !== undefined) nodeMs = Math.max(nodeMs, askedAt - next.at);
    }
    return { answers: answers.length, old, primaryMs, nodeMs };
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.loops;
  }

  private async watchNode(chain: FollowedChain): Promise<void> {
    const seen: Seen[] = [];
    this.mined.set(chain.node.chainId, seen);
    while (!this.isOver) {
      const block = await chain.head();
      if (block > (seen.at(-1)?.block ?? -1)) seen.push({ block, at: performance.now() });
      await delay(POLL_MS);
    }
  }

  private async watchPrimary(): Promise<void> {
    let client: pg.Client | null = null;
    while (!this.isOver) {
      try {
        client ??= await connected(this.pair.ownerUrl);
        const { rows } = await client.query<{ chain_id: string; height: string }>(
          'SELECT chain_id, height FROM chain_cursor WHERE chain_id > 0',
        );
        this.note(rows.map((row) => [Number(row.chain_id), Number(row.height)]));
      } catch {
        await client?.end().catch(() => undefined);
        client = null;
      }
      await delay(POLL_MS);
    }
    await client?.end();
  }

  private note(heights: readonly (readonly [chainId: number, height: number])[]): void {
    const at = performance.now();
    const heightOf = new Map(heights);
    const { promotedAfter } = this;
    this.promotedAfter = null;
    for (const { node } of this.chains) {
      const seen = this.booked.get(node.chainId) ?? [];
      this.booked.set(node.chainId, seen);
      const block = heightOf.get(node.chainId) ?? -1;
      if (promotedAfter !== null) {
        for (const one of seen) if (one.block > block) one.lostAt ??= promotedAfter;
      }
      if (block > this.bookedBlock(node.chainId)) seen.push({ block, at, lostAt: null });
    }
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
