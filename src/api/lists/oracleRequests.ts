import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import {
  ORACLE_REQUEST_COLUMNS,
  ORACLE_REQUESTS,
  type OracleRequest,
} from '../../store/read/oracles/oracleRequests.js';
import {
  ORACLE_RESULTS,
  RESULT_COLUMNS,
  type ResultOperation,
} from '../../store/read/oracles/oracleResults.js';
import type { OracleRecord } from '../../store/read/oracles/oracles.js';
import { requestNode } from '../objects/oracles/oracleRequest.js';
import type { ApiContext } from '../request/context.js';
import { oraclesOf } from './models.js';

const OF_ORACLES = {
  ownerFields: { oracle: ({ address }: OracleRecord) => address },

  ownersOf: (
    context: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    { oracle }: { readonly oracle?: Address | null },
  ): Promise<OracleRecord[]> => oraclesOf(context, chains, oracle),
};

export const REQUEST_SET = {
  ...OF_ORACLES,
  kind: ORACLE_REQUESTS,
  columns: ORACLE_REQUEST_COLUMNS,
  indexed: ['modelId', 'requestId', 'account'],
  toNode: (row: OracleRequest, oracle: OracleRecord, asOf: AsOf) => requestNode(oracle, row, asOf),
} as const;

export const RESULT_SET = {
  ...OF_ORACLES,
  kind: ORACLE_RESULTS,
  columns: RESULT_COLUMNS,
  indexed: ['requestId'],
  toNode: (row: ResultOperation, oracle: OracleRecord, asOf: AsOf) => ({ ...row, oracle, asOf }),
} as const;
