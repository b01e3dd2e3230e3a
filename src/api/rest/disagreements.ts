import { holdMark, holdsOn } from '../../books/holdMark.js';
import { archivesIn } from '../marks/archives.js';
import { heldTokensIn } from '../marks/heldTokens.js';
import type { ApiContext } from '../request/context.js';
import { addressOut } from './fields.js';

/**
 * Figures of the tokens that an answer was read from on which their contracts do not agree with
 * the books, and those of oracles and collections: without them an answer may seem right.
 */
export async function disagreementsIn({ audits, books }: ApiContext) {
  const { disagreements, contractDisagreements } = await audits.read();
  const ofTokens = [...books.tokensUsed].flatMap((number) => disagreements.get(number) ?? []);
  return [...ofTokens, ...contractDisagreements].map(
    ({ token, chainId, figure, account, ours, contract, block }) => ({
      token: addressOut(token),
      chainId,
      figure,
      account: account === null ? null : addressOut(account),
      ours: String(ours),
      contract: contract === null ? null : String(contract),
      block,
    }),
  );
}

/** The tokens of an answer whose figures were not compared with their contracts yet. */
export async function unauditedIn({ audits, books }: ApiContext) {
  const { unaudited } = await audits.read();
  return unaudited
    .filter(({ tokenNumber }) => books.tokensUsed.has(tokenNumber))
    .map(({ chainId, token }) => ({ chainId, token: addressOut(token) }));
}

/** The archived books that an answer depends on. */
export async function archivedIn({ audits, books }: ApiContext) {
  return archivesIn(books, (await audits.read()).archives);
}

/** The contracts with ended books that an answer depends on. */
export async function holdsIn({ audits, books }: ApiContext) {
  const { holds } = await audits.read(await heldTokensIn(books));
  return holdsOn(holds, books.tokensUsed).map(holdMark);
}
