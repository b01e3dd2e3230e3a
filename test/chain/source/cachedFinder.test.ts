import { describe, expect, test } from 'vitest';
import { CachedFinder } from '../../../src/chain/source/cache/cachedFinder.js';
import { PackStore } from '../../../src/chain/source/cache/packStore.js';
import { Searches } from '../../../src/chain/source/cache/searches.js';
import type { Finder, Piece, Wanted } from '../../../src/chain/source/finders/finder.js';
import type { FinderKind } from '../../../src/config/source/finderKinds.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const A = `0x${'a'.repeat(40)}`;
const B = `0x${'b'.repeat(40)}`;
/** Blocks in which a contract was called. */
const CALLED: Readonly<Record<string, readonly number[]>> = { [A]: [3, 50, 99], [B]: [4, 50, 120] };
const { signal } = new AbortController();

/** Finds by the list above, and remembers what it was asked. */
class ListFinder implements Finder {
  constructor(readonly kind: FinderKind = 'ranges') {}
  readonly asked: string[] = [];
  describe = () => 'a list';
  height = () => Promise.resolve(1_000);

  async *find({ from, to }: { from: number; to: number }, { traces }: Wanted) {
    const called = traces.flatMap(({ callTo = [] }) => callTo);
    this.asked.push(`${from}-${to} ${called.map((address) => address.slice(2, 3)).join('')}`);
    for (let start = from; start <= to; start += 40) {
      const end = Math.min(to, start + 39);
      const heights = [...new Set(called.flatMap((address) => CALLED[address] ?? []))];
      const hits = heights
        .filter((height) => height >= start && height <= end)
        .sort((a, b) => a - b)
        .map((height) => ({ height, transactions: null }));
      yield { to: end, hits };
    }
  }
}

function storeIn(folder: string, warnings: string[] = []): PackStore {
  return new PackStore({
    cache: { folder, maxBytes: 1e9 },
    chainId: 1,
    blockHash: async (height) => `0x${height.toString(16).padStart(64, '0')}`,
    onWarning: (line) => void warnings.push(line),
  });
}

/** Searches as one run of the indexer does: everything is written at its end. */
async function search(folder: string, addresses: readonly string[], to: number, from = 0) {
  const store = storeIn(folder);
  const inner = new ListFinder();
  const finder = new CachedFinder(inner, new Searches(store));
  const pieces: Piece[] = [];
  const wanted = { logs: [], traces: [{ callTo: [...addresses] }] };
  for await (const piece of finder.find({ from, to }, wanted, signal)) pieces.push(piece);
  await store.flush();
  const heights = pieces.flatMap(({ hits }) => hits.map(({ height }) => height));
  return { asked: inner.asked, heights, to: pieces.at(-1)?.to };
}

test('a range from the cache keeps the name of the finder that searched it', async () => {
  const folder = await temporaryFolder();
  const namesOf = async (kind: FinderKind, to: number) => {
    const store = storeIn(folder);
    const finder = new CachedFinder(new ListFinder(kind), new Searches(store));
    const wanted = { logs: [], traces: [{ callTo: [A] }] };
    const names = [];
    for await (const piece of finder.find({ from: 0, to }, wanted, signal)) {
      names.push(`${piece.foundBy} to ${piece.to}`);
    }
    await store.flush();
    return names;
  };
  expect(await namesOf('portal', 39)).toEqual(['portal to 39']);
  expect(await namesOf('ranges', 79)).toEqual(['portal to 39', 'ranges to 79']);
  expect(await namesOf('state', 79)).toEqual(['portal to 39', 'ranges to 79']);
});

describe('what was searched before', () => {
  test('is not searched again', async () => {
    const folder = await temporaryFolder();
    expect((await search(folder, [A], 100)).asked).toEqual(['0-100 a']);
    expect(await search(folder, [A], 100)).toEqual({ asked: [], heights: [3, 50, 99], to: 100 });
    expect(await search(folder, [A], 60, 10)).toEqual({ asked: [], heights: [50], to: 60 });
  });

  test('is continued where it ended', async () => {
    const folder = await temporaryFolder();
    await search(folder, [B], 100);
    const more = await search(folder, [B], 130);
    expect(more).toEqual({ asked: ['101-130 b'], heights: [4, 50, 120], to: 130 });
  });

  test('stays when a contract is added: only its own filter is searched', async () => {
    const folder = await temporaryFolder();
    await search(folder, [A], 100);
    const both = await search(folder, [A, B], 130);
    expect(both.asked).toEqual(['0-100 b', '101-130 ab']);
    expect(both.heights).toEqual([3, 4, 50, 99, 120]);
    expect((await search(folder, [B, A], 130)).asked).toEqual([]);
  });

  test('is filled in where a part of it is missing', async () => {
    const folder = await temporaryFolder();
    await search(folder, [A], 20);
    await search(folder, [A], 100, 60);
    const whole = await search(folder, [A], 120);
    expect(whole.asked).toEqual(['21-59 a', '101-120 a']);
    expect(whole.heights).toEqual([3, 50, 99]);
  });
});
