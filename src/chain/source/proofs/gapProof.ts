import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { FinderKind } from '../../../config/source/finderKinds.js';
import type { KnownBalances } from '../../knownBalances.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';
import { gapsBetween } from '../finders/state.js';
import { mapCheckedBlock } from '../mapBlocks.js';
import type { MappedBlock, ProofKind } from '../mappedBlock.js';
import type { BlockReader, ReadBlock } from '../reader.js';
import { loggedAddresses, tracedAddresses, wantedOf } from '../wanted.js';
import { explains, isConcerned, WatchedIndex } from './flows.js';
import { changesIn } from './stateChanges.js';
import type { StateReads, Watched } from './stateReads.js';

/** A block that was found, read and checked, as the processor gets it. */
export interface DeliveredBlock extends ReadBlock {
  readonly mapped: MappedBlock;
}

export interface ProvenBlocks {
  readonly blocks: readonly DeliveredBlock[];
  readonly proof: ProofKind;
}

export interface GapProofOptions {
  readonly reader: BlockReader;
  readonly states: StateReads;
  /** Units of assets that contracts hold. */
  readonly assets: () => readonly Watched[];
  readonly onWarning: (line: string) => void;
  /** Booking the blocks need not ask for these balances again. */
  readonly knownBalances?: KnownBalances | undefined;
}

/** Changes that nothing wanted in the block explains, before what changes is let be. */
const UNEXPLAINED_AT_MOST = 8;

/**
 * Proves that nothing is missing between the blocks of a range that were found, nor inside of
 * them: what each contract has after a block that concerns it, it still has before the next one.
 * What does not agree is bisected, read in full and reported.
 */
export class GapProof {
  /** Of assets whose balances change by themselves, and contracts that write without a wanted log. */
  private readonly unexplained = new Map<string, number>();

  constructor(private readonly options: GapProofOptions) {}

  /**
   * Asks what the proof of blocks will compare, before they are read: of one contract alone, every
   * block that a finder found concerns it. Of several, only the blocks tell.
   */
  async foresee(
    { from, to }: BlockRange,
    heights: readonly number[],
    request: MappingRequest,
  ): Promise<void> {
    const { states } = this.options;
    const accounts = this.watched(request).filter(({ kind }) => kind === 'account');
    const [only, ...others] = accounts;
    if (only === undefined || others.length > 0 || states.oldState === 'missing') return;
    const questions = gapsBetween(only, from, to, heights)
      .filter(({ low, high }) => low <= high)
      .flatMap(({ watched, low, high }) => [
        { watched, block: low },
        { watched, block: high },
      ]);
    await states.read(questions);
  }

  async prove(
    range: BlockRange,
    read: readonly ReadBlock[],
    request: MappingRequest,
    finder: FinderKind,
  ): Promise<ProvenBlocks> {
    const blocks = new Map(
      read.map((one) => [
        one.block.height,
        { ...one, mapped: mapCheckedBlock(one.block, request) },
      ]),
    );
    const { states } = this.options;
    const watched = this.watched(request);
    if (states.oldState === 'missing') return { blocks: sorted(blocks), proof: 'audit' };
    const ordered = sorted(blocks);
    const index = new WatchedIndex(watched);
    const heights = new Map<Watched, number[]>();
    for (const { block, mapped } of ordered) {
      for (const one of index.concernedIn(mapped)) {
        const known = heights.get(one);
        if (known === undefined) heights.set(one, [block.height]);
        else known.push(block.height);
      }
    }
    const gaps = watched.flatMap((one) =>
      gapsBetween(one, range.from, range.to, heights.get(one) ?? []),
    );
    const changes = await changesIn(states, gaps);
    if (changes === null) return { blocks: sorted(blocks), proof: 'audit' };
    const missed = new Map<number, Watched[]>();
    for (const { block, watched: one } of changes) {
      missed.set(block, [...(missed.get(block) ?? []), one]);
    }
    const torn = await this.unexplainedBlocks(sorted(blocks), index);
    await this.readWhole([...missed.keys(), ...torn], blocks, request, finder);
    this.note(missed, blocks);
    await this.handOver(sorted(blocks), index);
    const proof = states.oldState === 'proofs' ? 'state' : 'balance';
    return { blocks: sorted(blocks), proof };
  }

