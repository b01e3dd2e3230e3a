import {
  ORACLE_RESULTS,
  OUTPUT_BYTES_AT_MOST,
  RESULT_COLUMNS,
  RESULT_VERSIONS,
  type ResultVersion,
  resultsOf,
} from '../../store/read/oracles/oracleResults.js';
import type { VersionedKey } from '../../store/read/query/versionPages.js';
import { OracleType } from '../objects/oracles/model.js';
import { counted } from './engine/connection.js';
import { defineOperations } from './engine/defineOperations.js';
import type { StoredListArgs } from './engine/defineStoredList.js';
import { field, objectType, optional, shown } from './engine/field.js';
import { ADDRESS, AMOUNT, BLOCK, TEXT, YES_NO } from './engine/fieldKinds.js';
import { listArgs, OLDEST_FIRST } from './engine/listArgs.js';
import { CHAIN_FILTER, PLACE_IN_TRANSACTION, TIME_FILTER } from './engine/operationFields.js';
import { fieldResolver } from './engine/resolver.js';
import { versionList } from './engine/versionList.js';
import { OF_ORACLES } from './oracles.js';
import { REQUEST_LIST, type RequestNode } from './requests.js';

const { id, block, timestamp, transactionHash } = PLACE_IN_TRANSACTION;

const isUpdate = optional(
  YES_NO,
  'Whether it is an update after a challenge; null if that cannot be seen.',
  RESULT_COLUMNS.isUpdate,
);
const invoker = optional(
  ADDRESS,
  'Who delivered it; null if that cannot be seen.',
  RESULT_COLUMNS.invoker,
);

/** An answer to a known request. */
export const OracleResultType = objectType(
  'OracleResult',
  'An answer of the oracle; one that was challenged is delivered again.',
  {
    id,
    block,
    timestamp,
    transactionHash,
    isUpdate,
    invoker,
    output: field(
      TEXT,
      `The answer itself: 0x and two hex digits a byte, of its first ${OUTPUT_BYTES_AT_MOST} bytes. outputLength says how many there are.`,
    ),
    outputLength: field(BLOCK, 'Bytes of the whole answer.'),
  },
);

const RESULTS = defineOperations({
  name: 'Result',
  query: {
    name: 'results',
    text: 'Answers of AI oracles; one that was challenged is delivered again.',
  },
  rows: 'results',
  type: {
    text: 'An answer of an oracle, with what it answers.',
    base: OracleResultType,
    inherits: ['isUpdate', 'invoker'],
  },
  reader: ORACLE_RESULTS,
  owners: OF_ORACLES,
  toNode: (row, oracle, asOf) => ({ ...row, oracle, asOf }),
  fields: {
    oracle: shown(OracleType, 'The oracle that answered.'),
    requestId: field(AMOUNT, "The oracle's own id of the request.", RESULT_COLUMNS.requestId),
    isUpdate,
    account: optional(
      ADDRESS,
      'Who had asked; null where the event does not say.',
      RESULT_COLUMNS.account,
    ),
    invoker,
  },
  labelled: ['account', 'invoker'],
  needs: { output: ['output'], outputLength: ['outputLength'] },
  filter: {
    ...CHAIN_FILTER,
    oracle: 'Only results of this oracle.',
    requestId: "Only this id of the oracle's own.",
    ...TIME_FILTER,
  },
  indexed: ['requestId'],
  amount: null,
});

const RequestResultsArgs = listArgs({
  args: ['where', 'direction'],
  Where: RESULTS.Where,
  ends: OLDEST_FIRST,
});

const RESULTS_OF_REQUESTS = fieldResolver<RequestNode>(REQUEST_LIST.Row, {
  results: {
    shows: () => [OracleResultType],
    text: 'The results with its id that came after it, oldest first; requests that share an id share them.',
    deprecated: 'Use resultsConnection, which has conditions and pages.',
    async resolve(request, { loaders, budget }) {
      const all = { direction: 'ASC', start: null, limit: null } as const;
      const results = await loaders.versions.read(RESULT_VERSIONS, keyOf(request), all);
      budget.spendRows(results.length);
      const { oracle } = request;
      return results.map((result) => ({ ...result, oracle, chainId: oracle.chainId }));
    },
  },
  resultsConnection: {
    shows: () => RESULTS.Connection,
    text: 'The results with its id that came after it; requests that share an id share them.',
    args: RequestResultsArgs,
    resolve(request, context, args: StoredListArgs<never>) {
      const { oracle, asOf } = request;
      const source = { table: RESULT_VERSIONS, key: keyOf(request), asOf };
      const { chainId } = oracle;
      const toNode = (result: ResultVersion) => ({ ...result, oracle, chainId });
      return counted(context, versionList(context, { ...source, toNode }, args));
    },
  },
});

/** All results. A request shows those that came after it. */
export const RESULT_LIST = {
  ...RESULTS,
  resolvers: () => [...RESULTS.resolvers(), RESULTS_OF_REQUESTS],
};

function keyOf({ id, oracle, requestId, asOf }: RequestNode): VersionedKey {
  return resultsOf({ id, contractNumber: oracle.number, requestId, block: asOf.block });
}
