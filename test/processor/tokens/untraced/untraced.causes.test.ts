import { describe, expect, it } from 'vitest';
import type { Address } from '../../../../src/address.js';
import type { ChainNode } from '../../../../src/chain/node.js';
import type { SourceBlock } from '../../../../src/chain/reading/source.js';
import { silentDestructions } from '../../../../src/chain/reading/untraced/silentDestructions.js';
import {
  type BalanceCheck,
  explainEarlier,
  explainInBlock,
} from '../../../../src/chain/reading/untraced/untracedCauses.js';
import { ImoError } from '../../../../src/errors.js';

const TOKEN: Address = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
const BOMB: Address = '0x00000000000000000000000000000000000000bb';
const GWEI = 1_000_000_000n;

interface Said {
  readonly proposer?: string;
  readonly withdrawals?: readonly { address: string; amountWei: bigint }[];
  readonly tips?: readonly bigint[];
  readonly balances?: Readonly<Record<string, bigint>>;
}

function nodeOf({ proposer = '0x', withdrawals = [], tips = [], balances = {} }: Said): ChainNode {
  const node = {
    payouts: async () => ({ proposer, withdrawals }),
    tips: async () =>
      tips.map((tipWei, transactionIndex) => ({ transactionIndex, transactionHash: '0x', tipWei })),
    balances: async (questions: readonly { address: string; block: number }[]) =>
      questions.map(({ address, block }) => balances[`${address}@${block}`] ?? 0n),
  };
  return node as unknown as ChainNode;
}

function check(of: Partial<BalanceCheck> & { number?: number } = {}): BalanceCheck {
  return {
    token: { address: TOKEN, startBlock: 9 },
    block: { number: of.number ?? 20, hash: '0x', timestampMs: 0 },
    asset: null,
    hasOrder: true,
    deciding: new Set([1]),
    destructions: [],
    ...of,
  } as unknown as BalanceCheck;
}

/** Cause, amount and place of each receipt. */
async function causes(said: Said, amountWei: bigint, of?: Parameters<typeof check>[0]) {
  const receipts = await explainInBlock(nodeOf(said), check(of), amountWei);
  return receipts.map(({ cause, amountWei: wei, when }) => [cause, wei, when]);
}

describe('the cause of money without a frame', () => {
  it('is a tip of each transaction where the token proposed the block', async () => {
    expect(await causes({ proposer: TOKEN, tips: [3n, 0n, 4n] }, 7n)).toEqual([
      ['tips', 3n, 'after-transaction'],
      ['tips', 4n, 'after-transaction'],
    ]);
  });

  it('is all tips together at the end where no operation depends on them', async () => {
    const said = { proposer: TOKEN, tips: [3n, 4n] };
    expect(await causes(said, 7n, { hasOrder: false })).toEqual([['tips', 7n, 'end']]);
  });

  it('is unknown where the node has no receipts to compute the tips from', async () => {
    const node = nodeOf({ proposer: TOKEN });
    node.tips = () => Promise.reject(new ImoError('RPC_METHOD_MISSING', 'no receipts', ''));
    const [receipt] = await explainInBlock(node, check(), 7n);
    expect(receipt).toMatchObject({ cause: 'unknown', amountWei: 7n, when: 'open' });
  });

  it('is a withdrawal at the end of the block, and what is left over is unknown', async () => {
    const withdrawals = [
      { address: TOKEN, amountWei: 2n * GWEI },
      { address: BOMB, amountWei: 9n * GWEI },
    ];
    expect(await causes({ withdrawals }, 2n * GWEI + 5n)).toEqual([
      ['withdrawal', 2n * GWEI, 'end'],
      ['unknown', 5n, 'open'],
    ]);
  });

  it('is not named after more than came: some chains withdraw another coin', async () => {
    const withdrawals = [{ address: TOKEN, amountWei: 2n * GWEI }];
    expect(await causes({ withdrawals, proposer: TOKEN, tips: [9n] }, 5n)).toEqual([
      ['unknown', 5n, 'open'],
    ]);
  });

  it('is a self-destruct without an amount, by what the destroyed contract held before', async () => {
    const destruction = { transactionIndex: 0, transactionHash: '0xaa', address: BOMB };
    const said = { balances: { [`${BOMB}@19`]: 6n } };
    const of = { destructions: [destruction] };
    expect(await causes(said, 6n, of)).toEqual([['selfdestruct', 6n, 'after-transaction']]);
    // A snapshot of the same transaction may have come before or after it.
    const same = { destructions: [{ ...destruction, transactionIndex: 1 }] };
    expect(await causes(said, 6n, same)).toEqual([['unknown', 6n, 'open']]);
    // It held something else: the money came while the transaction ran.
    expect(await causes({}, 6n, of)).toEqual([['unknown', 6n, 'open']]);
  });

  it('is unknown at the end where no snapshot and no burn depends on its place', async () => {
    expect(await causes({}, 5n, { deciding: new Set() })).toEqual([['unknown', 5n, 'end']]);
  });

  it('is the genesis block, and what came to the address before the contract', async () => {
    const node = nodeOf({ balances: { [`${TOKEN}@0`]: 30n } });
    const receipts = await explainEarlier(node, check({ number: 9 }), 70n);
    expect(receipts.map(({ cause, amountWei, when }) => [cause, amountWei, when])).toEqual([
      ['genesis', 30n, 'start'],
      ['before-contract', 40n, 'start'],
    ]);
    expect(await causes({}, 8n, { number: 0 })).toEqual([['genesis', 8n, 'start']]);
  });
});

describe('self-destructs without an amount', () => {
  it('are those in favour of a token, unless they were reverted', () => {
    const trace = (address: string, parent?: object, error: string | null = null) => ({
      type: 'suicide',
      action: { address, refundAddress: TOKEN, balance: 0n },
      transactionIndex: 3,
      error,
      parent,
      getTransaction: () => ({ hash: '0xaa' }),
    });
    const reverted = { type: 'call', error: 'Reverted' };
    const traces = [trace(BOMB), trace('0xcc', reverted), trace('0xdd', undefined, 'out of gas')];
    const block = { traces } as unknown as SourceBlock;
    const expected = [{ transactionIndex: 3, transactionHash: '0xaa', address: BOMB }];
    expect(silentDestructions(block, new Set([TOKEN]))).toEqual(new Map([[TOKEN, expected]]));
    expect(silentDestructions(block, new Set())).toEqual(new Map());
  });
});
