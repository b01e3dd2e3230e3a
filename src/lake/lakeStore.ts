import { randomUUID } from 'node:crypto';
import { programVersion } from '../programVersion.js';
import { changeLists, type FileList, listText, readLists } from './fileLists.js';
import { noLake, notALake, otherWriter } from './lakeErrors.js';
import { LAKE_LAYOUT, type LakeManifest, parseLakeManifest } from './lakeManifest.js';
import {
  FILE_LISTS,
  LATEST,
  listPath,
  MANIFESTS,
  manifestNumber,
  manifestPath,
  STAGING,
  VIEWS,
} from './lakePaths.js';
import { lakeColumns } from './lakeTables.js';
import type { LakePlace } from './places/lakePlace.js';
import { viewsSql } from './viewsSql.js';

/** Manifests that are kept, the newest ones. */
const MANIFESTS_KEPT = 20;

/**
 * The committed state of a lake. A commit is the creation of the next manifest: only one writer can
 * create it. Its files are then moved to their places; the next run completes what a killed one left.
 */
export class LakeStore {
  private constructor(
    readonly place: LakePlace,
    private current: LakeManifest,
    private lists: readonly FileList[],
  ) {}

  /**
   * Opens a lake for writing, and starts one in an empty place.
   *
   * @throws ImoError `LAKE_NO_CONDITIONS`, `LAKE_NOT_A_LAKE`, `LAKE_BAD_MANIFEST` or `LAKE_FILE_MISSING`
   */
  static async open(place: LakePlace): Promise<LakeStore> {
    await place.prepare();
    const newest = await readNewest(place);
    if (newest === null) {
      const others = (await place.list('')).filter(
        (path) => ![STAGING, FILE_LISTS].some((folder) => path.startsWith(`${folder}/`)),
      );
      if (others.length > 0) throw notALake(place.root);
      return new LakeStore(place, emptyManifest(), []);
    }
    const store = new LakeStore(place, newest.manifest, newest.lists);
    await store.complete();
    return store;
  }

  get manifest(): LakeManifest {
    return this.current;
  }

  /**
   * Commits what the next manifest has that differs, and moves its staged files to their places.
   *
   * @throws ImoError `LAKE_OTHER_WRITER`
   */
  async commit(
    change: Partial<LakeManifest> & Pick<LakeManifest, 'staged'>,
  ): Promise<LakeManifest> {
    const number = this.current.number + 1;
    const writtenAt = new Date().toISOString();
    const files = inOrder(change.files ?? this.current.files);
    const lists = await this.writeLists(number, files);
    const paths = new Set(lists.map(({ path }) => path));
    const gone = this.lists.flatMap(({ path }) => (path === null || paths.has(path) ? [] : path));
    const next: LakeManifest = {
      ...this.current,
      ...change,
      replaced: [
        ...(change.replaced ?? this.current.replaced),
        ...gone.map((path) => ({ path, since: writtenAt })),
      ],
      ...{ files, number, program: programVersion(), writtenAt },
    };
    if (!(await this.place.create(manifestPath(number), storedText(next, lists)))) {
      throw otherWriter(this.place.root);
    }
    this.current = next;
    this.lists = lists;
    await this.complete();
    return next;
  }

  /** Writes the lists that differ. @returns those of all files */
  private async writeLists(
    number: number,
    files: readonly LakeManifest['files'][number][],
  ): Promise<FileList[]> {
    const { kept, added } = changeLists(this.lists, files);
    const lists = [...kept];
    for (const one of added) {
      const { text, sha256 } = listText(one);
      const path = listPath(number, randomUUID().slice(0, 13));
      await this.place.create(path, text);
      lists.push({ path, files: one, sha256 });
    }
    return lists;
  }