  /** The states at the ends of these blocks were just compared: they are remembered. */
  private async handOver(blocks: readonly DeliveredBlock[], index: WatchedIndex): Promise<void> {
    const { knownBalances, states } = this.options;
    if (knownBalances === undefined) return;
    const own = blocks.flatMap(({ block, mapped }) =>
      [...index.concernedIn(mapped)]
        .filter(({ kind }) => kind === 'account')
        .map((watched) => ({ watched, block: block.height, hash: mapped.header.hash })),
    );
    const answers = (await states.read(own)) ?? [];
    for (const [at, { watched, hash }] of own.entries()) {
      const state = answers[at];
      if (state !== undefined) knownBalances.add(watched.address, hash, state.balance);
    }
  }

  private watched({ dataRequest }: MappingRequest): Watched[] {
    const wanted = wantedOf(dataRequest);
    const addresses = tracedAddresses(wanted);
    const traced = new Set(addresses);
    const assets = this.options.assets().filter((one) => traced.has(one.address));
    // A balance alone does not tell whether something was logged.
    const emitters = this.options.states.oldState === 'proofs' ? loggedAddresses(wanted) : [];
    const others = [
      ...emitters.map((address): Watched => ({ kind: 'emitter', address })),
      ...assets,
    ].filter((one) => !this.isLetBe(one));
    return [...addresses.map((address): Watched => ({ kind: 'account', address })), ...others];
  }

  /** Blocks of which not all transactions were read, and those that were do not explain its end. */
  private async unexplainedBlocks(
    blocks: readonly DeliveredBlock[],
    index: WatchedIndex,
  ): Promise<number[]> {
    const partial = blocks.filter(({ isWhole }) => !isWhole);
    const checks = partial.flatMap(({ block: { height }, mapped }) =>
      [...index.concernedIn(mapped)]
        .filter(({ kind }) => kind === 'account')
        .map((one) => ({ height, mapped, watched: one })),
    );
    const questions = checks.flatMap(({ height, watched: one }) => [
      { watched: one, block: height - 1 },
      { watched: one, block: height },
    ]);
    const answers = (await this.options.states.read(questions)) ?? [];
    const torn = new Set<number>();
    for (const [at, { height, mapped, watched: one }] of checks.entries()) {
      const [before, after] = [answers[2 * at], answers[2 * at + 1]];
      if (before === undefined || after === undefined) continue;
      if (!explains(mapped, one.address, before, after)) torn.add(height);
    }
    return [...torn];
  }

  /** Reads blocks with all of their transactions, and reports what had been left out. */
  private async readWhole(
    heights: readonly number[],
    blocks: Map<number, DeliveredBlock>,
    request: MappingRequest,
    finder: FinderKind,
  ): Promise<void> {
    const left = [...new Set(heights)].filter((height) => blocks.get(height)?.isWhole !== true);
    if (left.length === 0) return;
    const questions = left.map((height) => ({ height, transactions: null }));
    for (const one of await this.options.reader.read(questions, request)) {
      const { height } = one.block;
      const mapped = mapCheckedBlock(one.block, request);
      const before = blocks.get(height)?.mapped;
      blocks.set(height, { ...one, mapped });
      const more = itemsOf(mapped) - (before === undefined ? 0 : itemsOf(before));
      if (more <= 0) continue;
      this.options.onWarning(
        `${finder} left out ${before === undefined ? 'block' : 'a transaction of block'} ${height}, ` +
          'which concerns a contract; a comparison of states found it, and it was read',
      );
    }
  }

  private note(
    missed: ReadonlyMap<number, readonly Watched[]>,
    blocks: ReadonlyMap<number, DeliveredBlock>,
  ): void {
    for (const [height, watched] of missed) {
      const mapped = blocks.get(height)?.mapped;
      for (const one of watched) {
        if (one.kind === 'account' || (mapped !== undefined && isConcerned(mapped, one))) continue;
        this.unexplained.set(keyOf(one), (this.unexplained.get(keyOf(one)) ?? 0) + 1);
        if (!this.isLetBe(one)) continue;
        this.options.onWarning(
          one.kind === 'asset'
            ? `the balance of ${one.address} in ${one.asset} changes by itself; it no longer tells whether a block is missing`
            : `the storage of ${one.address} changes without the logs that are wanted of it; it no longer tells whether a block is missing`,
        );
      }
    }
  }

  private isLetBe(one: Watched): boolean {
    return (this.unexplained.get(keyOf(one)) ?? 0) >= UNEXPLAINED_AT_MOST;
  }
}

function keyOf(one: Watched): string {
  return one.kind === 'asset' ? `${one.asset} ${one.address}` : one.address;
}

function itemsOf({ logs, traces }: MappedBlock): number {
  return logs.length + traces.length;
}

function sorted(blocks: ReadonlyMap<number, DeliveredBlock>): DeliveredBlock[] {
  return [...blocks.values()].sort((a, b) => a.block.height - b.block.height);
}
