import { expect, test } from 'vitest';
import type { LakeFile } from '../../src/lake/lakeManifest.js';
import { LakeStore, NOTHING_STAGED, readLake } from '../../src/lake/lakeStore.js';
import { LocalPlace } from '../../src/lake/places/localPlace.js';

/** A place that has small files in memory, and counts what is written. */
class CountingPlace extends LocalPlace {
  written = 0;
  private readonly texts = new Map<string, string>();

  override async list(folder: string): Promise<string[]> {
    return [...this.texts.keys()].filter((path) => path.startsWith(folder));
  }

  override async read(path: string): Promise<string | null> {
    return this.texts.get(path) ?? null;
  }

  override async create(path: string, text: string): Promise<boolean> {
    if (this.texts.has(path)) return false;
    await this.replace(path, text);
    return true;
  }

  override async replace(path: string, text: string): Promise<void> {
    this.written += text.length;
    this.texts.set(path, text);
  }

  override async publish(): Promise<void> {}

  override async remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.texts.delete(path);
  }
}

test('a commit writes no more where the lake has many files than where it has few', async () => {
  const place = new CountingPlace('/lake');
  const store = await LakeStore.open(place);
  const file = (zone: string, number: number): LakeFile => ({
    ...{
      path: `${zone}/transfers/part-${number}.parquet`,
      table: 'transfers',
      chainId: 1,
      book: 1,
    },
    ...{ token: null, day: '2025-06-01', rows: 1, bytes: 1, sha256: 'a'.repeat(64) },
    ...{ fromBlock: number, toBlock: number },
  });
  /** Ten appends to a day, then its one file for each book. @returns bytes of a commit */
  const day = async (number: number) => {
    place.written = 0;
    for (let at = 0; at < 10; at++) {
      const next = [...store.manifest.files, file('recent', number * 10 + at)];
      await store.commit({ files: next, staged: NOTHING_STAGED });
    }
    const days = Array.from({ length: 10 }, (_, book) => file('days', number * 10 + book));
    const others = store.manifest.files.filter(({ path }) => path.startsWith('days/'));
    await store.commit({ files: [...others, ...days], staged: NOTHING_STAGED });
    await store.clean(new Date(Date.now() + 1));
    return place.written / 12;
  };
  const costs: number[] = [];
  for (let number = 0; number < 32; number++) costs.push(await day(number));
  const mean = (some: readonly number[]) => some.reduce((sum, cost) => sum + cost, 0) / some.length;
  expect(store.manifest.files).toHaveLength(320);
  expect(mean(costs.slice(16))).toBeLessThan(1.25 * mean(costs.slice(0, 16)));
  expect((await place.list('_lists')).length).toBeLessThan(40);
  const paths = ({ files }: { files: readonly LakeFile[] }) =>
    files.map(({ path }) => path).toSorted();
  expect(paths(await readLake(place))).toEqual(paths(store.manifest));
});
