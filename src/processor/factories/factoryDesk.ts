import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { ClientBase } from 'pg';
import { type Address, checksummed } from '../../address.js';
import { type Creation, CreationReader } from '../../chain/factories/creations.js';
import type { ChainNode } from '../../chain/node.js';
import type { FIELDS, SourceBlock } from '../../chain/reading/source.js';
import { type FactoryConfig, factoryKey } from '../../config/factories/factories.js';
import { ImoError } from '../../errors.js';
import type { CreatedContract } from '../../store/registry/factories.js';
import type { CommitWork, Desk } from '../desks/desk.js';
import { CreationsChangedError } from './creationsChanged.js';

/** A factory and the block from which on its events are read. */
export interface WatchedFactory {
  readonly config: FactoryConfig;
  readonly startBlock: number;
}

/** Asks the processor for the events of factories. */
export function requestFactories(
  processor: EvmBatchProcessor<typeof FIELDS>,
  factories: readonly WatchedFactory[],
): void {
  for (const { config, startBlock } of factories) {
    const { factory, event } = config;
    const range = { from: startBlock };
    processor.addLog({ address: [factory], topic0: [event.topic], range });
  }
}

/**
 * Compares what factories log with the contracts that are known to be created, block by block, before any other
 * desk books the block. It keeps no books.
 */
export class FactoryDesk implements Desk {
  readonly startBlock: number;
  readonly contractNumbers: readonly number[] = [];
  readonly isLarge = false;
  private readonly reader: CreationReader;
  private readonly known: ReadonlyMap<Address, CreatedContract>;
  /** Of the known ones, by the block of the event. */
  private readonly byBlock = new Map<number, CreatedContract[]>();
  private readonly blocks: readonly number[];
  private bookedBlock: number | null = null;

  constructor(
    private readonly node: ChainNode,
    private readonly factories: readonly WatchedFactory[],
    created: readonly CreatedContract[],
    private readonly say: (line: string) => void,
    /** Known ones that could not be looked up, because the node did not have their block. */
    private readonly unseen: ReadonlySet<Address> = new Set(),
  ) {
    this.startBlock = Math.min(...factories.map(({ startBlock }) => startBlock));
    this.reader = new CreationReader(factories.map(({ config }) => config));
    const keys = new Set(factories.map(({ config }) => factoryKey(config)));
    const own = created.filter(({ factory }) => keys.has(factory));
    this.known = new Map(created.map((contract) => [contract.address, contract]));
    for (const contract of own) {
      this.byBlock.set(contract.block, [...(this.byBlock.get(contract.block) ?? []), contract]);
    }
    this.blocks = [...this.byBlock.keys()].sort((a, b) => a - b);
  }

  request(processor: EvmBatchProcessor<typeof FIELDS>): void {
    requestFactories(processor, this.factories);
  }

  /** @throws CreationsChangedError if the blocks that created some contracts were taken back */
  async open(_db: ClientBase, height: number): Promise<void> {
    const before = this.bookedBlock;
    this.bookedBlock = height;
    if (before === null || before <= height) return;
    const gone = this.blocks
      .filter((block) => block > height && block <= before)
      .flatMap((block) => this.byBlock.get(block) ?? []);
    if (gone.length === 0) return;
    throw new CreationsChangedError(height, [], addressesOf(gone));
  }

  /** @throws CreationsChangedError where the blocks show other creations than are known */
  async book(blocks: readonly SourceBlock[]): Promise<number> {
    const last = blocks.at(-1)?.header.height;
    if (last === undefined) return 0;
    const from = (this.bookedBlock ?? -1) + 1;
    this.assertSeen(from);
    const added = new Map<Address, Creation>();
    const gone: CreatedContract[] = [];
    let first = Number.POSITIVE_INFINITY;
    const delivered = new Set<number>();
    for (const { header, logs } of blocks) {
      const { height: number, hash } = header;
      delivered.add(number);
      const expected = this.byBlock.get(number) ?? [];
      if (logs.length === 0 && expected.length === 0) continue;
      const found = this.creationsIn(logs, { number, hash }, added);
      const lost = expected.filter((one) => !found.some((creation) => isSame(creation, one)));
      const fresh = found.filter(
        (creation) =>
          this.unseen.has(creation.address) || !isSame(creation, this.known.get(creation.address)),
      );
      if (lost.length + fresh.length > 0) first = Math.min(first, number);
      gone.push(...lost);
      for (const creation of fresh) added.set(creation.address, creation);
    }
    for (const block of this.blocks) {
      if (block < from || block > last || delivered.has(block)) continue;
      const lost = await this.missing(block);
      if (lost.length > 0) first = Math.min(first, block);
      gone.push(...lost);
    }
    if (first !== Number.POSITIVE_INFINITY) {
      // Also what was known to be created in a later block than it was.
      const replaced = [...added.keys()].filter((address) => this.known.has(address));
      const forgotten = new Set([...addressesOf(gone), ...replaced]);
      throw new CreationsChangedError(first - 1, [...added.values()], [...forgotten]);
    }
    this.bookedBlock = last;
    return 0;
  }

  /** @throws CreationsChangedError once the node has the blocks of contracts that were not looked up */
  private assertSeen(from: number): void {
    const late = [...this.known.values()].filter(
      ({ address, block }) => this.unseen.has(address) && block < from,
    );
    if (late.length > 0) throw new CreationsChangedError(from - 1, late, []);
  }

  /** What a block creates: the first event that names a contract counts. */
  private creationsIn(
    logs: SourceBlock['logs'],
    block: { readonly number: number; readonly hash: string },
    earlier: ReadonlyMap<Address, Creation>,
  ): Creation[] {
    const { creations, unreadable } = this.reader.read(logs, block);
    if (unreadable > 0) this.say(unreadableText(unreadable, `block ${block.number}`));
    const found = new Map<Address, Creation>();
    for (const creation of creations) {
      const known = this.known.get(creation.address);
      const isLater = known !== undefined && known.block < block.number;
      if (isLater || earlier.has(creation.address) || found.has(creation.address)) continue;
      found.set(creation.address, creation);
    }
    return [...found.values()];
  }

  /**
   * What a block that was not delivered should have created.
   *
   * @throws ImoError `RPC_BOOKS_DIFFER` if the node shows its log: a source left the block out
   */
  private async missing(block: number): Promise<readonly CreatedContract[]> {
    const expected = this.byBlock.get(block) ?? [];
    for (const { config } of this.factories) {
      const { factory, event } = config;
      const logs = await this.node.logs(factory, event.topic, { from: block, to: block });
      if (logs.length === 0) continue;
      throw new ImoError(
        'RPC_BOOKS_DIFFER',
        `factory ${checksummed(factory)} logged a creation in block ${block}, which was not delivered`,
        'Nothing was committed. A source left something out, so the indexer reads these blocks again, one by one.',
      );
    }
    return expected;
  }

  takeCommitWork(): CommitWork {
    return async () => undefined;
  }

  allCommitted(): void {}
}

/** For warnings and errors. */
export function unreadableText(count: number, where: string): string {
  return `${count} events of factories in ${where} have other fields than the config says; nothing is indexed by them`;
}

function isSame(creation: Creation, known: CreatedContract | undefined): boolean {
  return (
    known !== undefined &&
    known.block === creation.block &&
    known.blockHash === creation.blockHash.toLowerCase() &&
    known.factory === creation.factory &&
    known.soldToken === creation.soldToken
  );
}

function addressesOf(contracts: readonly CreatedContract[]): Address[] {
  return contracts.map(({ address }) => address);
}
