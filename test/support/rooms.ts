/** How `src` is divided: what `test/rooms.test.ts` holds, and what the picture of ARCHITECTURE.md shows. */

/**
 * Which rooms of src may use which. Data flows chain → ledger → store → api and export, never
 * back; `ledger` is arithmetic alone; `api` serves what `export` makes, and not the other way
 * round: what both read of the books is in `books`.
 */
export const USES: Readonly<Record<string, readonly string[]>> = {
  abi: [],
  api: ['abi', 'books', 'chain', 'config', 'export', 'ledger', 'proofs', 'store'],
  audit: ['abi', 'chain', 'config', 'ledger', 'store'],
  books: ['ledger', 'store'],
  chain: ['abi', 'config', 'ledger', 'proofs'],
  cli: ['api', 'audit', 'books', 'chain', 'config', 'export', 'processor', 'proofs', 'store'],
  config: ['ledger'],
  export: ['books', 'config', 'ledger', 'model', 'store'],
  ledger: [],
  model: [],
  processor: ['abi', 'audit', 'chain', 'config', 'ledger', 'store'],
  proofs: [],
  store: ['ledger', 'model', 'proofs'],
};

/**
 * The rooms inside each room, from what uses none of the others to what uses them all: a file may use its
 * own layer and those before it. The parts of one layer, with a space between, may use each other.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  api: [
    'errors.ts',
    'values',
    'limits',
    'marks',
    'reads',
    'http',
    'live/books',
    'request',
    'plugins.ts',
    // A list shows objects, and the fields of an object are lists and totals.
    'lists objects totals',
    'claimPlan',
    'live',
    'operate',
    'rest',
    'schema.ts',
    'apiParts.ts',
    'yoga.ts',
    'server.ts',
  ],
  audit: ['questions', 'steps', 'disagreements', 'state.ts', 'run.ts', 'background'],
  chain: [
    'dryRun.ts heardAnswers.ts knownBalances.ts networks.ts withoutState.ts',
    'rpc',
    'node.ts',
    'sourceCheck.ts',
    'reading',
    'rehearsal',
    'contract',
    'oracle',
    'collection',
    'prices',
    'sales',
    'source',
  ],
  config: [
    'audit.ts redact.ts serving.ts',
    'file',
    'contracts',
    'sales',
    'source',
    'types.ts',
    'schema.ts',
    'issues.ts',
    'load.ts',
  ],
  export: [
    'exportErrors.ts',
    'columns',
    'datasets',
    'tax',
    'catalogue.ts',
    'dictionary.ts',
    'request',
    'write',
    'statement',
  ],
  processor: [
    'indexerOptions.ts',
    'desks',
    'reorgs',
    'holding',
    'tokens',
    'collections',
    'oracles',
    'prices',
    'sales',
    'openDesks.ts',
    'run',
    'run.ts',
    'sampledContracts.ts',
    'sample.ts',
  ],
  store: [
    'ids.ts',
    'database',
    'embedded',
    'openDatabase.ts',
    'registry',
    'read',
    'write',
    'ledgerHash',
  ],
};
