import type { Frame, LogEntry, LogPlace } from './frames.js';

/** A log of a call tree, with the frame that wrote it and its place as far as the tree tells. */
export interface TreeLog extends LogPlace {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly frame: Frame;
}

/** The place of a log, and the frame that wrote it; `null` where it can be one or another. */
export interface FoundPlace extends LogPlace {
  readonly frame: Frame | null;
}

/**
 * Finds logs, given in log order, among those of a call tree. Logs that say the same are paired in
 * order. What the tree leaves open is narrowed by the log order: no log is before the one before it.
 *
 * @returns why the tree cannot be of these logs, if it cannot
 */
export function placesInTree(
  logs: readonly LogEntry[],
  inTree: readonly TreeLog[],
): Map<LogEntry, FoundPlace> | string {
  const alike = byContent(inTree);
  const wanted = byContent(logs);
  const found = new Map<LogEntry, FoundPlace>();
  for (const [content, same] of wanted) {
    const places = placesOfAlike(alike.get(content) ?? []);
    const missing = same[places.length];
    if (missing !== undefined) return `log ${missing.logIndex} is not in its call tree`;
    if (places.length > same.length) {
      return `its call tree has ${places.length} logs like log ${same[0]?.logIndex}, not ${same.length}`;
    }
    same.forEach((log, index) => {
      const place = places[index];
      if (place !== undefined) found.set(log, place);
    });
  }
  return inLogOrder(logs, found);
}

function byContent<T extends LogEntry | TreeLog>(logs: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const log of logs) {
    const content = contentOf(log);
    const same = found.get(content);
    if (same === undefined) found.set(content, [log]);
    else same.push(log);
  }
  return found;
}

function contentOf({ address, topics, data }: LogEntry | TreeLog): string {
  return `${address} ${topics.join()} ${data}`;
}

/** The k-th of logs that say the same is not before the k-th earliest place of them, nor after the k-th latest. */
function placesOfAlike(logs: readonly TreeLog[]): FoundPlace[] {
  const [only] = logs;
  if (only !== undefined && logs.length === 1) {
    return [{ earliest: only.earliest, latest: only.latest, frame: only.frame }];
  }
  const byEarliest = [...logs].sort((a, b) => a.earliest - b.earliest);
  const latest = logs.map((log) => log.latest).sort((a, b) => a - b);
  return byEarliest.map((log, index) => {
    const before = byEarliest[index - 1];
    const after = byEarliest[index + 1];
    const isOpen =
      (before !== undefined && before.frame !== log.frame && before.latest > log.earliest) ||
      (after !== undefined && after.frame !== log.frame && log.latest > after.earliest);
    return {
      earliest: log.earliest,
      latest: latest[index] ?? log.latest,
      frame: isOpen ? null : log.frame,
    };
  });
}

function inLogOrder(
  logs: readonly LogEntry[],
  found: ReadonlyMap<LogEntry, FoundPlace>,
): Map<LogEntry, FoundPlace> | string {
  const places = logs.flatMap((log) => {
    const place = found.get(log);
    return place === undefined ? [] : [{ log, ...place }];
  });
  for (let index = 1, before = 0; index < places.length; index++) {
    const place = places[index];
    if (place === undefined) continue;
    before = Math.max(before, places[index - 1]?.earliest ?? 0);
    place.earliest = Math.max(place.earliest, before);
  }
  let after = Number.MAX_SAFE_INTEGER;
  for (const place of places.reverse()) {
    after = Math.min(after, place.latest);
    place.latest = after;
    if (place.earliest > place.latest) {
      return `log ${place.log.logIndex} is not in log order in its call tree`;
    }
  }
  return new Map(places.map(({ log, ...place }) => [log, place]));
}
