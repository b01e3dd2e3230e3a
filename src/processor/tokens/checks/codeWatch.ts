import type { Address } from '../../../address.js';
import {
  type CodePath,
  codeChanges,
  delegates,
  readCodePaths,
  type SeenPath,
} from '../../../chain/contract/codePath.js';
import { assertSamePolicy } from '../../../chain/contract/upgrade.js';
import type { BlockHeader, ChainNode } from '../../../chain/node.js';
import type { BookingTarget } from '../../desks/desk.js';
import { ContractTroubleError, ofContract } from '../../holding/contractTrouble.js';
import type { TokenBook } from '../book/tokenBook.js';
import { TermsChangedError } from '../terms/termsChanged.js';
import { rehearseChange } from './rehearseChange.js';

/** What a rehearsal reads of the books, and where it is noted. */
type Target = Pick<BookingTarget, 'db' | 'rows'>;

/**
 * Notices that a token runs other code although no log of the token shows it: the beacon of a proxy
 * names other code, or a proxy logs nothing. It treats each such change like a logged one.
 */
export class CodeWatch {
  /** Tokens that may run code of another contract, with what was seen last of each way to find out. */
  private readonly seen = new Map<Address, Map<CodePath['by'], SeenPath>>();
  /** Tokens whose code stays as it is. */
  private readonly fixed = new Set<Address>();
  private openedAt = -1;

  /** @param say takes a line about code that was not rehearsed */
  constructor(
    private readonly node: ChainNode,
    private readonly say: (line: string) => void,
  ) {}

  /** @param height the block from whose end the books continue */
  open(height: number): void {
    this.seen.clear();
    this.openedAt = height;
  }

  /**
   * Compares what tokens run with what they ran before. The books are at the end of the block.
   *
   * @throws ContractTroubleError `TOKEN_UPGRADED` from the block of the change on; TermsChangedError
   *   where there were several: the blocks from the first of them on are to be read again
   */
  async check(books: readonly TokenBook[], header: BlockHeader, target: Target): Promise<void> {
    const { number } = header;
    const deployed = books.filter(({ token }) => token.startBlock < number);
    await this.getToKnow(deployed, number);
    const watched = deployed.filter(({ token }) => this.seen.has(token.address));
    const addresses = watched.map(({ token }) => token.address);
    const paths = await readCodePaths(this.node, addresses, number);
    for (const [index, book] of watched.entries()) {
      const path = paths[index] ?? null;
      if (path === null) continue;
      const now = { ...path, block: number };
      const before = this.note(book.token.address, now);
      if (before === null || before.value === now.value) continue;
      const changes = await codeChanges(this.node, book.token.address, before, now);
      await this.assertSame(book, changes, header, target);
    }
  }

  /** Asks ahead for what `check` will ask first. */
  async foresee(ahead: ChainNode, books: readonly TokenBook[], number: number): Promise<void> {
    const deployed = books.filter(({ token }) => token.startBlock < number);
    const addresses = deployed.map(({ token: { address } }) => address);
    const watched = addresses.filter((address) => this.seen.has(address));
    await Promise.all([
      readCodePaths(ahead, watched, number),
      ...addresses
        .filter((address) => !this.fixed.has(address) && !this.seen.has(address))
        .map((address) => ahead.code(address, number)),
    ]);
  }

  /** The change in a block was logged, and handled. */
  async renew({ token: { address } }: TokenBook, { number }: BlockHeader): Promise<void> {
    const [path = null] = await readCodePaths(this.node, [address], number);
    if (path === null) return;
    if (!this.seen.has(address)) this.seen.set(address, new Map());
    this.note(address, { ...path, block: number });
  }

  /** Finds out which tokens can run other code, and what they ran where the books began. */
  private async getToKnow(books: readonly TokenBook[], number: number): Promise<void> {
    const unknown = books.filter(
      ({ token: { address } }) => !this.fixed.has(address) && !this.seen.has(address),
    );
    const codes = await Promise.all(
      unknown.map(({ token }) => this.node.code(token.address, number)),
    );
    for (const [index, { token }] of unknown.entries()) {
      const { address } = token;
      if (!delegates(codes[index] ?? '0x')) {
        this.fixed.add(address);
        continue;
      }
      this.seen.set(address, new Map());
      const block = Math.max(token.startBlock, this.openedAt);
      const [path = null] = block < number ? await readCodePaths(this.node, [address], block) : [];
      if (path !== null) this.note(address, { ...path, block });
    }
  }

  /** @returns what was seen before in the same way */
  private note(address: Address, path: SeenPath): SeenPath | null {
    const known = this.seen.get(address);
    const before = known?.get(path.by) ?? null;
    known?.set(path.by, path);
    return before;
  }

  /**
   * Only the state of the last block is at hand. Where the code was changed several times since, any of
   * the changes may be to blame for a difference: from the first on each is rehearsed in its block then.
   */
  private async assertSame(
    book: TokenBook,
    [first, ...others]: readonly number[],
    header: BlockHeader,
    target: Target,
  ): Promise<void> {
    if (first === undefined) return;
    const { address } = book.token;
    const changed = await this.node.blockHeader(first);
    const rehearsal = ofContract(
      { kind: 'token', address },
      first,
      async () => {
        await assertSamePolicy(this.node, book.subject, changed);
        await rehearseChange(this.node, book, header, target, this.say, first);
      },
      first - 1,
    );
    await rehearsal.catch((error: unknown) => {
      if (others.length === 0 || !(error instanceof ContractTroubleError)) throw error;
      throw new TermsChangedError(address, first, error);
    });
  }
}
