import { replaceModules } from './replaceModules.js';

replaceModules({ 'src/ledger/policies/known/list.js': 'test/promises/withCapped.js' });
