import { replaceModules } from './replaceModules.js';

replaceModules({
  'src/ledger/sales/saleKinds.js': 'test/promises/withOverflowName.js',
  'src/chain/sales/registry.js': 'test/promises/withOverflow.js',
});
