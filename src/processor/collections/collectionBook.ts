import { type Address, checksummed } from '../../address.js';
import { type ContractAnswers, NOTHING_ASKED } from '../../chain/collection/askContract.js';
import type {
  CollectionOperation,
  DataWritten,
  Entry,
  MintPayment,
  TokensMoved,
} from '../../chain/collection/operation.js';
import { hashOfId } from '../../chain/collection/tokenIds.js';
import { ImoError } from '../../errors.js';
import {
  applyMintPayment,
  applyMintRevenue,
  applyTokenMove,
  type CollectionState,
  contentVerdictOf,
  promptVerdictOf,
} from '../../ledger/collection.js';
import { LedgerError } from '../../ledger/errors.js';
import type { IndexedContract } from '../../store/registry/contracts.js';
import { type CollectionPlace, collectionRows } from '../../store/write/rows/collectionRows.js';
import type { RowBuffer } from '../../store/write/rows/rowBuffer.js';
import type { BookedBlock } from '../tokens/book/tokenBook.js';
import type { CollectionMemory } from './collectionMemory.js';

/** Positions of a block that a row can have: the last one is that of the block itself. */
const LAST_POSITION = 999_998;

/** A request that a content answers. */
interface AnsweredRequest {
  readonly oracle: Address;
  readonly requestId: bigint;
  /** `null`: requests of this id name different models. */
  readonly modelId: bigint | null;
}

/** The running books of one collection: its totals, and what is known of its past. */
export class CollectionBook {
  private position = 0;
  private answers: ContractAnswers = new Map();
  /** Row ids of the payments of the block. */
  private payments = new Map<MintPayment, string>();

  constructor(
    readonly collection: IndexedContract,
    private state: CollectionState,
    readonly memory: CollectionMemory,
  ) {}

  /** Books what one block did to the collection, in the given order. */
  bookBlock(
    block: BookedBlock,
    operations: readonly CollectionOperation[],
    answers: ContractAnswers,
    rows: RowBuffer,
  ): void {
    const before = this.state;
    this.answers = answers;
    this.position = 0;
    this.payments = new Map();
    for (const operation of operations) {
      try {
        this.book(block, operation, rows);
      } catch (error) {
        throw this.explained(error, block, operation);
      }
    }
    if (this.state === before) return;
    const { number: collectionNumber } = this.collection;
    const place = { collectionNumber, blockNumber: block.number, timestamp: block.timestamp };
    collectionRows.version(rows, place, this.state);
  }

  private book(block: BookedBlock, operation: CollectionOperation, rows: RowBuffer): void {
    switch (operation.kind) {
      case 'content': {
        if (this.memory.hasContent(operation.hash)) return;
        this.memory.addContent(operation.hash);
        const { hash, bytes, seenIn, entry } = operation;
        const isFromOracle = seenIn === 'call' && this.requestOf(entry) !== null;
        const source = isFromOracle ? 'oracle' : seenIn;
        collectionRows.content(rows, this.place(block, operation), {
          hash,
          source,
          content: bytes,
        });
        return;
      }
      case 'request':
        this.memory.addRequest(
          operation.oracle,
          operation.requestId,
          operation.modelId,
          operation.isOwn,
        );
        collectionRows.request(rows, this.place(block, operation), operation);
        return;
      case 'payment': {
        this.state = applyMintPayment(this.state, operation.paidWei);
        const id = collectionRows.payment(rows, this.place(block, operation), operation);
        this.payments.set(operation, id);
        return;
      }
      case 'transfer':
        this.bookTransfer(block, operation, rows);
        return;
      case 'data':
        this.bookData(block, operation, rows);
        return;
      case 'revenue':
        this.state = applyMintRevenue(this.state, operation.amountWei, operation.isInside);
        collectionRows.revenue(rows, this.place(block, operation), {
          ...operation,
          paymentId: this.idOf(operation.payment),
        });
    }
  }

