import { checksummed } from '../../src/address.js';
import { Contender } from '../api/contender.js';
import type { BenchRow } from '../benchRow.js';
import { CHAIN_ID } from '../node/spec.js';
import { benchHolder } from '../node/token/benchCalls.js';
import { secondsAtMost } from './secondsAtMost.js';

/** Wanted of the list that the first reader sees after a snapshot, and of pages as of old blocks. */
const FIRST_SECONDS = 0.5;
const OLD_PAGE_SECONDS = 0.3;
const PAGES = 20;

interface Taken {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** A server over books, asked one question after the other. */
export class WideServer {
  private constructor(
    private readonly api: Contender,
    private readonly token: string,
  ) {}

  static async start(databaseUrl: string, token: string): Promise<WideServer> {
    const api = await Contender.start('ours', databaseUrl);
    const server = new WideServer(api, checksummed(token as `0x${string}`));
    // A server that has answered nothing yet compiles the first query.
    await server.ask('{ status { indexed { block } } }');
    return server;
  }

  stop(): Promise<void> {
    return this.api.stop();
  }

  /** Nobody has asked since the snapshot. */
  async firstLeaders(): Promise<BenchRow> {
    const first = await this.measured(this.leadersQuery());
    return this.row('first top 100 by claimable after a snapshot', [first], FIRST_SECONDS);
  }

  /** @param blocks blocks of the past */
  async lists(blocks: readonly number[]): Promise<BenchRow[]> {
    const leaders = await this.measured(this.leadersQuery());
    const pages = await this.pages(() => '');
    const old = await this.pages((page) => `, at: { block: ${blocks[page % blocks.length]} }`);
    return [
      this.row('top 100 by claimable again', [leaders], null),
      this.row(`page of 100 by balance (slowest of ${PAGES})`, pages, null),
      this.row(`page of 100 at an old block (slowest of ${PAGES})`, old, OLD_PAGE_SECONDS),
    ];
  }

  /** The first proof of a snapshot builds its tree; the next ones find it. */
  async proofs(snapshotId: number): Promise<BenchRow[]> {
    const askFor = (holder: number) =>
      this.measured(
        `{ entitlementProof(${this.of()}, snapshotId: ${snapshotId}, holder: "${checksummed(
          benchHolder(holder),
        )}") { root shareWei proof } }`,
      );
    const first = await askFor(0);
    const next = await askFor(1);
    return [
      this.row('first Merkle proof of a snapshot', [first], null),
      this.row('another Merkle proof', [next], null),
    ];
  }

  /** One page after the other. */
  private async pages(at: (page: number) => string): Promise<Taken[]> {
    const taken: Taken[] = [];
    let after = '';
    for (let page = 0; page < PAGES; page++) {
      const query = `{ holders(${this.of()}, orderBy: BALANCE, first: 100${after}${at(page)}) {
        nodes { address balance } pageInfo { endCursor } } }`;
      const startedAt = this.clock();
      const { holders } = (await this.ask(query)) as { holders: Page };
      taken.push(this.since(startedAt));
      after = holders.pageInfo.endCursor === null ? '' : `, after: "${holders.pageInfo.endCursor}"`;
    }
    return taken;
  }

  private leadersQuery(): string {
    return `{ holders(${this.of()}, orderBy: CLAIMABLE, first: 100) {
      nodes { address balance entitlement { totalClaimableWei } } } }`;
  }

  private of(): string {
    return `chainId: ${CHAIN_ID}, token: "${this.token}"`;
  }

  private async measured(query: string): Promise<Taken> {
    const startedAt = this.clock();
    await this.ask(query);
    return this.since(startedAt);
  }

  private clock() {
    return { at: performance.now(), cpu: this.api.cpuSeconds() };
  }

  private since({ at, cpu }: ReturnType<WideServer['clock']>): Taken {
    const seconds = (performance.now() - at) / 1000;
    return { seconds, cpuSeconds: this.api.cpuSeconds() - cpu };
  }

  private async ask(query: string): Promise<unknown> {
    const text = await this.api.askText(query);
    const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
    if (data == null || errors !== undefined) throw new Error(`${query}: ${text.slice(0, 500)}`);
    return data;
  }

  /** The slowest of some answers, and the CPU time of all. @param wanted seconds at most; `null`: no goal */
  private row(what: string, taken: readonly Taken[], wanted: number | null): BenchRow {
    const slowest = Math.max(...taken.map(({ seconds }) => seconds));
    const figures = {
      seconds: slowest,
      'CPU s': taken.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      'peak MB': Math.round(this.api.peakMegabytes()),
    };
    return { what, figures, goal: wanted === null ? null : secondsAtMost(what, slowest, wanted) };
  }
}

interface Page {
  readonly pageInfo: { readonly endCursor: string | null };
}
