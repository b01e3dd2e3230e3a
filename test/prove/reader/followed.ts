import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import {
  ClaimsDocument,
  ClaimsLiveDocument,
  FollowedList,
  HolderLiveDocument,
  ImoLedger,
  type ListEvent,
  ReceiptsDocument,
  ReceiptsLiveDocument,
} from '../../../clients/ts/src/index.js';
import type { Address } from '../../../src/address.js';
import type { PositionAnswer } from './surfaces/graphqlObjects.js';
import type { WorldToken } from './world.js';

/** What subscriptions said last of a token and some of its holders. */
export interface FollowedFigures {
  readonly token: WorldToken;
  readonly holders: readonly Address[];
  readonly positions: ReadonlyMap<Address, readonly PositionAnswer[]>;
  /** All receipts and claims in the chain's own coin, as lists that were followed. */
  readonly receipts: readonly { readonly block: number; readonly amountWei: bigint }[];
  readonly claims: readonly {
    readonly block: number;
    readonly amountWei: bigint;
    readonly holder: string;
  }[];
}

/** A holder for whom nothing changed gets no event: so long the others may take. */
const WITHIN_MS = 15_000;
const POLL_MS = 20;

/** Subscriptions that follow a token and holders while the index continues, also over reorgs. */
export class Follower {
  private readonly ledger: ImoLedger;
  private readonly positions = new Map<Address, readonly PositionAnswer[]>();
  private readonly blocks = new Map<string, number>();
  private failure: unknown = null;
  private readonly receipts;
  private readonly claims;

  constructor(
    url: string,
    private readonly chainId: number,
    private readonly token: { readonly address: Address },
    private readonly holders: readonly Address[],
  ) {
    this.ledger = new ImoLedger({ url, webSocket: WebSocket });
    this.receipts = this.list((filter) => {
      const asked = { filter, first: 71 };
      return this.ledger.rows(ReceiptsDocument, asked, ({ receipts }) => receipts);
    });
    this.claims = this.list((filter) => {
      const asked = { filter, first: 71 };
      return this.ledger.rows(ClaimsDocument, asked, ({ claims }) => claims);
    });
  }

  /** Starts to follow. Resolves when all of them have started. */
  async start(): Promise<void> {
    const { ledger, chainId } = this;
    const { address: token } = this.token;
    for (const address of this.holders) {
      this.run(address, async () => {
        for await (const { data } of ledger.subscribe(HolderLiveDocument, { address })) {
          const positions = data.holder?.positions ?? [];
          this.positions.set(address, positions);
          for (const { asOf } of positions) this.blocks.set(address, asOf.block);
        }
      });
    }
    this.run('receipts', async () => {
      const events = ledger.subscribe(ReceiptsLiveDocument, { chainId, token });
      for await (const { data } of events)
        await this.apply('receipts', this.receipts, data.receipts);
    });
    this.run('claims', async () => {
      const events = ledger.subscribe(ClaimsLiveDocument, { chainId, token });
      for await (const { data } of events) await this.apply('claims', this.claims, data.claims);
    });
    while (this.blocks.size < this.holders.length + 2) {
      if (this.failure !== null) throw this.failure;
      await delay(POLL_MS);
    }
  }

  /**
   * What they say once they know of a block in which something changed for all of them. Who does not hear of
   * it within some seconds says what it knows.
   *
   * @param claims how many there are
   * @throws what ended one of them
   */
  async after(block: number, claims: number, token: WorldToken): Promise<FollowedFigures> {
    const isBehind = () =>
      ['receipts', ...this.holders].some((name) => (this.blocks.get(name) ?? -1) < block) ||
      this.claims.rows.length !== claims;
    const deadline = Date.now() + WITHIN_MS;
    while (isBehind() && Date.now() < deadline) {
      if (this.failure !== null) throw this.failure;
      await delay(POLL_MS);
    }
    await this.ledger.close();
    const { holders, positions, receipts, claims: list } = this;
    return { token, holders, positions, receipts: receipts.rows, claims: list.rows };
  }

  private list<Row extends { readonly id: string; readonly block: number }>(
    read: (filter: object) => Promise<readonly Row[]>,
  ): FollowedList<Row> {
    const { chainId, token } = this;
    return new FollowedList<Row>({
      keyOf: ({ id }) => id,
      placeOf: ({ block }) => ({ chainId, block }),
      read: (_, fromBlock) => {
        const since = fromBlock === null ? {} : { block: { gte: fromBlock } };
        return read({ chainId, token: token.address, ...since });
      },
    });
  }

  private async apply<Row>(
    name: string,
    list: FollowedList<Row>,
    event: ListEvent<Row> | null | undefined,
  ): Promise<void> {
    if (event == null) return;
    await list.apply(event);
    this.blocks.set(name, event.asOf.block);
  }

  private run(name: string, follow: () => Promise<void>): void {
    follow().catch((error: unknown) => {
      this.failure ??= new Error(`the subscription of ${name} ended`, { cause: error });
    });
  }
}
