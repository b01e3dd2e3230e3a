import { createHash } from 'node:crypto';
import { badManifest } from './lakeErrors.js';
import { type LakeFile, parseFileList, type WrittenManifest } from './lakeManifest.js';
import { RECENT } from './lakePaths.js';
import type { LakePlace } from './places/lakePlace.js';

/** Some files of a lake, in a file of its own that is never changed. */
export interface FileList {
  /** `null`: a manifest of an earlier version has them itself. */
  readonly path: string | null;
  readonly files: readonly LakeFile[];
  readonly sha256: string;
}

/** So many lists of about one size become one, which is so many times as long. */
const ALIKE = 8;

/** What a commit does to the lists. */
export interface ListsChange {
  /** Those that stay as they are. */
  readonly kept: readonly FileList[];
  /** Files of each new list. */
  readonly added: readonly (readonly LakeFile[])[];
}

/**
 * Finds which lists a commit has to write. New files get a list of their own. Eight lists of about one size become
 * one: so there are few lists, and each file is written again only when the lake has eight times as many.
 *
 * Files of days that are not over have lists of their own: they are soon replaced, and a list that loses a file is
 * written again.
 */
export function changeLists(lists: readonly FileList[], files: readonly LakeFile[]): ListsChange {
  const next = new Set(files.map(({ path }) => path));
  const listed = new Set(lists.flatMap((list) => list.files.map(({ path }) => path)));
  const news = files.filter(({ path }) => !listed.has(path));
  const kept: FileList[] = [];
  const added: LakeFile[][] = [];
  for (const zone of [true, false]) {
    const change = changeZone(
      lists.filter((list) => list.path === null || isRecent(list.files[0]) === zone),
      news.filter((file) => isRecent(file) === zone),
      (file) => isRecent(file) === zone && next.has(file.path),
    );
    kept.push(...change.kept);
    if (change.added.length > 0) added.push(change.added);
  }
  return { kept, added };
}

function isRecent(file: LakeFile | undefined): boolean {
  return file?.path.startsWith(`${RECENT}/`) === true;
}

function changeZone(
  lists: readonly FileList[],
  news: readonly LakeFile[],
  stays: (file: LakeFile) => boolean,
): { kept: FileList[]; added: LakeFile[] } {
  const isWhole = (list: FileList) => list.path !== null && list.files.every(stays);
  const rest = lists.filter((list) => !isWhole(list)).flatMap(({ files }) => files.filter(stays));
  const added = [...rest, ...news];
  let kept = lists.filter(isWhole);
  while (added.length > 0) {
    const size = sizeOf(added);
    const alike = kept.filter(({ files }) => sizeOf(files) === size);
    if (alike.length < ALIKE - 1) break;
    kept = kept.filter((list) => !alike.includes(list));
    added.push(...alike.flatMap(({ files }) => files));
  }
  return { kept, added };
}

function sizeOf(files: readonly LakeFile[]): number {
  let size = 0;
  for (let most = ALIKE; files.length >= most; most *= ALIKE) size += 1;
  return size;
}

/** The text of a list, and its hash. */
export function listText(files: readonly LakeFile[]): { text: string; sha256: string } {
  const text = `${JSON.stringify({ files })}\n`;
  return { text, sha256: hashOf(text) };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** @throws ImoError `LAKE_BAD_MANIFEST` if a list is missing or has other files */
export async function readLists(place: LakePlace, stored: WrittenManifest): Promise<FileList[]> {
  if (stored.layout === 1) return [{ path: null, files: stored.files, sha256: '' }];
  const lists: FileList[] = [];
  for (const { path, sha256 } of stored.lists) {
    const text = (await place.read(path)) ?? '';
    if (hashOf(text) !== sha256) throw badManifest(path, new Error('its SHA-256 differs'));
    lists.push({ path, files: parseFileList(path, text), sha256 });
  }
  return lists;
}
