import { z } from 'zod';

/** What the Portal's description allows (https://github.com/subsquid/sqd-portal, spec/15). */
const ITEMS_AT_MOST = 100;
const BODY_BYTES_AT_MOST = 256 * 1024;

const BLOCK = ['number', 'hash', 'parentHash', 'timestamp', 'miner', 'stateRoot', 'receiptsRoot'];
const TRANSACTION = ['transactionIndex', 'hash', 'from', 'to', 'value', 'input', 'status'];
const LOG = ['logIndex', 'transactionIndex', 'transactionHash', 'address', 'data', 'topics'];
const TRACE = ['transactionIndex', 'traceAddress', 'subtraces', 'type', 'error'];

/** A set of flags; any other field is refused. */
function flags(names: readonly string[]) {
  return z.partialRecord(z.enum(names), z.boolean()).default({});
}

const fields = z
  .strictObject({
    block: flags(BLOCK),
    transaction: flags(TRANSACTION),
    log: flags(LOG),
    trace: flags(TRACE),
    stateDiff: flags(['transactionIndex', 'address', 'key', 'kind', 'prev', 'next']),
  })
  .partial();
const list = z.array(z.string()).optional();
const flag = z.boolean().default(false);
const relations = { transaction: flag, transactionLogs: flag, transactionTraces: flag };
const logItem = z.strictObject({
  address: list,
  topic0: list,
  topic1: list,
  topic2: list,
  topic3: list,
  ...relations,
  transactionStateDiffs: flag,
});
const traceItem = z.strictObject({
  type: list,
  createFrom: list,
  createResultAddress: list,
  callTo: list,
  callFrom: list,
  callSighash: list,
  callCallType: list,
  suicideAddress: list,
  suicideRefundAddress: list,
  rewardAuthor: list,
  ...relations,
  subtraces: flag,
  parents: flag,
});

const query = {
  fromBlock: z.int().min(0),
  toBlock: z.int().min(0).optional(),
  fields: fields.default({}),
  includeAllBlocks: flag,
  logs: z.array(logItem).default([]),
  traces: z.array(traceItem).default([]),
  transactions: z.array(z.unknown()).default([]),
  stateDiffs: z.array(z.unknown()).default([]),
};
const portalQuery = z.strictObject({
  ...query,
  type: z.literal('evm'),
  parentBlockHash: z.string().optional(),
});
const gatewayQuery = z.strictObject(query);

export type SqdQuery = z.infer<typeof portalQuery>;
export type LogItem = z.infer<typeof logItem>;
export type TraceItem = z.infer<typeof traceItem>;

/** The query, or why it is refused. */
export function readQuery(body: Buffer, kind: 'portal' | 'gateway'): SqdQuery | string {
  if (body.length > BODY_BYTES_AT_MOST) return 'query is too large';
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return 'query is not JSON';
  }
  const parsed =
    kind === 'portal'
      ? portalQuery.safeParse(json)
      : gatewayQuery.transform((value) => ({ ...value, type: 'evm' as const })).safeParse(json);
  if (!parsed.success) return `couldn't parse query: ${parsed.error.issues[0]?.message}`;
  const found: SqdQuery = parsed.data;
  if (found.toBlock !== undefined && found.toBlock < found.fromBlock) {
    return 'got "toBlock" < "fromBlock"';
  }
  const items = [found.logs, found.traces, found.transactions, found.stateDiffs].flat().length;
  if (items > ITEMS_AT_MOST) {
    return `query contains ${items} item requests, but only ${ITEMS_AT_MOST} is allowed`;
  }
  return found;
}