  /**
   * Deletes what nobody reads any more: files replaced before `until`, manifests beyond the newest, and
   * the staging folders of attempts that did not commit. Their writers cannot commit any more: the
   * manifest that they would create is there.
   */
  async clean(until: Date): Promise<void> {
    const old = this.current.replaced.filter(({ since }) => new Date(since) <= until);
    const left = [...(await this.place.list(STAGING)), ...(await this.uncommittedLists())];
    if (old.length > 0 || left.length > 0) {
      const gone = new Set(old.map(({ path }) => path));
      const replaced = this.current.replaced.filter(({ path }) => !gone.has(path));
      await this.commit({ replaced, staged: NOTHING_STAGED });
      await this.place.remove([...gone, ...left]);
      await this.place.remove([STAGING]);
    }
    const manifests = (await this.place.list(MANIFESTS)).filter(
      (path) => (manifestNumber(path) ?? 0) <= this.current.number - MANIFESTS_KEPT,
    );
    await this.place.remove(manifests);
  }

  /** Lists of attempts that did not commit. */
  private async uncommittedLists(): Promise<string[]> {
    const known = new Set([...this.lists, ...this.current.replaced].map(({ path }) => path));
    return (await this.place.list(FILE_LISTS)).filter((path) => !known.has(path));
  }

  /** Puts the staged files of the newest commit into their places, then shows it to readers. */
  private async complete(): Promise<void> {
    const { staged, number, columns, files } = this.current;
    const seen = await this.place.read(LATEST);
    if (seen !== null && parseLakeManifest(LATEST, seen).number >= number) return;
    for (const path of staged.paths) await this.place.publish(staged.attempt, path);
    await this.place.replace(VIEWS, viewsSql(this.place.root, columns, files));
    await this.place.replace(LATEST, storedText(this.current, this.lists));
  }
}

export const NOTHING_STAGED: LakeManifest['staged'] = { attempt: '', paths: [] };

/** A manifest as it is written: its files are in the lists. */
function storedText({ files: _, ...head }: LakeManifest, lists: readonly FileList[]): string {
  const named = lists.map(({ path, files, sha256 }) => ({ path, files: files.length, sha256 }));
  return `${JSON.stringify({ layout: LAKE_LAYOUT, ...head, lists: named })}\n`;
}

/** @throws ImoError `LAKE_NOT_FOUND` or `LAKE_BAD_MANIFEST` */
export async function readLake(place: LakePlace): Promise<LakeManifest> {
  const newest = await readNewest(place);
  if (newest === null) throw noLake(place.root);
  return newest.manifest;
}

/** Lists have no order among each other. */
function inOrder(files: LakeManifest['files']): LakeManifest['files'] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

interface ReadManifest {
  readonly manifest: LakeManifest;
  readonly lists: readonly FileList[];
}

async function readNewest(place: LakePlace): Promise<ReadManifest | null> {
  const numbers = (await place.list(MANIFESTS)).flatMap((path) => manifestNumber(path) ?? []);
  if (numbers.length === 0) return null;
  return readManifest(place, manifestPath(Math.max(...numbers)));
}

/** What readers see; `null`: nothing yet. */
export async function readLatest(place: LakePlace): Promise<LakeManifest | null> {
  if ((await place.read(LATEST)) === null) return null;
  return (await readManifest(place, LATEST)).manifest;
}

async function readManifest(place: LakePlace, path: string): Promise<ReadManifest> {
  const stored = parseLakeManifest(path, (await place.read(path)) ?? '');
  const lists = await readLists(place, stored);
  const { number, program, writtenAt, chains, books, units, columns, staged, replaced } = stored;
  const head = { number, program, writtenAt, chains, books, units, columns, staged, replaced };
  return { manifest: { ...head, files: inOrder(lists.flatMap(({ files }) => files)) }, lists };
}

function emptyManifest(): LakeManifest {
  return {
    number: 0,
    program: programVersion(),
    writtenAt: new Date(0).toISOString(),
    chains: [],
    books: [],
    units: [],
    columns: lakeColumns(),
    files: [],
    staged: NOTHING_STAGED,
    replaced: [],
  };
}
