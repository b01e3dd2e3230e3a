import { readFileSync } from 'node:fs';
import { toMappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import { describe, expect, it } from 'vitest';
import { tokenRecords } from '../../../src/chain/reading/records.js';
import { FIELDS, type SourceBlock } from '../../../src/chain/reading/source.js';
import { recordFromCallTree, treeOfTransaction } from '../../../src/chain/reading/tree/callTree.js';
import { mapCheckedBlock } from '../../../src/chain/source/mapBlocks.js';
import type { Recording } from '../../fixtures/dialects.js';
import { type NodeBlock, readNodeBlock } from '../../support/nodes/nodeBlock.js';
import type { Dialect } from '../../support/nodes/oddNode.js';

const CLIENTS = ['geth', 'erigon', 'nethermind', 'besu', 'reth'] as const;
const NO_SUBTRACES: readonly string[] = ['nethermind', 'besu'];

function recordingOf(client: string): Recording {
  return JSON.parse(readFileSync(`test/fixtures/${client}/block.json`, 'utf8')) as Recording;
}

function requestOf(token: string, preferTraceApi: boolean) {
  const relations = { parents: true, transaction: true };
  const request = toMappingRequest({
    fields: FIELDS,
    logs: [{ address: [token] }],
    traces: [
      { callTo: [token], ...relations },
      { callFrom: [token], ...relations },
      { suicideRefundAddress: [token], ...relations },
    ],
  });
  return { ...request, preferTraceApi };
}

/** The transactions that concern the token, as a client's answers have them. */
async function recordsOf(
  { token, ...recorded }: Recording,
  by: 'traces' | 'calls',
  dialects: Dialect[] = [],
) {
  const { traces, ...others } = recorded;
  const node: NodeBlock = {
    chainId: 1,
    ...others,
    ...(by === 'traces' && traces ? { traces: traces.map((trace) => ({ ...trace })) } : {}),
  };
  const request = requestOf(token, by === 'traces');
  const warnings: string[] = [];
  const raw = await readNodeBlock(node, request, { dialects, warnings });
  const block = mapCheckedBlock(raw, request) as unknown as SourceBlock;
  return { warnings, records: tokenRecords(block, new Set([token]), new Set()) };
}

type Records = Awaited<ReturnType<typeof recordsOf>>['records'];

/** Money and operations of each transaction; frames, logs. */
const summary = (records: Records) =>
  records.map(({ transactionIndex, frames, logs }) => [
    transactionIndex,
    frames.map(
      ({ kind, valueWei, reverted }) => `${kind} ${valueWei}${reverted ? ' reverted' : ''}`,
    ),
    logs.length,
  ]);

const PAID_IN = [
  0,
  // The claim that fails, a payment, the snapshot, a payment.
  ['call 0 reverted', 'call 300', 'call 0', 'call 200'],
  1,
];
// 80 % of what was paid in before the snapshot.
const CLAIMED = [1, ['call 0', 'call 240'], 0];
const TOO_EARLY = [4, ['call 0 reverted'], 0];

describe.each(CLIENTS)('the answers of %s', (client) => {
  const recording = recordingOf(client);
  const ways =
    recording.traces === undefined ? (['calls'] as const) : (['traces', 'calls'] as const);

  it.each(ways)('become the same transactions by %s', async (by) => {
    const { records, warnings } = await recordsOf(recordingOf(client), by);
    const [paidIn, claimed, burned, selfdestruct, last] = summary(records);
    expect([paidIn, claimed, burned?.[0], burned?.[2]]).toEqual([PAID_IN, CLAIMED, 2, 1]);
    // Where the frame says nothing, the money shows in the balance of the token only.
    const isSilent = client === (by === 'traces' ? 'besu' : 'reth');
    if (isSilent) expect(selfdestruct).toEqual(TOO_EARLY);
    else expect([selfdestruct, last]).toEqual([[3, ['selfdestruct 12'], 0], TOO_EARLY]);
    expect(warnings).toEqual([]);
  });

  it('prove logs that eth_getLogs left out by the receipts', async () => {
    const withoutLogs: Dialect = async (call, ask) =>
      call.method === 'eth_getLogs' ? { result: [] } : ask(call);
    const by = ways[0];
    const { records, warnings } = await recordsOf(recordingOf(client), by, [withoutLogs]);
    expect(records.map(({ logs }) => logs.length)).toEqual(
      (await recordsOf(recordingOf(client), by)).records.map(({ logs }) => logs.length),
    );
    expect(warnings.join()).toMatch(/logs were taken from the receipts$/);
  });

  it('give the places of logs in their call tree, as far as they tell', async () => {
    const { records } = await recordsOf(recordingOf(client), ways[0]);
    const [paidIn] = records;
    if (paidIn === undefined) throw new Error('the payment is missing');
    const tree = treeOfTransaction(recording.calls, paidIn);
    if (client === 'besu') {
      expect(() => recordFromCallTree(tree, paidIn)).toThrow('is not in its call tree');
      return;
    }
    const { frames, framesBeforeLog } = recordFromCallTree(tree, paidIn);
    const [place] = framesBeforeLog ?? [];
    expect(frames.map(({ valueWei }) => valueWei)).toContain(300n);
    // Root, the claim that fails, the payment, the snapshot: then the log.
    expect(place).toEqual({ earliest: 4, latest: 4 });
  });
});

it.each(NO_SUBTRACES)('the frames of %s count more children than there are', (client) => {
  const { traces = [] } = recordingOf(client);
  const children = traces.filter(({ traceAddress }) => traceAddress.length > 0).length;
  expect(traces.reduce((sum, { subtraces }) => sum + subtraces, 0)).toBeGreaterThan(children);
});
