import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import type { CollectionOperation } from '../../chain/collection/operation.js';
import { NOBODY } from '../../ledger/collection.js';
import type { SqlClient } from '../../store/database/sqlClient.js';

/** Who owns a token; `isKnown`: it was minted before, if only to be burned. */
export interface TokenOwner {
  readonly owner: string;
  readonly isKnown: boolean;
}

const NEVER_SEEN: TokenOwner = { owner: NOBODY, isKnown: false };

/**
 * What booking needs to know of a collection's past: owners, contents and requests. Holds
 * all that is not committed yet; the rest is read when it is needed.
 */
export class CollectionMemory {
  private readonly owners = new Map<bigint, TokenOwner>();
  private readonly contents = new Map<string, boolean>();
  /** The model of a request; `null` where requests of one id contradict each other. */
  private readonly models = new Map<string, bigint | null | undefined>();
  /** Requests that the collection itself made. */
  private readonly own = new Set<string>();

  constructor(
    private readonly collectionNumber: number,
    /** There is no row of the collection in the database that is not here too. */
    private isComplete: boolean,
  ) {}

  get size(): number {
    return this.owners.size + this.contents.size + this.models.size;
  }

  ownerOf(tokenId: bigint): TokenOwner {
    return this.owners.get(tokenId) ?? NEVER_SEEN;
  }

  setOwner(tokenId: bigint, owner: Address): void {
    this.owners.set(tokenId, { owner, isKnown: true });
  }

  hasContent(hash: string): boolean {
    return this.contents.get(hash) ?? false;
  }

  addContent(hash: string): void {
    this.contents.set(hash, true);
  }

  /** `undefined`: there is no such request; `null`: several that name different models. */
  modelOf(oracle: Address, requestId: bigint): bigint | null | undefined {
    return this.models.get(requestKey(oracle, requestId));
  }

  /** Whether the collection itself asked the oracle for this. */
  isOwn(oracle: Address, requestId: bigint): boolean {
    return this.own.has(requestKey(oracle, requestId));
  }

  addRequest(oracle: Address, requestId: bigint, modelId: bigint, isOwn: boolean): void {
    const key = requestKey(oracle, requestId);
    if (isOwn) this.own.add(key);
    const known = this.models.get(key);
    this.models.set(key, known === undefined || known === modelId ? modelId : null);
  }

  /** Makes the questions that booking these operations asks answerable. */
  async load(db: SqlClient, operations: readonly CollectionOperation[]): Promise<void> {
    if (this.isComplete) return;
    await this.loadOwners(db, tokensOf(operations));
    await this.loadContents(db, operations);
    await this.loadModels(db, operations);
  }

  /** Forgets everything; only allowed when all of it is committed. */
  clear(): void {
    this.owners.clear();
    this.contents.clear();
    this.models.clear();
    this.own.clear();
    this.isComplete = false;
  }

  private async loadOwners(db: SqlClient, tokens: Iterable<bigint>): Promise<void> {
    const unknown = [...new Set(tokens)].filter((tokenId) => !this.owners.has(tokenId));
    if (unknown.length === 0) return;
    const { rows } = await db.query<{ token_id: string; to: Buffer }>({
      name: 'newest-token-owners',
      text: `SELECT wanted.token_id, newest."to"
        FROM unnest($2::numeric[]) AS wanted (token_id)
        CROSS JOIN LATERAL (
          SELECT "to" FROM aigc_transfer
          WHERE collection_number = $1 AND token_id = wanted.token_id
          ORDER BY id DESC LIMIT 1
        ) AS newest`,
      values: [this.collectionNumber, unknown.map(String)],
    });
    for (const tokenId of unknown) this.owners.set(tokenId, NEVER_SEEN);
    for (const row of rows) this.setOwner(BigInt(row.token_id), addressFromBytes(row.to));
  }

  private async loadContents(
    db: SqlClient,
    operations: readonly CollectionOperation[],
  ): Promise<void> {
    const hashes = operations.flatMap((one) => (one.kind === 'content' ? [one.hash] : []));
    const unknown = [...new Set(hashes)].filter((hash) => !this.contents.has(hash));
    if (unknown.length === 0) return;
    const { rows } = await db.query<{ hash: Buffer }>({
      name: 'known-contents',
      text: `SELECT hash FROM aigc_content WHERE collection_number = $1 AND hash = ANY($2)`,
      values: [this.collectionNumber, unknown.map((hash) => Buffer.from(hash.slice(2), 'hex'))],
    });
    for (const hash of unknown) this.contents.set(hash, false);
    for (const { hash } of rows) this.addContent(`0x${hash.toString('hex')}`);
  }

  private async loadModels(
    db: SqlClient,
    operations: readonly CollectionOperation[],
  ): Promise<void> {
    const wanted = new Map<string, { oracle: Address; requestId: bigint }>();
    for (const { oracle, requestId } of operations.flatMap(requestsNamed)) {
      const key = requestKey(oracle, requestId);
      if (!this.models.has(key)) wanted.set(key, { oracle, requestId });
    }
    if (wanted.size === 0) return;
    const { rows } = await db.query<{
      oracle: Buffer;
      request_id: string;
      model_id: string;
      is_own: boolean;
    }>({
      name: 'models-of-requests',
      text: `SELECT DISTINCT r.oracle, r.request_id, r.model_id, r.is_own
        FROM unnest($2::bytea[], $3::numeric[]) AS wanted (oracle, request_id)
        JOIN aigc_request r ON r.collection_number = $1
          AND r.oracle = wanted.oracle AND r.request_id = wanted.request_id`,
      values: [
        this.collectionNumber,
        [...wanted.values()].map(({ oracle }) => addressBytes(oracle)),
        [...wanted.values()].map(({ requestId }) => String(requestId)),
      ],
    });
    for (const key of wanted.keys()) this.models.set(key, undefined);
    for (const row of rows) {
      const oracle = addressFromBytes(row.oracle);
      this.addRequest(oracle, BigInt(row.request_id), BigInt(row.model_id), row.is_own);
    }
  }
}

function* tokensOf(operations: readonly CollectionOperation[]): Generator<bigint> {
  for (const operation of operations) {
    if (operation.kind !== 'transfer') continue;
    const { firstTokenId, lastTokenId } = operation;
    for (let tokenId = firstTokenId; tokenId <= lastTokenId; tokenId++) yield tokenId;
  }
}

/** The requests whose model decides how an operation is booked. */
function requestsNamed(operation: CollectionOperation): { oracle: Address; requestId: bigint }[] {
  if (operation.kind === 'request') return [operation];
  const entry = operation.kind === 'data' || operation.kind === 'content' ? operation.entry : null;
  return (entry?.answers ?? []).map(({ caller, firstArgument }) => {
    return { oracle: caller, requestId: firstArgument };
  });
}

function requestKey(oracle: Address, requestId: bigint): string {
  return `${oracle} ${requestId}`;
}
