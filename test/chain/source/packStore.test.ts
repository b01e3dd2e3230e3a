import { expect, test, vi } from 'vitest';
import { listPacks, PackFile } from '../../../src/chain/source/cache/packFile.js';
import { PackStore } from '../../../src/chain/source/cache/packStore.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

type Chain = 'a' | 'b';

/** A chain whose blocks above 30 may be replaced. */
class ForkedChain {
  constructor(public fork: Chain) {}

  hash = (height: number) => `0x${(height > 30 ? this.fork : '0').repeat(60)}${1000 + height}`;
}

function storeOf(folder: string, chain: ForkedChain, witnesses: number[] = []) {
  const warnings: string[] = [];
  const seen = witnesses.map((number) => ({ number, hash: chain.hash(number) }));
  const store = new PackStore({
    cache: { folder, maxBytes: 1e9 },
    chainId: 1,
    blockHash: async (height) => chain.hash(height),
    witnesses: () => seen,
    onWarning: (line) => void warnings.push(line),
  });
  return { store, warnings };
}

const entry = (block: number) => ({
  key: `k${block}`,
  subject: 'blocks',
  block,
  value: Buffer.from(String(block)),
});

test('a block that replaced a final one does not vouch for what was read before it', async () => {
  const folder = await temporaryFolder();
  const chain = new ForkedChain('a');
  const { store, warnings } = storeOf(folder, chain);
  store.put('answers', entry(50));
  await store.flush();
  chain.fork = 'b';
  store.put('answers', entry(60));
  await store.flush();
  expect(warnings.join()).toContain('was replaced');
  const again = storeOf(folder, chain).store;
  expect(await again.get('answers', 'k50', 50)).toBeNull();
  expect(await again.get('answers', 'k60', 60)).toBeNull();
});

test('parts that wait to be written are dropped when their blocks were replaced', async () => {
  const folder = await temporaryFolder();
  const chain = new ForkedChain('a');
  const { store } = storeOf(folder, chain, [20, 45]);
  store.put('answers', entry(50));
  chain.fork = 'b';
  await store.flush();
  expect(await listPacks(`${folder}/1`)).toEqual([]);
});

test('parts stay if only blocks above them were replaced', async () => {
  const folder = await temporaryFolder();
  const chain = new ForkedChain('a');
  const { store } = storeOf(folder, chain, [20]);
  store.put('answers', entry(25));
  await store.flush();
  chain.fork = 'b';
  store.put('answers', entry(28));
  await store.flush();
  const again = storeOf(folder, chain).store;
  expect((await again.get('answers', 'k25', 25))?.toString()).toBe('25');
  expect((await again.get('answers', 'k28', 28))?.toString()).toBe('28');
});

test('a part of a file that many ask for at once is read once', async () => {
  const folder = await temporaryFolder();
  const chain = new ForkedChain('a');
  const { store } = storeOf(folder, chain);
  const blocks = Array.from({ length: 30 }, (_, block) => block);
  for (const block of blocks) store.put('answers', entry(block));
  await store.flush();
  const readChunk = vi.spyOn(PackFile.prototype, 'readChunk');
  const again = storeOf(folder, chain).store;
  const values = await Promise.all(blocks.map((block) => again.get('answers', `k${block}`, block)));
  expect(values.map(String)).toEqual(blocks.map(String));
  expect(readChunk).toHaveBeenCalledTimes(1);
  const [file] = await listPacks(`${folder}/1`);
  expect(file).toBeDefined();
  const [first, second] = await Promise.all([file?.readIndex(), file?.readIndex()]);
  expect(first).toBe(second);
});
