import { programVersion } from '../programVersion.js';
import { noLake, notALake, otherWriter } from './lakeErrors.js';
import { LAKE_LAYOUT, type LakeManifest, parseLakeManifest } from './lakeManifest.js';
import { LATEST, MANIFESTS, manifestNumber, manifestPath, STAGING, VIEWS } from './lakePaths.js';
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
      const others = (await place.list('')).filter((path) => !path.startsWith(`${STAGING}/`));
      if (others.length > 0) throw notALake(place.root);
      return new LakeStore(place, emptyManifest());
    }
    const store = new LakeStore(place, newest);
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
    const next: LakeManifest = {
      ...this.current,
      ...change,
      number: this.current.number + 1,
      program: programVersion(),
      writtenAt: new Date().toISOString(),
    };
    const text = `${JSON.stringify(next)}\n`;
    if (!(await this.place.create(manifestPath(next.number), text))) {
      throw otherWriter(this.place.root);
    }
    this.current = next;
    await this.complete();
    return next;
  }

  /**
   * Deletes what nobody reads any more: files replaced before `until`, manifests beyond the newest, and
   * the staging folders of attempts that did not commit. Their writers cannot commit any more: the
   * manifest that they would create is there.
   */
  async clean(until: Date): Promise<void> {
    const old = this.current.replaced.filter(({ since }) => new Date(since) <= until);
    const left = await this.place.list(STAGING);
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

  /** Puts the staged files of the newest commit into their places, then shows it to readers. */
  private async complete(): Promise<void> {
    const { staged, number, columns, files } = this.current;
    const seen = await this.place.read(LATEST);
    if (seen !== null && parseLakeManifest(LATEST, seen).number >= number) return;
    for (const path of staged.paths) await this.place.publish(staged.attempt, path);
    await this.place.replace(VIEWS, viewsSql(this.place.root, columns, files));
    await this.place.replace(LATEST, `${JSON.stringify(this.current)}\n`);
  }
}

export const NOTHING_STAGED: LakeManifest['staged'] = { attempt: '', paths: [] };

/** @throws ImoError `LAKE_NOT_FOUND` or `LAKE_BAD_MANIFEST` */
export async function readLake(place: LakePlace): Promise<LakeManifest> {
  const newest = await readNewest(place);
  if (newest === null) throw noLake(place.root);
  return newest;
}

async function readNewest(place: LakePlace): Promise<LakeManifest | null> {
  const numbers = (await place.list(MANIFESTS)).flatMap((path) => manifestNumber(path) ?? []);
  if (numbers.length === 0) return null;
  const path = manifestPath(Math.max(...numbers));
  return parseLakeManifest(path, (await place.read(path)) ?? '');
}

function emptyManifest(): LakeManifest {
  return {
    layout: LAKE_LAYOUT,
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
