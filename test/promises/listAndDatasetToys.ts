import { replaceModules } from './replaceModules.js';

/** What a new list and a new dataset change, and what is loaded instead. */
export const CHANGED = {
  'src/api/lists/catalogue.js': 'test/promises/withVoteList.js',
  'src/export/catalogue.js': 'test/promises/withVotes.js',
};

replaceModules(CHANGED);
