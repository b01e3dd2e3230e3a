import { expect, test } from 'vitest';
import { FinalBlocks, type SourcePlan } from '../../../src/chain/source/dataSource.js';
import type { MappedBlock } from '../../../src/chain/source/mappedBlock.js';

/** Any frame is wanted of the first block only. */
const EVERY = { traces: [{}] };
const SOME = { traces: [{ callTo: [`0x${'a'.repeat(40)}`] }] };

type Options = ConstructorParameters<typeof FinalBlocks>[0];

/** What happened when the blocks were delivered, in its order. */
async function eventsOf(
  requests: Parameters<FinalBlocks['getFinalizedBlocks']>[0],
  plan: Options['plan'],
  events: string[] = [],
  beforeBlocks: Promise<void> = Promise.resolve(),
): Promise<string[]> {
  const perBlock: Options['perBlock'] = {
    getFinalizedHeight: async () => 1_000,
    getBlockHash: async () => null,
    async *getFinalizedBlocks([request]) {
      const { from, to = from } = request?.range ?? { from: 0 };
      await beforeBlocks;
      for (let height = from; height <= to; height++) {
        events.push(`read ${height}`);
        yield { blocks: [{ header: { height } } as unknown as MappedBlock], isHead: false };
      }
    },
  };
  const source = new FinalBlocks({
    plan: (range, request) => {
      events.push(`asked for ${range.from} to ${range.to}`);
      return plan(range, request);
    },
    perBlock,
    toMappingRequest: (dataRequest) => ({ dataRequest }) as never,
    patiently: (work) => work(),
    readEachTo: -1,
    blocksAtLeast: 10,
    onWarning: (line) => events.push(line),
    signal: new AbortController().signal,
  });
  for await (const { blocks } of source.getFinalizedBlocks(requests)) {
    events.push(`delivered ${blocks.length}`);
  }
  return events;
}

const withoutFinder = async () => ({ finders: [], isProvisional: false }) as unknown as SourcePlan;

test('endpoints are asked what they can do while the first block is read', async () => {
  const requests = [
    { range: { from: 5, to: 5 }, request: EVERY },
    { range: { from: 6, to: 7 }, request: EVERY },
    { range: { from: 8, to: 20 }, request: SOME },
  ];
  const events = await eventsOf(requests, withoutFinder);
  expect(events.slice(0, 2)).toEqual(['asked for 8 to 20', 'read 5']);
  expect(events.filter((event) => event.startsWith('asked'))).toHaveLength(1);
  expect(events.filter((event) => event.startsWith('read'))).toHaveLength(16);
});

test('endpoints are not asked where too little is left to search', async () => {
  const events = await eventsOf([{ range: { from: 995 }, request: SOME }], withoutFinder);
  expect(events).toEqual([]);
});

test('a refusal to say what an endpoint can do ends only what is searched', async () => {
  const events: string[] = [];
  const requests = [
    { range: { from: 5, to: 5 }, request: EVERY },
    { range: { from: 6, to: 20 }, request: SOME },
  ];
  const refused = () => Promise.reject(new Error('refused'));
  await expect(eventsOf(requests, refused, events)).rejects.toThrow('refused');
  expect(events).toEqual(['asked for 6 to 20', 'read 5', 'delivered 1']);
});

/** Every block is a hit. The first blocks come only when the search has read its first ones. */
function searchingPlan(events: string[]) {
  let beginning = () => {};
  const began = new Promise<void>((resolve) => {
    beginning = resolve;
  });
  let foreseeing = () => {};
  const foreseen = new Promise<void>((resolve) => {
    foreseeing = resolve;
  });
  const plan = {
    finders: [
      {
        kind: 'ranges',
        height: async () => 1_000,
        async *find({ from, to }: { from: number; to: number }) {
          events.push(`searched ${from} to ${to}`);
          yield { to, hits: [{ height: to, transactions: [] }] };
        },
      },
    ],
    reader: {
      async read(blocks: readonly { height: number }[]) {
        // They wait for the proof to ask.
        await foreseen;
        beginning();
        const read = (height: number) => ({ height, block: { transactions: [] } });
        return blocks.map(({ height }) => ({ block: read(height), isWhole: true }));
      },
    },
    prover: {
      async foresee() {
        foreseeing();
      },
      async prove({ to }: { to: number }) {
        return { blocks: [{ mapped: { header: { height: to } } }], proof: 'state' };
      },
    },
    isProvisional: false,
  } as unknown as SourcePlan;
  return { plan, began };
}

test('a range is searched, read and prepared for its proof while the blocks before it are read', async () => {
  const events: string[] = [];
  const { plan, began } = searchingPlan(events);
  const requests = [
    { range: { from: 5, to: 5 }, request: EVERY },
    { range: { from: 6, to: 900 }, request: SOME },
  ];
  await eventsOf(requests, async () => plan, events, began);
  expect(events).toEqual([
    'asked for 6 to 900',
    'searched 6 to 65',
    'searched 66 to 900',
    'read 5',
    'delivered 1',
    'delivered 1',
  ]);
});
