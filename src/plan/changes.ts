import { isSame, type JsonObject } from './canonical.js';
import { EFFECTS, type Effect } from './effects.js';
import { keyOf, LIST_NAMES, type ListName, type Manifest, orderedEntries } from './manifest.js';

/** A difference of two manifests: an entry of a list that came, went or is another now. */
export interface EntryChange {
  readonly list: ListName;
  readonly key: string;
  /** `null`: it was added. */
  readonly before: JsonObject | null;
  /** `null`: it was removed. */
  readonly after: JsonObject | null;
}

/** The differences of two manifests. */
export interface ManifestChanges {
  /** The chain's name before and after; `null`: it is the same. */
  readonly name: { readonly before: string; readonly after: string } | null;
  /** By list, then by key. */
  readonly entries: readonly EntryChange[];
}

/** What to change of one manifest so that it becomes the other. */
export function changesOf(before: Manifest, after: Manifest): ManifestChanges {
  return {
    name: before.name === after.name ? null : { before: before.name, after: after.name },
    entries: LIST_NAMES.flatMap((list) => entryChanges(list, before[list], after[list])),
  };
}

/** The manifest with the changes made; `withChanges(a, changesOf(a, b))` is `b`. */
export function withChanges(manifest: Manifest, { name, entries }: ManifestChanges): Manifest {
  const lists = LIST_NAMES.map((list) => {
    const changed = new Map(
      entries.filter((change) => change.list === list).map((change) => [change.key, change]),
    );
    const kept = manifest[list].filter((entry) => !changed.has(keyOf(list, entry)));
    const come = [...changed.values()].flatMap(({ after }) => (after === null ? [] : [after]));
    return [list, orderedEntries(list, [...kept, ...come])] as const;
  });
  return {
    ...manifest,
    ...(Object.fromEntries(lists) as Record<ListName, JsonObject[]>),
    name: name?.after ?? manifest.name,
  };
}

export function isUnchanged({ name, entries }: ManifestChanges): boolean {
  return name === null && entries.length === 0;
}

/** The fields in which an entry that stays is another, with the effect of each. */
export function changedFields({ list, before, after }: EntryChange): Map<string, Effect> {
  const fields = new Map<string, Effect>();
  if (before === null || after === null) return fields;
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isSame(before[field] ?? null, after[field] ?? null)) continue;
    // A custom sale or pool is its ABI and its mapping.
    const key = field === 'custom' ? 'mapping' : field;
    fields.set(key, EFFECTS[list]?.[key] ?? 'history');
  }
  return fields;
}

function entryChanges(
  list: ListName,
  before: readonly JsonObject[],
  after: readonly JsonObject[],
): EntryChange[] {
  const old = new Map(before.map((entry) => [keyOf(list, entry), entry]));
  const wanted = new Map(after.map((entry) => [keyOf(list, entry), entry]));
  const keys = [...new Set([...old.keys(), ...wanted.keys()])].toSorted();
  return keys.flatMap((key) => {
    const change = { list, key, before: old.get(key) ?? null, after: wanted.get(key) ?? null };
    const { before: was, after: is } = change;
    return was !== null && is !== null && isSame(was, is) ? [] : [change];
  });
}
