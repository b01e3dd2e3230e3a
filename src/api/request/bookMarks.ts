import { checksummed } from '../../address.js';
import { holdMark, holdsOn } from '../../books/holdMark.js';
import type { DisagreementRecord } from '../../store/read/audits/audits.js';
import { archivesIn } from '../marks/archives.js';
import { detachedIn } from '../marks/detached.js';
import { heldTokensIn } from '../marks/heldTokens.js';
import { pausesIn } from '../marks/pauses.js';
import { provisionalIn } from '../marks/provisional.js';
import { unreadIn } from '../marks/unread.js';
import type { ApiContext } from './context.js';

/**
 * What is wrong or unfinished in the books that an answer was read from; `null`: nothing is.
 *
 * `disagreements` lists what differs from the contract, `held` the contracts that are held, and `archived` those that
 * the config no longer names. Figures of a new token that were not compared with its contract yet are marked by
 * `unaudited`, tokens whose claims are paused at the block of the answer by `paused`, and tokens with money that no
 * frame shows, in blocks that are not final, by `provisional`. `unread` lists tokens whose holders an answer is
 * narrowed by kind or counted by kind, while the code of some has not been read.
 */
export async function bookMarks({ audits, books }: ApiContext) {
  const used = books.tokensUsed;
  const { disagreements, contractDisagreements, holds, archives, unaudited } = await audits.read(
    await heldTokensIn(books),
  );
  const ofTokens = [...used].flatMap((number) => disagreements.get(number) ?? []);
  const differing = [...ofTokens, ...contractDisagreements].map(markOf);
  const held = holdsOn(holds, used).map(holdMark);
  const archived = await archivesIn(books, archives);
  const pending = unaudited
    .filter(({ tokenNumber }) => used.has(tokenNumber))
    .map(({ chainId, token }) => ({ chainId, token: checksummed(token) }));
  const paused = await pausesIn(books);
  const provisional = await provisionalIn(books);
  const unread = await unreadIn(books);
  const apart = await detachedIn(books);
  const marks = [apart, differing, held, archived, pending, paused, provisional, unread];
  if (marks.every(({ length }) => length === 0)) return null;
  return {
    ...(apart.length === 0 ? {} : { detached: apart }),
    ...(differing.length === 0 ? {} : { disagreements: differing }),
    ...(held.length === 0 ? {} : { held }),
    ...(archived.length === 0 ? {} : { archived }),
    ...(pending.length === 0 ? {} : { unaudited: pending }),
    ...(paused.length === 0 ? {} : { paused }),
    ...(provisional.length === 0 ? {} : { provisional }),
    ...(unread.length === 0 ? {} : { unread }),
  };
}

function markOf({ tokenNumber: _, ours, contract, ...mark }: DisagreementRecord) {
  return { ...mark, ours: String(ours), contract: contract === null ? null : String(contract) };
}
