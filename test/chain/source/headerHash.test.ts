import { beforeAll, expect, it } from 'vitest';
import { compareHeader } from '../../../src/chain/source/proofs/headerHash.js';
import { startAnvil } from '../../support/nodes/anvil.js';

let block: Record<string, unknown>;

beforeAll(async () => {
  const anvil = await startAnvil();
  block = await anvil.rpc.call<Record<string, unknown>>('eth_getBlockByNumber', ['latest', false]);
});

it('the hash of a block is that of its header', () => {
  expect(compareHeader(block)).toBe('equal');
});

it('a header with another receipts root has another hash', () => {
  const receiptsRoot = `0x${'1'.repeat(64)}`;
  expect(compareHeader({ ...block, receiptsRoot })).toBe('different');
});

it('the hash of a header with fields of another chain, or without a required field, is unknown', () => {
  const changed = { ...block, gasUsed: '0x5208', l1BlockNumber: '0x1' };
  expect(compareHeader(changed)).toBe('unknown');
  const { stateRoot: _, ...short } = block;
  expect(compareHeader(short)).toBe('unknown');
});

it('a header with a field of half a byte has another hash, also where two of them make up whole bytes', () => {
  const [miner, nonce] = [`${block.miner}0`, '0x0'];
  expect(compareHeader({ ...block, nonce })).toBe('different');
  expect(compareHeader({ ...block, miner, nonce })).toBe('different');
});
