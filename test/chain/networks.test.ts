import { describe, expect, it } from 'vitest';
import { framelessRule, NETWORKS } from '../../src/chain/networks.js';
import { bloomOf, type NodeBlock, readNodeBlock } from '../support/nodes/nodeBlock.js';

const word = (digits: string) => `0x${digits.padStart(64, '0')}`;
const account = (digits: string) => `0x${digits.padStart(40, '0')}`;
const PROPOSER = account('beef');
const TOKEN = account('7641');
const PAYER = account('ca11');
const BLOCK_HASH = word('b10c');
const NO_BLOOM = `0x${'0'.repeat(512)}`;
const FULL_BLOOM = `0x${'f'.repeat(512)}`;

type Transaction = Record<string, string | null>;

/** As `eth_getBlockByHash` lists it. */
function transaction(index: number, change: Transaction): Transaction {
  return {
    blockHash: BLOCK_HASH,
    blockNumber: '0x5',
    transactionIndex: `0x${index}`,
    hash: word(`${index + 1}`),
    type: '0x2',
    from: PAYER,
    to: TOKEN,
    gas: '0x5208',
    gasPrice: '0x3b9aca00',
    value: '0x1',
    nonce: '0x0',
    input: '0x',
    ...change,
  };
}

const payment = transaction(0, {});
/** The payment has a frame; what comes after it has none. */
const frame = {
  action: { callType: 'call', from: PAYER, to: TOKEN, gas: '0x0', input: '0x', value: '0x1' },
  blockHash: BLOCK_HASH,
  blockNumber: 5,
  result: { gasUsed: '0x0', output: '0x' },
  subtraces: 0,
  traceAddress: [],
  transactionHash: payment.hash,
  transactionPosition: 0,
  type: 'call',
};

function blockWith(
  chainId: number,
  system: Transaction | null,
  logs: readonly {
    address: string;
    topics: string[];
    transactionHash: string | null | undefined;
  }[] = [],
  logsBloom: string = bloomOf(logs),
): NodeBlock {
  return {
    chainId,
    block: {
      number: '0x5',
      hash: BLOCK_HASH,
      parentHash: word('b10b'),
      logsBloom,
      timestamp: '0x64',
      miner: PROPOSER,
      transactions: system === null ? [payment] : [payment, system],
    },
    logs: logs.map((log, index) => ({
      ...log,
      data: '0x',
      blockHash: BLOCK_HASH,
      blockNumber: '0x5',
      logIndex: `0x${index}`,
      transactionIndex: log.transactionHash === payment.hash ? '0x0' : '0x1',
    })),
    traces: [frame],
  };
}

/** Transactions that nodes list without call frames, as they list them. */
const SYSTEM: readonly [name: string, chainId: number, transaction: Transaction][] = [
  [
    'state sync of Polygon',
    137,
    {
      type: '0x0',
      from: account('0'),
      to: account('0'),
      gas: '0x0',
      gasPrice: '0x0',
      value: '0x0',
    },
  ],
  [
    'state sync of Polygon since it has a type',
    137,
    { type: '0x7f', gas: '0x10', gasPrice: '0x0' },
  ],
  [
    'a deposit into the validator set of BNB Smart Chain',
    56,
    {
      type: '0x0',
      from: PROPOSER,
      to: account('1000'),
      gas: '0x7fffffffffffffff',
      gasPrice: '0x0',
    },
  ],
  [
    'the internal transaction of ArbOS',
    42_161,
    { type: '0x6a', from: account('a4b05'), to: account('a4b05'), gas: '0x0', gasPrice: '0x0' },
  ],
  ['a deposit into Arbitrum', 42_161, { type: '0x64', gas: '0x0', gasPrice: '0x0' }],
  ['a retryable ticket of Arbitrum', 42_161, { type: '0x69', gas: '0x5208' }],
  [
    'the attributes of L1 in a block of the OP Stack',
    8453,
    {
      type: '0x7e',
      from: '0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001',
      to: '0x4200000000000000000000000000000000000015',
      gas: '0xf4240',
      gasPrice: '0x0',
    },
  ],
  ['a priority transaction of zkSync', 324, { type: '0xff' }],
  ['a deposit into Celo', 42_220, { type: '0x7e', gasPrice: '0x0' }],
  ['the bookkeeping of a chain that nobody knows', 987_654, { gas: '0x0', gasPrice: '0x0' }],
];

