import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { ClientBase } from 'pg';
import type { Address } from '../../address.js';
import { append } from '../../append.js';
import { askContract, type ContractAnswers } from '../../chain/collection/askContract.js';
import {
  collectionOperations,
  type WatchedContracts,
} from '../../chain/collection/collectionOperations.js';
import { collectionRecords, requestCollections } from '../../chain/collection/collectionSource.js';
import type { CollectionOperation } from '../../chain/collection/operation.js';
import { unplacedCalls } from '../../chain/collection/unplacedCalls.js';
import type { ChainNode } from '../../chain/node.js';
import type { FIELDS, SourceBlock } from '../../chain/reading/source.js';
import { placedRecord } from '../../chain/reading/tree/callTrees.js';
import type { TransactionRecord } from '../../chain/reading/tree/frames.js';
import { EMPTY_COLLECTION } from '../../ledger/collection.js';
import { readCollectionStates } from '../../store/read/collections/collectionStates.js';
import type { IndexedContract } from '../../store/registry/contracts.js';
import type { BookingTarget, CommitWork, Desk } from '../desks/desk.js';
import { BLOCKS_AT_ONCE, inTurns } from '../desks/inTurns.js';
import { ofContract } from '../holding/contractTrouble.js';
import { assertBookable, CollectionBook } from './collectionBook.js';
import { CollectionMemory } from './collectionMemory.js';

/** Owners, hashes and requests kept in memory over all collections before they are dropped. */
const MAX_REMEMBERED = 400_000;

interface BlockWork {
  readonly block: SourceBlock;
  readonly byCollection: ReadonlyMap<Address, CollectionOperation[]>;
  /** What each collection says about what was written into it. */
  readonly answers: ReadonlyMap<Address, ContractAnswers>;
}

/** Keeps the books of the ERC-7007 collections of a chain. */
export class CollectionDesk implements Desk {
  readonly startBlock: number;
  readonly contractNumbers: readonly number[];
  private readonly watched: WatchedContracts;
  private books: ReadonlyMap<Address, CollectionBook> = new Map();

  constructor(
    private readonly node: ChainNode,
    private readonly collections: readonly IndexedContract[],
    private readonly revenueTokens: readonly Address[],
  ) {
    this.startBlock = Math.min(...collections.map(({ startBlock }) => startBlock));
    this.contractNumbers = collections.map(({ number }) => number);
    this.watched = {
      collections: new Set(collections.map(({ address }) => address)),
      revenueTokens: new Set(revenueTokens),
    };
  }

  request(processor: EvmBatchProcessor<typeof FIELDS>): void {
    requestCollections(processor, this.collections, this.revenueTokens);
  }

  unplaced(block: SourceBlock): readonly TransactionRecord[] {
    return unplacedCalls(block, this.watched);
  }

  async open(db: ClientBase, height: number): Promise<void> {
    const states = await readCollectionStates(
      db,
      this.collections.map(({ number }) => ({ collectionNumber: number, block: height })),
    );
    this.books = new Map(
      this.collections.map((collection, index) => {
        const isNew = height < collection.startBlock;
        const memory = new CollectionMemory(collection.number, isNew);
        return [
          collection.address,
          new CollectionBook(collection, states[index] ?? EMPTY_COLLECTION, memory),
        ];
      }),
    );
  }

  async book(blocks: readonly SourceBlock[], target: BookingTarget): Promise<number> {
    const work = (
      await inTurns(blocks, BLOCKS_AT_ONCE, (block) => this.workIn(block, target.held))
    ).filter(({ byCollection }) => byCollection.size > 0);
    for (const [address, book] of this.books) {
      const all = work.flatMap(({ byCollection }) => byCollection.get(address) ?? []);
      await book.memory.load(target.db, all);
    }
    let operations = 0;
    for (const { block, byCollection, answers } of work) {
      const { height: number, hash, timestamp: timestampMs } = block.header;
      const timestamp = new Date(timestampMs).toISOString();
      const before = target.rows.size;
      for (const [address, found] of byCollection) {
        const said = answers.get(address) ?? new Map();
        await inBlock(address, block, () =>
          this.books.get(address)?.bookBlock({ number, timestamp }, found, said, target.rows),
        );
        operations += found.length;
      }
      if (target.rows.size > before) target.rows.block(target.chainId, number, hash, timestamp);
    }
    return operations;
  }

  takeCommitWork(): CommitWork {
    return async () => undefined;
  }

  get isLarge(): boolean {
    let size = 0;
    for (const { memory } of this.books.values()) size += memory.size;
    return size > MAX_REMEMBERED;
  }

  allCommitted(): void {
    if (!this.isLarge) return;
    for (const { memory } of this.books.values()) memory.clear();
  }

  /** What is to be booked of a block, with what the collections say about it. */
  private async workIn(block: SourceBlock, held: ReadonlySet<string>): Promise<BlockWork> {
    const byCollection = await this.operationsOf(block, held);
    const answers = new Map<Address, ContractAnswers>();
    for (const [address, found] of byCollection) {
      answers.set(address, await askContract(this.node, address, found, block.header.hash));
    }
    return { block, byCollection, answers };
  }

  /** What a block did to each collection; the node is asked only where calls are ambiguous. */
  private async operationsOf(
    block: SourceBlock,
    held: ReadonlySet<string>,
  ): Promise<Map<Address, CollectionOperation[]>> {
    const found = new Map<Address, CollectionOperation[]>();
    for (const record of collectionRecords(block, this.watched)) {
      let operations = collectionOperations(record, this.watched);
      if (operations === null) {
        const placed = await placedRecord(this.node, block, record);
        operations = collectionOperations(placed, this.watched) ?? new Map();
      }
      for (const [address, ofTransaction] of operations) {
        if (held.has(address)) continue;
        const before = found.get(address);
        if (before === undefined) found.set(address, [...ofTransaction]);
        else append(before, ofTransaction);
      }
    }
    for (const [address, operations] of found) {
      await inBlock(address, block, () => assertBookable(address, block.header.height, operations));
    }
    return found;
  }
}

function inBlock<T>(
  address: Address,
  { header }: SourceBlock,
  work: () => Promise<T> | T,
): Promise<T> {
  return ofContract({ kind: 'collection', address }, header.height, work);
}
