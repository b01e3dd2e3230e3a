import { checksummed } from '../../../address.js';
import type { BlockHeader, ChainNode } from '../../../chain/node.js';
import { rehearseFrom } from '../../../chain/rehearsal/rehearse.js';
import { ImoError } from '../../../errors.js';
import { rehearsalDifference } from '../../../ledger/rehearsal.js';
import { appendCodeRehearsal } from '../../../store/write/codeRehearsals.js';
import type { BookingTarget } from '../../desks/desk.js';
import type { TokenBook } from '../book/tokenBook.js';
import { largeHolders } from './largeHolders.js';

/**
 * Rehearses a token on its real state after its code was changed, before a commit: the new code may
 * keep every getter and follow another rule. Where the node cannot do it, that is said and written down;
 * payments, snapshot proofs and audits are the proof then.
 *
 * @param say takes a line about what was not rehearsed
 * @param changedIn the block that changed the code, at or before the one whose state is taken
 * @throws ImoError `TOKEN_UPGRADED` naming the figure that differs
 */
export async function rehearseChange(
  node: ChainNode,
  book: TokenBook,
  { number, timestampMs }: BlockHeader,
  { db, rows }: Pick<BookingTarget, 'db' | 'rows'>,
  say: (line: string) => void,
  changedIn = number,
): Promise<void> {
  const { rules } = book;
  const { address, assets } = book.token;
  const { sharesEth } = rules.policy;
  const [asset = null] = sharesEth ? [] : assets;
  const pools = sharesEth ? book.state : (book.assetBooks[0]?.state ?? null);
  const [largest] = (await largeHolders(db, book)).filter(({ account }) => account !== address);
  const tokenNumber = book.token.number;
  const tell = (reason: string) => {
    appendCodeRehearsal(rows, { tokenNumber, block: changedIn, reason });
    say(
      `The code of ${checksummed(address)} was changed in block ${changedIn}, and the new code is not ` +
        `rehearsed in full: ${reason}. Payments, snapshots and audits are the proof of its policy.`,
    );
  };
  if (book.state.supply === 0n) return tell('it had no supply');
  if (!sharesEth && asset === null) return tell('it shared no asset');
  if (largest === undefined) return tell('nobody but the token itself holds any of it');
  const actors = {
    holder: largest.account,
    supply: book.state.supply,
    held: largest.balance,
    time: Math.floor(timestampMs / 1000),
    block: number,
    pools,
  };
  let isWhole = true;
  const tellPart = (reason: string) => {
    isWhole = false;
    tell(reason);
  };
  const rehearsal = await rehearseFrom(node, address, actors, tellPart, asset);
  const difference = rehearsal === null ? null : rehearsalDifference(rules, rehearsal);
  if (difference === null) {
    if (isWhole) appendCodeRehearsal(rows, { tokenNumber, block: changedIn, reason: null });
    return;
  }
  throw new ImoError(
    'TOKEN_UPGRADED',
    `the code of ${checksummed(address)} was changed in block ${changedIn}, and in a rehearsal on its ` +
      `state of ${number === changedIn ? 'that block' : `block ${number}`}, ${difference}`,
    'The new code does not follow the policy of the books, which are correct up to the block before. Take the token out of the config, or add a policy for it (CONTRIBUTING.md).',
  );
}