describe.each(SYSTEM)('%s', (_, chainId, system) => {
  it('needs no call frames', async () => {
    const read = await readNodeBlock(blockWith(chainId, transaction(1, system)));
    expect(read._isInvalid).toBeUndefined();
    expect(read.traceReplays?.map(({ transactionHash }) => transactionHash)).toEqual([
      payment.hash,
    ]);
  });
});

it.each([
  ['an ordinary transaction on Polygon', 137, {}],
  ['a validator of BNB Smart Chain that pays somebody', 56, { from: PROPOSER, gasPrice: '0x0' }],
  ['somebody who calls the validator set and pays for gas', 56, { to: account('1000') }],
  ['the redemption of a ticket on Arbitrum', 42_161, { type: '0x68' }],
  ['a type of the OP Stack on Ethereum', 1, { type: '0x7e', gasPrice: '0x0' }],
])('%s needs call frames', async (_, chainId, system) => {
  const reading = readNodeBlock(blockWith(chainId, transaction(1, system)));
  await expect(reading).rejects.toThrow(
    new RegExp(
      `trace_block of block 5 \\(${BLOCK_HASH}\\), transaction ${word('2')}, by http://127.0.0.1:\\d+: there are no call frames`,
    ),
  );
});

describe('logs of the chain itself', () => {
  const ordinary = { address: TOKEN, topics: [word('a')], transactionHash: payment.hash };
  const synced = { address: account('1010'), topics: [word('c')], transactionHash: word('5c') };

  it('on Polygon are of a transaction that the block does not list, outside of its bloom filter', async () => {
    const block = blockWith(137, null, [ordinary, synced], bloomOf([ordinary]));
    expect((await readNodeBlock(block)).logs).toHaveLength(2);
  });

  it('on Polygon are those of its last transaction, where the block lists it', async () => {
    const [, , system = {}] = SYSTEM[0] ?? [];
    const sync = transaction(1, system);
    const log = { ...synced, transactionHash: sync.hash };
    const block = blockWith(137, sync, [ordinary, log], bloomOf([ordinary]));
    expect((await readNodeBlock(block)).logs).toHaveLength(2);
  });

  it('on Celo name the block in place of a transaction, inside of its bloom filter', async () => {
    const log = { ...synced, transactionHash: BLOCK_HASH };
    expect((await readNodeBlock(blockWith(42_220, null, [ordinary, log]))).logs).toHaveLength(2);
  });

  it('are refused on Ethereum, which has none', async () => {
    const block = blockWith(1, null, [ordinary, synced], bloomOf([ordinary]));
    await expect(readNodeBlock(block)).rejects.toThrow(/eth_getLogs of block 5 .*not in the bloom/);
  });

  it.each([
    ['no bits', NO_BLOOM],
    ['all bits', FULL_BLOOM],
  ])('a bloom filter with %s shows nothing about them', async (_, bloom) => {
    expect((await readNodeBlock(blockWith(324, null, [ordinary], bloom))).logs).toHaveLength(1);
    expect((await readNodeBlock(blockWith(314, null, [], bloom))).logs).toHaveLength(0);
  });
});

it('each chain has one network, and addresses of rules are in lower case', () => {
  const ids = NETWORKS.flatMap(({ chainIds }) => chainIds);
  expect(new Set(ids).size).toBe(ids.length);
  const addresses = JSON.stringify(NETWORKS).match(/0x[0-9a-fA-F]{40}/g) ?? [];
  expect(addresses).toEqual(addresses.map((address) => address.toLowerCase()));
});

it('a transaction without gas needs no frames on any chain', () => {
  const plain = { hash: '0x', type: 0, from: PAYER, to: null, gas: 0n, gasPriceWei: 1n };
  expect(framelessRule(1, plain, PROPOSER)?.what).toBe('transaction without gas');
  expect(framelessRule(1, { ...plain, gas: 21_000n }, PROPOSER)).toBeNull();
});