  /** Each token of a range gets a row of its own: owners differ from the next transfer on. */
  private bookTransfer(block: BookedBlock, operation: TokensMoved, rows: RowBuffer): void {
    const { from, to, logIndex, payment } = operation;
    const paymentId = this.idOf(payment);
    for (let tokenId = operation.firstTokenId; tokenId <= operation.lastTokenId; tokenId++) {
      const { owner, isKnown } = this.memory.ownerOf(tokenId);
      this.state = applyTokenMove(this.state, owner, { tokenId, from, to });
      const place = this.place(block, operation);
      if (!isKnown) collectionRows.token(rows, place, { tokenId, idHash: hashOfId(tokenId) });
      this.memory.setOwner(tokenId, to);
      collectionRows.transfer(rows, place, { logIndex, tokenId, from, to, paymentId });
    }
  }

  private bookData(block: BookedBlock, operation: DataWritten, rows: RowBuffer): void {
    const { logIndex, tokenId, event, prompt, aigcData, proof, uri, entry } = operation;
    const request = this.requestOf(entry);
    const facts = {
      ...(this.answers.get(operation) ?? NOTHING_ASKED),
      tokenId,
      promptHash: prompt.hash,
      isOwnAnswer: this.isOwnAnswer(entry),
      isMintCall: operation.isMintCall,
    };
    collectionRows.data(rows, this.place(block, operation), {
      logIndex,
      tokenId,
      event,
      promptHash: prompt.hash,
      aigcDataHash: aigcData.hash,
      proof,
      uri,
      writer: entry.caller,
      oracle: request?.oracle ?? null,
      requestId: request?.requestId ?? null,
      modelId: request?.modelId ?? null,
      promptVerdict: promptVerdictOf(facts),
      contentVerdict: contentVerdictOf(facts),
    });
  }

  /** The oracle itself called, with a request that the collection itself made. */
  private isOwnAnswer({ caller, answers }: Entry): boolean {
    const [call] = answers;
    return call?.caller === caller && this.memory.isOwn(caller, call.firstArgument);
  }

  /**
   * The request that a call answers, itself or through a contract that passes the result
   * on: the caller is the oracle, the first argument the request's id.
   */
  private requestOf(entry: Entry | null): AnsweredRequest | null {
    for (const { caller, firstArgument: requestId } of entry?.answers ?? []) {
      const modelId = this.memory.modelOf(caller, requestId);
      if (modelId !== undefined) return { oracle: caller, requestId, modelId };
    }
    return null;
  }

  private idOf(payment: MintPayment | null): string | null {
    return payment === null ? null : (this.payments.get(payment) ?? null);
  }

  private place(block: BookedBlock, operation: CollectionOperation): CollectionPlace {
    if (this.position > LAST_POSITION) throw tooMany(this.collection.address, block.number);
    return {
      collectionNumber: this.collection.number,
      blockNumber: block.number,
      timestamp: block.timestamp,
      position: this.position++,
      transactionHash: operation.transactionHash,
      transactionIndex: operation.transactionIndex,
    };
  }

  private explained(error: unknown, block: BookedBlock, operation: CollectionOperation): unknown {
    if (!(error instanceof LedgerError)) return error;
    return new ImoError(
      error.code,
      `${error.message} (${operation.kind} of collection ${checksummed(this.collection.address)} ` +
        `in block ${block.number}, transaction ${operation.transactionHash})`,
      error.hint,
      { cause: error },
    );
  }
}

/** @throws ImoError `COLLECTION_BLOCK_TOO_LARGE` for a range that no block has room for. */
export function assertBookable(
  address: Address,
  blockNumber: number,
  operations: readonly CollectionOperation[],
): void {
  let tokens = 0n;
  for (const operation of operations) {
    if (operation.kind !== 'transfer') continue;
    tokens += operation.lastTokenId - operation.firstTokenId + 1n;
  }
  if (tokens > BigInt(LAST_POSITION)) throw tooMany(address, blockNumber);
}

function tooMany(address: Address, blockNumber: number): ImoError {
  return new ImoError(
    'COLLECTION_BLOCK_TOO_LARGE',
    `block ${blockNumber} moves more than ${LAST_POSITION} tokens of collection ${checksummed(address)}`,
    'Each token has its own rows, and a block has room for that many only. Remove the collection from the config.',
  );
}
