/** The line that a new list adds to the catalogue; its file is `voteList.ts`. */
import { LISTS as LISTS_BEFORE } from '../../src/api/lists/catalogue.js';
import { VOTE_LIST } from './voteList.js';

export { LABELLED_LISTS } from '../../src/api/lists/catalogue.js';
export { LISTS_BEFORE };
export const LISTS = [...LISTS_BEFORE, VOTE_LIST];
